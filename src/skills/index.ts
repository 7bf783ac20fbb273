import collectionsNudge from './collections-nudge/collections-nudge.ts';
import dailySync from './daily-sync/daily-sync.ts';
import type { Skill } from './define-skill.ts';
import invoiceReminders from './invoice-reminders/invoice-reminders.ts';
import monthClose from './month-close/month-close.ts';
import monthRollback from './month-rollback/month-rollback.ts';
import paymentRecovery from './payment-recovery/payment-recovery.ts';
import reconciliation from './reconciliation/reconciliation.ts';

/** Every skill that needs nothing but its context: one line a skill, in the order help shows them. */
export const skills: readonly Skill[] = [
  collectionsNudge,
  invoiceReminders,
  paymentRecovery,
  dailySync,
  monthClose,
  monthRollback,
  reconciliation,
];
