import { UserError } from '../lib/errors.ts';
import { defineSchedule, type Schedule } from './define-schedule.ts';
import { actorOf, ruleOf, runSkillTurn, type SkillTurnParts } from './skill-turn.ts';

const NAME = 'reconciliation';
const CHANNEL = 'finance';

/** Every morning at a quarter past five, after the sources were swept: the journal, and one card of bank lines. */
export function reconciliation(parts: SkillTurnParts): Schedule {
  const { company } = parts;
  return defineSchedule({
    name: NAME,
    catchUp: 'latest',
    overlap: 'skip',
    timeoutMs: 15 * 60_000,
    retry: { attempts: 3, firstDelayMs: 5 * 60_000 },
    occasions: async () =>
      ruleOf(parts, NAME)?.on
        ? [{ subject: 'company', cron: '15 5 * * *', timezone: company.tz, sinceAt: null }]
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
      return runSkillTurn(parts, turn, NAME, place);
    },
  });
}
