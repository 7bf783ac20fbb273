import type { Schedule } from './define-schedule.ts';
import { type SkillTurnParts, skillInChannel } from './skill-turn.ts';

/** Every morning at a quarter past five, after the sources were swept: the journal, and one card of bank lines. */
export function reconciliation(parts: SkillTurnParts): Schedule {
  return skillInChannel(parts, {
    name: 'reconciliation',
    cron: '15 5 * * *',
    channel: 'finance',
    timeoutMs: 15 * 60_000,
  });
}
