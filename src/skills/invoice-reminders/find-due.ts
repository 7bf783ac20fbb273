import { z } from 'zod';
import { billingContact } from '../../domain/billing/delivery/billing-contact.ts';
import {
  planReminders,
  REMINDER_STAGES,
  type ReminderStage,
} from '../../domain/billing/delivery/plan-reminders.ts';
import type { InvoiceRecord } from '../../domain/ports.ts';
import type { SkillContext } from '../define-skill.ts';

const DAY_MS = 86_400_000;
/** Invoices due outside of this have no step of the ladder now. */
const DUE_WITHIN_MS = 5 * DAY_MS;
const DUE_SINCE_MS = 25 * DAY_MS;
const LISTED = 2_000;
const TRAIL = 200;

export interface DueReminder {
  invoiceId: string;
  customerId: string;
  stage: ReminderStage;
}

/** The reminders that are due now, one a customer, the one furthest up the ladder. */
export async function findDue(tool: string, ctx: SkillContext): Promise<DueReminder[]> {
  const nowAt = ctx.clock.now();
  const { rows } = await ctx.records.listInvoices({
    state: 'open',
    at: nowAt,
    order: 'oldest',
    limit: LISTED,
  });
  const near = rows.filter(
    ({ dueAt }) => dueAt !== null && dueAt < nowAt + DUE_WITHIN_MS && dueAt > nowAt - DUE_SINCE_MS,
  );
  const found = new Map<string, DueReminder>();
  for (const invoice of near) {
    const stage = await dueStage(invoice, tool, ctx);
    const known = found.get(invoice.customerId);
    if (stage === null || (known && rankOf(known.stage) >= rankOf(stage))) continue;
    found.set(invoice.customerId, { invoiceId: invoice.id, customerId: invoice.customerId, stage });
  }
  return [...found.values()].sort((a, b) => rankOf(b.stage) - rankOf(a.stage));
}

const rankOf = (stage: ReminderStage): number => REMINDER_STAGES.indexOf(stage);

async function dueStage(
  invoice: InvoiceRecord,
  tool: string,
  ctx: SkillContext,
): Promise<ReminderStage | null> {
  const { id, customerId, status, amountRemaining, dueAt } = invoice;
  const customer = await ctx.customers.get(customerId);
  if (customer === null) return null;
  const { rows: payments } = await ctx.records.listPayments({ invoiceId: id, limit: 50 });
  const to = billingContact(customer, await ctx.records.listContacts(customerId));
  const plan = planReminders(
    {
      ...{ status, dueAt, remainingMinor: amountRemaining.minor },
      disputed: payments.some(({ disputed }) => disputed),
      optedOut: ctx.billing.settings().delivery.customers[customerId]?.reminders === false,
      suppressed: (await ctx.deliveries.suppression(to.email)) !== null,
      spokenOfAt: await spokenOfAt(invoice, tool, ctx),
    },
    ctx.clock.now(),
    ctx.company.tz,
  );
  return plan.due?.stage ?? null;
}

/** From the trail: when a reminder of this invoice was proposed, whatever became of it. */
async function spokenOfAt(invoice: InvoiceRecord, tool: string, ctx: SkillContext): Promise<number[]> {
  const { rows } = await ctx.approvals.audit({ subject: invoice.customerId, limit: TRAIL });
  const ours = z.object({ tool: z.literal(tool), about: z.literal(`invoice:${invoice.id}`) });
  return rows
    .filter((row) => row.action === 'approval.proposed' && ours.safeParse(row.details).success)
    .map(({ at }) => at);
}
