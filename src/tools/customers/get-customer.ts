import { z } from 'zod';
import { namedCustomer, pointedAt, says } from '../../domain/language/match-words.ts';
import type { Reading, Utterance } from '../../domain/language/utterance.ts';
import { formatMoney } from '../../domain/money/format.ts';
import { listedSchema, moneySchema, receiptSchema } from '../../domain/output-shapes.ts';
import type { SubscriptionRecord } from '../../domain/ports.ts';
import { defineTool } from '../define-tool.ts';
import { customerInput } from '../inputs.ts';
import { looksLikeText } from '../outside-text.ts';
import { openReceipt } from '../receipt.ts';
import { count, sayDay, sayList, sayMoneys, totals } from '../wording.ts';

const MOST_ROWS = 1_000;

const input = z.strictObject({ customer: customerInput });

const output = z.strictObject({
  id: z.string(),
  name: z.string(),
  domain: z.string(),
  country: z.string(),
  segment: z.string(),
  owner: z.string().nullable(),
  signedUpOn: z.string(),
  subscriptions: z.array(
    z.strictObject({
      id: z.string(),
      plan: z.string(),
      status: z.string(),
      price: moneySchema,
      quantity: z.int(),
      interval: z.string(),
      renewsOn: z.string(),
      ends: z.boolean(),
    }),
  ),
  openInvoices: z.int(),
  openAmounts: z.array(moneySchema),
  openTickets: z.int(),
  lastPayment: z.strictObject({ id: z.string(), amount: moneySchema, on: z.string() }).nullable(),
  listed: listedSchema,
  receipt: receiptSchema,
});

type Output = z.output<typeof output>;

export default defineTool({
  name: 'get_customer',
  description:
    'Shows one customer: plan and price, what is unpaid, open tickets, last payment, owner and sign-up date. Use it for "how is Acme doing" or "tell me about Acme". Not for MRR or usage over time, which are metrics.',
  scope: 'customers:read',
  effect: 'read',
  input,
  output,
  examples: [
    { say: 'tell me about Acme', input: { customer: 'Acme' } },
    { say: 'what plan is Acme on?', input: { customer: 'Acme' } },
    { say: 'how is Acme doing?', input: { customer: 'Acme' } },
    { say: 'customer profile of Acme', input: { customer: 'Acme' } },
  ],
  recognize,
  async run({ customer: reference }, ctx) {
    const customer = await ctx.customers.resolve(reference);
    const receipt = await openReceipt(ctx, {
      name: 'Customer profile',
      version: 1,
      words: 'Profile from the PsiZero API, subscriptions and money from Stripe, tickets from Supabase',
      sources: ['psizero', 'stripe', 'supabase'],
    });
    const customerId = customer.id;
    const { tz } = ctx.principal;
    const [subscriptions, invoices, tickets, payments] = await Promise.all([
      ctx.records.listSubscriptions(customerId),
      ctx.records.listInvoices({
        customerId,
        state: 'open',
        at: ctx.clock.now(),
        order: 'oldest',
        limit: MOST_ROWS,
      }),
      ctx.records.listTickets({ customerId, state: 'open', limit: 1 }),
      ctx.records.listPayments({ customerId, status: 'succeeded', limit: 1 }),
    ]);
    const [payment] = payments.rows;
    return {
      id: customer.id,
      name: customer.name,
      domain: customer.domain,
      country: customer.country,
      segment: customer.segment,
      owner: customer.ownerEmail,
      signedUpOn: sayDay(customer.signedUpAt, tz),
      subscriptions: subscriptions
        .filter((one) => one.endedAt === null)
        .map((one) => toSubscription(one, tz)),
      openInvoices: invoices.total,
      openAmounts: totals(invoices.rows.map((row) => row.amountRemaining)),
      openTickets: tickets.total,
      lastPayment: payment
        ? { id: payment.id, amount: payment.amount, on: sayDay(payment.createdAt, tz) }
        : null,
      listed: [{ id: customer.id, label: customer.name, customerId: customer.id }],
      receipt: receipt(1 + subscriptions.length + invoices.total),
    };
  },
  narrate(data) {
    const [subscription] = data.subscriptions;
    const plan = subscription
      ? `${data.name} is on the ${subscription.plan} plan (${subscription.status}), ${sayPrice(subscription)}.`
      : `${data.name} has no running subscription.`;
    const unpaid =
      data.openInvoices > 0
        ? `${count(data.openInvoices, 'unpaid invoice')}, ${sayMoneys(data.openAmounts)}`
        : 'no unpaid invoices';
    const tickets = data.openTickets > 0 ? count(data.openTickets, 'open ticket') : 'no open tickets';
    const paid = data.lastPayment
      ? ` Last payment: ${formatMoney(data.lastPayment.amount)} on ${data.lastPayment.on}.`
      : '';
    return `${plan} It has ${sayList([unpaid, tickets])}.${paid}`;
  },
  exhibits(data) {
    const plans = data.subscriptions.map(
      (one) =>
        `${one.plan}, ${one.status}, ${sayPrice(one)}, ${one.ends ? 'ends' : 'renews'} ${one.renewsOn}`,
    );
    return [
      {
        kind: 'fields',
        title: data.name,
        fields: [
          { label: 'Subscription', value: plans.join('; ') || 'none' },
          {
            label: 'Unpaid',
            value: data.openInvoices > 0 ? `${data.openInvoices} (${sayMoneys(data.openAmounts)})` : 'none',
          },
          { label: 'Open tickets', value: String(data.openTickets) },
          {
            label: 'Last payment',
            value: data.lastPayment
              ? `${formatMoney(data.lastPayment.amount)} on ${data.lastPayment.on}`
              : 'none',
          },
          { label: 'Segment', value: `${data.segment}, ${data.country}` },
          { label: 'Customer since', value: data.signedUpOn },
          { label: 'Owner', value: data.owner ?? 'nobody' },
          { label: 'Domain', value: data.domain },
        ],
      },
    ];
  },
  untrusted: ({ name }) => looksLikeText(name),
});

function toSubscription(record: SubscriptionRecord, tz: string): Output['subscriptions'][number] {
  return {
    id: record.id,
    plan: record.plan,
    status: record.status,
    price: record.price,
    quantity: record.quantity,
    interval: record.interval,
    renewsOn: sayDay(record.currentPeriodEndAt, tz),
    ends: record.cancelAtPeriodEnd,
  };
}

function sayPrice(subscription: Output['subscriptions'][number]): string {
  const seats = subscription.quantity > 1 ? `${subscription.quantity} x ` : '';
  return `${seats}${formatMoney(subscription.price)} a ${subscription.interval}`;
}

const OWNER =
  /\bwho (?:owns|looks after|manages|handles|is (?:in charge of|responsible for)|runs)\b|\bwho(?:s| is) (?:the|their) (?:owner|csm|account manager|contact)\b/;

/** "Who owns that account?" after one customer was looked at. */
function lookedAt({ words, customers, previous }: Utterance): { id: string; name: string } | null {
  const phrase = words.join(' ');
  const meant = /\b(?:that|this|the|their) (?:account|customer|client|company)\b|\b(?:them|it|their)\b/.test(
    phrase,
  );
  if (customers.length > 0 || !meant || !OWNER.test(phrase)) return null;
  const ids = new Map(previous[0]?.listed.map(({ customerId, label, id }) => [customerId, { label, id }]));
  const [only, another] = [...ids];
  if (!only || another || only[0] === undefined) return null;
  return { id: only[0], name: only[1].id === only[0] ? only[1].label : 'the same customer' };
}

function recognize(utterance: Utterance): Reading[] {
  const item = pointedAt(utterance);
  const pointed = item && item.customerId === item.id && utterance.words.length <= 8 ? item : null;
  if (pointed) {
    return [
      { input: { customer: pointed.id }, confidence: 0.9, interpretation: `Customer ${pointed.label}` },
    ];
  }
  const customer = namedCustomer(utterance) ?? lookedAt(utterance);
  if (!customer) return [];
  const asked = says(
    utterance,
    'about',
    'profile',
    'overview',
    'details',
    'who is',
    'whos',
    'doing',
    'going on',
    'latest on',
    'latest with',
    'happening with',
    'whats up with',
    'what plan',
    'which plan',
    'plan is',
    'rundown',
    'deal with',
    'lowdown',
    'summary',
    'story with',
    'update on',
    'info on',
    'background',
    'brief me on',
    'catch me up',
    'tell me',
    'look at',
    'pull up',
    'account of',
    'plan',
    'renew',
    'renews',
    'renewal',
    'looks after',
    'look after',
    'owner of',
    'account manager',
    'csm',
    'who owns',
    'on trial',
    'happy',
    'situation',
    'status of',
    'summary',
    'info',
    'customer since',
    'account',
    'owner',
    'look like',
    'a customer',
  );
  const bare =
    utterance.words.filter(
      (word) =>
        !['show', 'me', 'the', 'customer', 'please', 'what', 'how', 'and', 'of', 's', 'about'].includes(word),
    ).length === 0;
  const acting = says(
    utterance,
    'refund',
    'remind',
    'reminder',
    'send',
    'email',
    'chase',
    'charge',
    'cancel',
  );
  const confidence = acting ? 0.2 : bare ? 0.75 : asked ? 0.82 : 0.4;
  return [{ input: { customer: customer.id }, confidence, interpretation: `Customer ${customer.name}` }];
}
