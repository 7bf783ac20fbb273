import type { Schedule } from './define-schedule.ts';
import { type SkillTurnParts, skillInChannel } from './skill-turn.ts';

/** Weekday mornings at half past eight, into a channel of those who decide. Off until the policy turns it on. */
export function invoiceReminders(parts: SkillTurnParts): Schedule {
  return skillInChannel(parts, { name: 'invoice-reminders', cron: '30 8 * * 1-5', channel: 'finance' });
}
