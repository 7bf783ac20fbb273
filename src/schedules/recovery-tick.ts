import { UserError } from '../lib/errors.ts';
import { defineSchedule, type Schedule } from './define-schedule.ts';
import { actorOf, ruleOf, runSkillTurn, type SkillTurnParts } from './skill-turn.ts';

const NAME = 'recovery-tick';
const SKILL = 'payment-recovery';
const CHANNEL = 'finance';

/** Every morning at half past eight, into a channel of those who decide. Off until the policy turns it on. */
export function recoveryTick(parts: SkillTurnParts): Schedule {
  const { company } = parts;
  return defineSchedule({
    name: NAME,
    catchUp: 'latest',
    overlap: 'skip',
    timeoutMs: 10 * 60_000,
    retry: { attempts: 3, firstDelayMs: 5 * 60_000 },
    occasions: async () =>
      ruleOf(parts, NAME)?.on
        ? [{ subject: 'company', cron: '30 8 * * *', timezone: company.tz, sinceAt: null }]
        : [],
    runAs: async () => actorOf(parts, NAME),
    run: async (turn) => {
      const name = ruleOf(parts, NAME)?.channel ?? CHANNEL;
      const place = await parts.channel(name);
      if (place === null) {
        throw new UserError(
          'not_found',
          `There is no channel #${name} that I am in.`,
          'Name another under schedules in policy.yml, or invite me.',
        );
      }
      return runSkillTurn(parts, turn, SKILL, place);
    },
  });
}

/** Who acts, and where, when a payment comes in between two mornings. */
export async function recoveryActor(parts: Omit<SkillTurnParts, 'ports'>) {
  const rule = parts.policy.current().policy.schedules[NAME];
  const place = await parts.channel(rule?.channel ?? CHANNEL);
  return { principal: actorOf(parts, NAME), place };
}
