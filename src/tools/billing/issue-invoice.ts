import { z } from 'zod';
import { canonicalJson } from '../../domain/approvals/canonical-json.ts';
import type { Plan } from '../../domain/approvals/plan.ts';
import { settleBalance } from '../../domain/billing/calculate-invoice.ts';
import type { OutsideInvoice } from '../../domain/billing/gateways.ts';
import type { InvoiceLine } from '../../domain/billing/invoice.ts';
import { calculateUsageInvoice, lateUsageOf, UsageBasis } from '../../domain/billing/run/basis.ts';
import type { RunInvoice } from '../../domain/billing/run/billing-desk.ts';
import { formatMoney } from '../../domain/money/format.ts';
import { makePeriod } from '../../domain/periods/describe-period.ts';
import type { Customer, Money } from '../../domain/types.ts';
import { UserError } from '../../lib/errors.ts';
import { inCompanyCurrency } from '../company-amount.ts';
import { defineTool, type ToolContext } from '../define-tool.ts';
import { orderIn } from '../request-wording.ts';
import { count } from '../wording.ts';
import { finishInvoice } from './finish-invoice.ts';
import { basesWithLate } from './late-usage.ts';
import { deliveryTouch, deliveryWarnings, queueDelivery } from './queue-delivery.ts';

const input = z.strictObject({
  invoice: z.string().trim().min(1).max(60).describe('Id of the drafted invoice (rinv_...)'),
  note: z.string().trim().min(1).max(300).optional().describe('A sentence to print on it'),
});

export default defineTool({
  name: 'issue_invoice',
  description:
    'Proposes issuing one drafted invoice of a month-close: at Stripe, numbered and printed. It only proposes. Not for closing a whole month, nor for invoices that are open already.',
  scope: 'billing:write',
  effect: 'consequential',
  movesMoney: true,
  about: ['draft', 'overage', 'close'],
  input,
  examples: [{ say: 'issue rinv_0123456789', input: { invoice: 'rinv_0123456789' } }],
  recognize(utterance) {
    const order = orderIn(utterance);
    const id = /\brinv_\w+/.exec(utterance.text)?.[0];
    if (order === null || id === undefined || !/^(?:issue|send|finali[sz]e)\b/.test(order)) return [];
    return [{ input: { invoice: id }, confidence: 0.9, interpretation: `Issue invoice ${id}` }];
  },
  async plan(wanted, ctx) {
    await ctx.sources.refresh(['psizero', 'supabase']);
    const invoice = await ctx.billing.runs.get(wanted.invoice);
    if (invoice === null) throw new UserError('not_found', `There is no drafted invoice ${wanted.invoice}.`);
    await checkIssuable(invoice, ctx);
    const customer = await ctx.customers.get(invoice.basis.customerId);
    if (customer === null) {
      throw new UserError('not_found', `The customer of invoice ${invoice.id} is not known.`);
    }
    return planOf(invoice, customer, wanted.note ?? null, ctx);
  },
  async apply(plan, ctx, effects) {
    const facts = factsSchema.parse(plan.facts);
    const total = { minor: facts.totalMinor, currency: facts.currency };
    const drafted = await effects.perform({
      kind: 'invoice.drafted',
      system: 'stripe',
      request: { invoice: facts.invoiceId, customer: facts.stripeCustomerId, total: facts.totalMinor },
      amount: total,
      send: async (key) => answered(await ctx.billing.invoices.createDraft(draftOf(facts, key))),
      lookUp: async (key) => {
        const found = await ctx.billing.invoices.findInvoice(facts.stripeCustomerId, key);
        // A draft that lost its way before all its lines stood is completed under the same key.
        return found === null || found.lines.length < facts.lines.length ? null : answered(found);
      },
    });
    if (drafted.total !== facts.totalMinor || drafted.currency !== facts.currency) {
      await ctx.billing.invoices.deleteDraft(drafted.id);
      const theirs = formatMoney({ minor: drafted.total, currency: drafted.currency });
      throw new UserError(
        'conflict',
        `Stripe makes ${theirs} of this invoice where Psi has ${formatMoney(total)}. Nothing was issued.`,
      );
    }
    const open = await effects.perform({
      kind: 'invoice.finalised',
      system: 'stripe',
      request: { invoice: facts.invoiceId, stripe: drafted.id },
      send: async (key) => answered(await ctx.billing.invoices.finalise(drafted.id, key)),
      lookUp: async () => {
        const found = await ctx.billing.invoices.getInvoice(drafted.id);
        return found.status === 'draft' ? null : answered(found);
      },
    });
    const { number, pdfPath, document } = await finishInvoice(
      { invoiceId: facts.invoiceId, basis: facts.basis, note: facts.note, stripe: open },
      ctx,
    );
    const { invoiceId: id, basis } = facts;
    const issued = {
      id,
      number,
      customerId: basis.customerId,
      document,
      pdfPath,
      stripeInvoiceId: drafted.id,
    };
    await queueDelivery(issued, ctx, effects);
    const name = plan.customer?.name ?? 'the customer';
    return {
      summary: `Issued invoice ${number} over ${formatMoney(total)} to ${name}.`,
      result: { invoice: facts.invoiceId, number, stripe: drafted.id, pdf: pdfPath },
    };
  },
});

const factsSchema = z.object({
  invoiceId: z.string(),
  stripeCustomerId: z.string(),
  currency: z.string(),
  subtotalMinor: z.number().int(),
  totalMinor: z.number().int(),
  /** What the customer's balance pays of it; below 0 what is asked for with it from before. */
  balanceUsedMinor: z.number().int(),
  daysUntilDue: z.number().int().nullable(),
  description: z.string(),
  note: z.string().nullable(),
  basis: UsageBasis,
  lines: z.array(
    z.object({
      key: z.string(),
      description: z.string(),
      minor: z.number().int(),
      startAt: z.number().int(),
      endAt: z.number().int(),
    }),
  ),
});
type Facts = z.output<typeof factsSchema>;

/** Not issued before, nothing wrong with it, and the facts still those that were proved. */
async function checkIssuable(invoice: RunInvoice, ctx: ToolContext): Promise<void> {
  const { basis } = invoice;
  if (invoice.state === 'issued') {
    throw new UserError('conflict', `${basis.customerName} was billed already: invoice ${invoice.number}.`);
  }
  if (invoice.state === 'blocked' || !invoice.proof.holds) {
    throw new UserError('conflict', `This invoice is blocked: ${invoice.problems.join(' ')}`);
  }
  const period = makePeriod(basis.startAt, basis.endAt, basis.tz);
  const fresh = (await basesWithLate(ctx, period, basis.customerId)).find(
    (one) => one.customerId === basis.customerId,
  );
  if (fresh === undefined || canonicalJson(fresh) !== canonicalJson(basis)) {
    throw new UserError(
      'conflict',
      `What ${basis.customerName} used, its price or its tax has changed since this invoice was proved.`,
      'Run the month-close again.',
    );
  }
}

async function planOf(
  invoice: RunInvoice,
  customer: Customer,
  note: string | null,
  ctx: ToolContext,
): Promise<Plan> {
  const { basis } = invoice;
  if (customer.stripeCustomerId === null) {
    throw new UserError(
      'conflict',
      `${customer.name} is not known at Stripe, so nothing can be billed there.`,
    );
  }
  const { entity } = ctx.billing.settings();
  const route = await ctx.deliveries.routeOf(customer);
  const outcome = calculateUsageInvoice(basis, entity.conventions);
  const amount = { minor: Number(outcome.totalMinor), currency: basis.currency };
  const balance = await balanceOn(customer.stripeCustomerId, amount, ctx);
  const { label } = makePeriod(basis.startAt, basis.endAt, basis.tz);
  const beyond = Math.max(0, basis.calls - basis.included);
  const span = { startAt: basis.startAt, endAt: basis.endAt };
  const facts: Facts = {
    invoiceId: invoice.id,
    stripeCustomerId: customer.stripeCustomerId,
    currency: basis.currency,
    subtotalMinor: Number(outcome.subtotalMinor),
    totalMinor: Number(outcome.totalMinor),
    balanceUsedMinor: Number(balance.balanceUsedMinor),
    daysUntilDue: entity.days_until_due,
    description: `API calls beyond the plan, ${label}`,
    note,
    basis,
    lines: [
      ...outcome.lines.map((line) => ({
        key: line.key,
        description: describe(line, basis),
        minor: Number(line.amountMinor),
        ...line.period,
      })),
      ...outcome.taxes
        .filter((tax) => !tax.inclusive && tax.amountMinor !== 0n)
        .map((tax) => ({
          key: `tax:${tax.name}`,
          description: tax.name,
          minor: Number(tax.amountMinor),
          ...span,
        })),
    ],
  };
  const price = basis.perThousand ?? 0;
  const late = outcome.lines.filter((line) => lateUsageOf(basis, line) !== null);
  return {
    title: `Bill ${customer.name} ${formatMoney(amount)} for calls beyond the plan, ${label}`,
    subject: { kind: 'run_invoice', id: invoice.id },
    customer: { id: customer.id, name: customer.name },
    changes: [
      {
        what: 'Calls',
        before: `${basis.included.toLocaleString('en-US')} included in ${basis.plan}`,
        after: basis.calls.toLocaleString('en-US'),
      },
      {
        what: 'Invoice',
        before: 'none',
        after: `${formatMoney(amount)}, ${beyond.toLocaleString('en-US')} calls at ${formatMoney({ minor: price, currency: basis.currency })} a thousand`,
      },
      ...late.map((line) => ({
        what: describe(line, basis),
        before: 'not billed',
        after: formatMoney({ minor: Number(line.amountMinor), currency: basis.currency }),
      })),
      ...balanceWords(amount, balance),
    ],
    touches: [
      entity.days_until_due === null
        ? `${customer.name}'s card is charged`
        : `${customer.name} owes it for ${count(entity.days_until_due, 'day')}`,
      deliveryTouch(route),
    ],
    amount,
    policyAmount: await inCompanyCurrency(amount, ctx),
    reversible: { possible: false, how: 'An invoice that was issued is corrected by a credit note.' },
    warnings: [...invoice.flags, ...deliveryWarnings(route)],
    facts,
  };
}

/** What becomes of the customer's balance when Stripe finalises the invoice: it is used before anything is asked for. */
async function balanceOn(stripeCustomerId: string, total: Money, ctx: ToolContext) {
  const inCredit = await ctx.credits.getBalance(stripeCustomerId);
  const owedBefore = inCredit.currency === total.currency ? -BigInt(inCredit.minor) : 0n;
  return settleBalance(BigInt(total.minor), owedBefore, 0n);
}

function balanceWords(total: Money, settled: Awaited<ReturnType<typeof balanceOn>>) {
  const { balanceUsedMinor, balanceAfterMinor, dueMinor } = settled;
  if (balanceUsedMinor === 0n) return [];
  const money = (minor: bigint) => formatMoney({ ...total, minor: Number(minor) });
  const after = `${money(dueMinor)} to pay${balanceAfterMinor < 0n ? `, ${money(-balanceAfterMinor)} stay in credit` : ''}`;
  return balanceUsedMinor > 0n
    ? [
        {
          what: `Paid from the balance: ${money(balanceUsedMinor)}`,
          before: money(BigInt(total.minor)),
          after,
        },
      ]
    : [{ what: `Owed from before: ${money(-balanceUsedMinor)}`, before: money(BigInt(total.minor)), after }];
}

function describe(line: InvoiceLine, basis: UsageBasis): string {
  const late = lateUsageOf(basis, line);
  const of = late?.now ?? basis;
  const { label } = makePeriod(of.startAt, of.endAt, basis.tz);
  if (late !== null) return `${line.name}: usage of ${label} that came after its invoice`;
  return `${line.name}: ${count(Math.max(0, basis.calls - basis.included), 'call')}, ${label}`;
}

function draftOf(facts: Facts, idempotencyKey: string) {
  const { currency } = facts;
  return {
    stripeCustomerId: facts.stripeCustomerId,
    currency,
    daysUntilDue: facts.daysUntilDue,
    description: facts.description,
    lines: facts.lines.map(({ key, description, minor, startAt, endAt }) => ({
      key,
      description,
      amount: { minor, currency },
      period: { startAt, endAt },
    })),
    metadata: { psi_invoice: facts.invoiceId },
    idempotencyKey,
  };
}

function answered(invoice: OutsideInvoice) {
  return {
    outsideId: invoice.id,
    result: {
      id: invoice.id,
      status: invoice.status,
      number: invoice.number,
      total: invoice.total.minor,
      dueMinor: invoice.amountDue.minor,
      currency: invoice.total.currency,
      dueAt: invoice.dueAt,
      url: invoice.hostedUrl,
    },
  };
}
