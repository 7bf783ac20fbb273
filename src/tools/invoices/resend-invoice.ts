import { z } from 'zod';
import type { Plan } from '../../domain/approvals/plan.ts';
import type { Delivery, DeliveryRoute } from '../../domain/billing/delivery/ports.ts';
import { routeWords } from '../../domain/billing/delivery/route.ts';
import type { RunInvoice } from '../../domain/billing/run/billing-desk.ts';
import { namedCustomer } from '../../domain/language/match-words.ts';
import type { Reading, Utterance } from '../../domain/language/utterance.ts';
import type { Customer } from '../../domain/types.ts';
import { UserError } from '../../lib/errors.ts';
import { queueDelivery } from '../billing/queue-delivery.ts';
import { defineTool, type ToolContext } from '../define-tool.ts';
import { customerInput } from '../inputs.ts';
import { orderIn } from '../request-wording.ts';
import { deliveryWords } from './delivery-words.ts';

const input = z.strictObject({
  invoice: z.string().trim().min(1).max(100).optional().describe('Printed number or id'),
  customer: customerInput.optional().describe('Whose last invoice is meant'),
  to: z.email().max(200).optional().describe('Another mail address'),
});
type Input = z.output<typeof input>;

export default defineTool({
  name: 'resend_invoice',
  description:
    'Proposes sending an invoice that Psi issued to its customer once more, now. It only proposes. Not for reminders.',
  scope: 'customers:contact',
  effect: 'consequential',
  movesMoney: false,
  about: ['invoice'],
  input,
  examples: [
    { say: 'resend invoice PSI-202610-001', input: { invoice: 'PSI-202610-001' } },
    { say: 'send Acme their last invoice again', input: { customer: 'Acme' } },
  ],
  recognize,
  async plan(wanted, ctx) {
    const { invoice, customer } = await meant(wanted, ctx);
    const record = invoice.stripeInvoiceId && (await ctx.records.getInvoice(invoice.stripeInvoiceId));
    if (record && record.status === 'void') {
      throw new UserError('conflict', `Invoice ${invoice.number} was voided, so it is not sent again.`);
    }
    const before = await ctx.deliveries.ofInvoice(invoice.id);
    checkSettled(before[0], ctx);
    const route = await ctx.deliveries.routeOf(customer);
    const known = await ctx.records.listContacts(customer.id);
    const isKnown = [customer.email, ...known.map(({ email }) => email)].some(
      (email) => email.toLowerCase() === wanted.to?.toLowerCase(),
    );
    return planOf({ invoice, customer, route, before, to: wanted.to ?? null, isKnown, ctx });
  },
  async apply(plan, ctx, effects) {
    const facts = factsSchema.parse(plan.facts);
    const invoice = await ctx.billing.runs.get(facts.invoiceId);
    if (!invoice || !isIssued(invoice)) throw new UserError('conflict', 'The invoice is not issued.');
    const { id, number, document, pdfPath, stripeInvoiceId } = invoice;
    const issued = { id, number, customerId: facts.customerId, document, pdfPath, stripeInvoiceId };
    await queueDelivery(issued, ctx, effects, { now: true, to: facts.to });
    const name = plan.customer?.name ?? 'the customer';
    return {
      summary: `Invoice ${number} is on its way to ${name} again, at ${facts.address}.`,
      result: { invoice: id, number },
    };
  },
});

const factsSchema = z.object({
  invoiceId: z.string(),
  customerId: z.string(),
  address: z.string(),
  to: z.string().nullable(),
});

type Issued = RunInvoice & { number: string; document: object; pdfPath: string; stripeInvoiceId: string };

function isIssued(invoice: RunInvoice): invoice is Issued & RunInvoice {
  const { state, number, document, pdfPath, stripeInvoiceId } = invoice;
  return (
    state === 'issued' && number !== null && document !== null && pdfPath !== null && stripeInvoiceId !== null
  );
}

async function meant(
  wanted: Input,
  ctx: ToolContext,
): Promise<{ invoice: RunInvoice & { number: string }; customer: Customer }> {
  const named = wanted.customer === undefined ? null : await ctx.customers.resolve(wanted.customer);
  if (wanted.invoice === undefined && named === null) {
    throw new UserError('invalid_input', 'It takes an invoice or a customer.', 'Name the invoice.');
  }
  const invoice =
    wanted.invoice === undefined ? await lastOf(named, ctx) : await invoiceNamed(wanted.invoice, ctx);
  if (!isIssued(invoice)) {
    throw new UserError('conflict', `Invoice ${invoice.id} is a draft that has not been issued.`);
  }
  if (named !== null && invoice.basis.customerId !== named.id) {
    throw new UserError('conflict', `Invoice ${invoice.number} is not one of ${named.name}.`);
  }
  const customer = named ?? (await ctx.customers.get(invoice.basis.customerId));
  if (customer === null) throw new UserError('not_found', 'The customer of this invoice is not known.');
  return { invoice, customer };
}

async function invoiceNamed(reference: string, { billing, records, deliveries }: ToolContext) {
  const [delivery] = await deliveries.ofInvoice(reference);
  const found =
    (await billing.runs.numbered(reference)) ?? (await billing.runs.get(delivery?.invoiceId ?? reference));
  if (found !== null) return found;
  if ((await records.getInvoice(reference)) === null)
    throw new UserError('not_found', `There is no invoice ${reference}.`);
  throw new UserError(
    'unsupported',
    `Invoice ${reference} was made by Stripe, which sends it itself.`,
    'A payment reminder carries the link to it.',
  );
}

async function lastOf(customer: Customer | null, { billing }: ToolContext): Promise<RunInvoice> {
  const theirs = customer === null ? [] : await billing.runs.ofCustomer(customer.id);
  const [last] = theirs
    .filter(({ state }) => state === 'issued')
    .sort((a, b) => (b.issuedAt ?? 0) - (a.issuedAt ?? 0));
  if (last) return last;
  throw new UserError('conflict', `${customer?.name ?? 'This customer'} has no invoice that Psi issued.`);
}

/** While the last one is on its way, or nobody knows what became of it, another might be the second. */
function checkSettled(last: Delivery | undefined, ctx: ToolContext): void {
  if (last === undefined || !['queued', 'sending', 'unknown'].includes(last.state)) return;
  throw new UserError(
    'conflict',
    `Invoice ${last.number}: ${deliveryWords(last, ctx.company.tz)}, so it is not sent again.`,
    last.state === 'unknown' ? 'Ask them, and say on its card whether it went out.' : 'Wait until it is out.',
  );
}

function planOf(found: {
  invoice: RunInvoice & { number: string };
  customer: Customer;
  route: DeliveryRoute;
  before: readonly Delivery[];
  to: string | null;
  isKnown: boolean;
  ctx: ToolContext;
}): Plan {
  const { invoice, customer, before, to, isKnown, ctx } = found;
  const { number } = invoice;
  const route: DeliveryRoute =
    to === null ? found.route : { ...found.route, channel: 'email', address: to, hindrance: null };
  const [last] = before;
  const hindrance = route.hindrance;
  return {
    title: `Send invoice ${number} to ${customer.name} again`,
    subject: { kind: 'invoice', id: invoice.id },
    customer: { id: customer.id, name: customer.name },
    changes: [
      {
        what: 'Delivery',
        before: last === undefined ? 'never sent by Psi' : deliveryWords(last, ctx.company.tz),
        after: `to ${routeWords(route)}, now`,
      },
    ],
    touches: [`${routeWords(route)} gets invoice ${number} with its PDF`],
    amount: null,
    policyAmount: null,
    reversible: { possible: false, how: 'A mail that was sent cannot be taken back.' },
    warnings: [
      ...(to === null || isKnown ? [] : [`${to} is no address on record of ${customer.name}.`]),
      ...(hindrance === null ? [] : [`What is known: ${hindrance}. A yes tries it once more.`]),
    ],
    facts: {
      invoiceId: invoice.id,
      number,
      customerId: customer.id,
      channel: route.channel,
      address: route.address,
      to,
      last: last?.id ?? null,
    },
  };
}

const AGAIN =
  /^(?:resend|re send)\b|^(?:send|email|mail|forward|deliver)\b.*\b(?:again|once more|another time|one more time)\b/;
const ABOUT = /\b(?:invoices?|bills?)\b/;
const NUMBER = /\b(?:rinv_\w+|in_[A-Za-z0-9]+|[A-Z]{2,}-\d{6}-\d{3,}|[A-Z0-9]{3,}-\d{3,})\b/;
const ADDRESS = /[^\s<>,;:()|]+@[^\s<>,;:()|]+\.[A-Za-z]{2,}/;

function recognize(utterance: Utterance): Reading[] {
  const order = orderIn(utterance);
  if (order === null || !AGAIN.test(order) || /\breminder\b/.test(order)) return [];
  const number = NUMBER.exec(utterance.text)?.[0];
  if (number === undefined && !ABOUT.test(order)) return [];
  const to = ADDRESS.exec(utterance.text)?.[0];
  const where: { [key: string]: string } = to === undefined ? {} : { to };
  if (number !== undefined)
    return [
      {
        input: { invoice: number, ...where },
        confidence: 0.93,
        interpretation: `Send invoice ${number} again`,
      },
    ];
  const customer = namedCustomer(utterance);
  if (customer === null || /\b(?:all|every|each|invoices|bills)\b/.test(order))
    return [{ input: {}, confidence: 0.5, interpretation: 'Send an invoice again' }];
  return [
    {
      input: { customer: customer.id, ...where },
      confidence: 0.92,
      interpretation: `Send ${customer.name} their last invoice again`,
    },
  ];
}
