import type { Schedule } from './define-schedule.ts';
import { actorOf, type SkillTurnParts, skillInChannel } from './skill-turn.ts';

const NAME = 'recovery-tick';
const CHANNEL = 'finance';

/** Every morning at half past eight, into a channel of those who decide. Off until the policy turns it on. */
export function recoveryTick(parts: SkillTurnParts): Schedule {
  return skillInChannel(parts, {
    name: NAME,
    cron: '30 8 * * *',
    channel: CHANNEL,
    skill: 'payment-recovery',
  });
}

/** Who acts, and where, when a payment comes in between two mornings. */
export async function recoveryActor(parts: Omit<SkillTurnParts, 'ports'>) {
  const rule = parts.policy.current().policy.schedules[NAME];
  const place = await parts.channel(rule?.channel ?? CHANNEL);
  return { principal: actorOf(parts, NAME), place };
}
