import type { Schedule } from './define-schedule.ts';
import { type SkillTurnParts, skillInChannel } from './skill-turn.ts';

/** Monday mornings at nine, into a channel of those who decide. Off until the policy turns it on. */
export function collectionsNudge(parts: SkillTurnParts): Schedule {
  return skillInChannel(parts, { name: 'collections-nudge', cron: '0 9 * * 1', channel: 'finance' });
}
