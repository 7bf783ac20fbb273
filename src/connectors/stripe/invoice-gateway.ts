import { z } from 'zod';
import type { Decline, InvoiceGateway, OutsideInvoice } from '../../domain/billing/gateways.ts';
import type { Money } from '../../domain/types.ts';
import { SystemError, UserError } from '../../lib/errors.ts';
import { OutsideError } from '../resilience.ts';
import { isoMinor, stripeMinor } from './amounts.ts';
import type { StripeConnection } from './client.ts';
import { invoiceSchema } from './objects.ts';
import { createDoubt, EFFECT_KEY, refusedWrite } from './write-doubt.ts';

/** What a line of Psi's carries, so that a repeat is recognised. */
const LINE_KEY = 'psi_line_key';

const outsideSchema = invoiceSchema.extend({
  metadata: z.record(z.string(), z.string()).nullish(),
  lines: z
    .object({
      has_more: z.boolean().nullish(),
      data: z.array(
        z.object({
          id: z.string(),
          description: z.string().nullish(),
          amount: z.int(),
          period: z.object({ start: z.int(), end: z.int() }),
        }),
      ),
    })
    .nullish(),
});

const REFUSALS: Readonly<Record<string, string>> = {
  resource_missing: 'Stripe does not know this invoice or customer.',
  invoice_already_finalized: 'Stripe has finalised this invoice already.',
  invoice_not_editable: 'This invoice is final at Stripe and cannot be changed.',
  invoice_already_paid: 'This invoice has been paid already.',
  status_transition_invalid: 'Stripe does not allow this for an invoice in its state.',
  invoice_not_finalized: 'This invoice is still a draft at Stripe.',
};

/** Invoices at Stripe: live reads, and keyed writes. A draft never advances by itself and sweeps nothing else in. */
export function createInvoiceGateway(connection: StripeConnection): InvoiceGateway {
  const { client, call } = connection;

  /** One keyed write; silence is said as such. */
  async function write<T>(what: string, request: () => Promise<T>): Promise<T> {
    const doubt = createDoubt();
    return call(() => doubt.during(request)).catch((error: unknown) => {
      throw refusedWrite(error, what, doubt.remains(), REFUSALS);
    });
  }

  async function getInvoice(id: string): Promise<OutsideInvoice> {
    const answer = await call(() => client.invoices.retrieve(id)).catch((error: unknown) => {
      if (error instanceof OutsideError && error.status === 404)
        throw new UserError('not_found', `Stripe has no invoice ${id}.`);
      throw error;
    });
    return outsideInvoice(answer);
  }

  return {
    getInvoice,
    async createDraft({ stripeCustomerId, daysUntilDue, description, lines, metadata, ...draft }) {
      const key = draft.idempotencyKey;
      const currency = draft.currency.toLowerCase();
      const made = await write('the draft invoice', () =>
        client.invoices.create(
          {
            customer: stripeCustomerId,
            currency,
            auto_advance: false,
            pending_invoice_items_behavior: 'exclude',
            collection_method: daysUntilDue === null ? 'charge_automatically' : 'send_invoice',
            ...(daysUntilDue === null ? {} : { days_until_due: daysUntilDue }),
            description,
            metadata: { ...metadata, [EFFECT_KEY]: key },
          },
          { idempotencyKey: key },
        ),
      );
      for (const line of lines) {
        await write('a line of the invoice', () =>
          client.invoiceItems.create(
            {
              customer: stripeCustomerId,
              invoice: made.id ?? '',
              currency,
              amount: stripeMinor(line.amount.minor, line.amount.currency),
              description: line.description,
              period: inSeconds(line.period),
              metadata: { [LINE_KEY]: line.key },
            },
            { idempotencyKey: `${key}:${line.key}` },
          ),
        );
      }
      return getInvoice(made.id ?? '');
    },
    async findInvoice(stripeCustomerId, idempotencyKey) {
      let after: string | undefined;
      for (;;) {
        const page = await call(() =>
          client.invoices.list({
            customer: stripeCustomerId,
            limit: 100,
            ...(after === undefined ? {} : { starting_after: after }),
          }),
        );
        const found = page.data.find((one) => one.metadata?.[EFFECT_KEY] === idempotencyKey);
        if (found) return outsideInvoice(found);
        after = page.has_more ? page.data.at(-1)?.id : undefined;
        if (after === undefined) return null;
      }
    },
    async finalise(id, idempotencyKey) {
      const draft = await getInvoice(id);
      if (draft.status !== 'draft') return draft;
      return outsideInvoice(
        await write('finalising the invoice', () =>
          client.invoices.finalizeInvoice(id, { auto_advance: draft.dueAt === null }, { idempotencyKey }),
        ),
      );
    },
    async deleteDraft(id) {
      await write('deleting the draft', () => client.invoices.del(id));
    },
    async voidInvoice(id, idempotencyKey) {
      return outsideInvoice(
        await write('voiding the invoice', () => client.invoices.voidInvoice(id, {}, { idempotencyKey })),
      );
    },
    async markUncollectible(id, idempotencyKey) {
      return outsideInvoice(
        await write('writing the invoice off', () =>
          client.invoices.markUncollectible(id, {}, { idempotencyKey }),
        ),
      );
    },
    async payOutside(id, idempotencyKey) {
      return outsideInvoice(
        await write('marking the invoice paid', () =>
          client.invoices.pay(id, { paid_out_of_band: true }, { idempotencyKey }),
        ),
      );
    },
    async pay(id, paymentMethodId, idempotencyKey) {
      const doubt = createDoubt();
      const method = paymentMethodId === null ? {} : { payment_method: paymentMethodId };
      try {
        const paid = await call(() =>
          doubt.during(() => client.invoices.pay(id, method, { idempotencyKey })),
        );
        return { invoice: outsideInvoice(paid), declined: null };
      } catch (error) {
        const declined = declineOf(error);
        if (declined === null) throw refusedWrite(error, 'the payment', doubt.remains(), REFUSALS);
        return { invoice: await getInvoice(id), declined };
      }
    },
  };
}

const cardError = z.object({
  cause: z.object({
    type: z.literal('StripeCardError'),
    code: z.string().nullish(),
    decline_code: z.string().nullish(),
    message: z.string(),
    raw: z
      .object({ network_decline_code: z.string().nullish(), advice_code: z.string().nullish() })
      .nullish(),
  }),
});

function declineOf(error: unknown): Decline | null {
  if (!(error instanceof OutsideError) || error.status !== 402) return null;
  const read = cardError.safeParse({ cause: error.cause });
  if (!read.success)
    return { code: error.options.code ?? null, ...NO_DETAILS, message: 'The card was declined.' };
  const { code, decline_code, message, raw } = read.data.cause;
  return {
    code: code ?? null,
    declineCode: decline_code ?? null,
    networkCode: raw?.network_decline_code ?? null,
    adviceCode: raw?.advice_code ?? null,
    message,
  };
}

const NO_DETAILS = { declineCode: null, networkCode: null, adviceCode: null };

function outsideInvoice(answer: unknown): OutsideInvoice {
  const read = outsideSchema.safeParse(answer);
  if (!read.success) throw new SystemError('source_malformed', 'an invoice of Stripe cannot be read');
  const invoice = read.data;
  const { currency } = invoice;
  const money = (amount: number): Money => ({ minor: isoMinor(amount, currency), currency });
  const tax = (invoice.total_taxes ?? []).reduce((sum, { amount }) => sum + amount, 0);
  return {
    id: invoice.id,
    number: invoice.number ?? null,
    status: invoice.status ?? 'draft',
    stripeCustomerId: invoice.customer,
    subtotal: money(invoice.subtotal),
    tax: money(tax),
    total: money(invoice.total),
    amountDue: money(invoice.amount_due),
    amountPaid: money(invoice.amount_paid),
    amountRemaining: money(invoice.amount_remaining),
    dueAt: invoice.due_date == null ? null : invoice.due_date * 1000,
    hostedUrl: invoice.hosted_invoice_url ?? null,
    attemptCount: invoice.attempt_count,
    lines: (invoice.lines?.data ?? []).map((line) => ({
      id: line.id,
      description: line.description ?? '',
      amount: money(line.amount),
      period: { startAt: line.period.start * 1000, endAt: line.period.end * 1000 },
    })),
    metadata: invoice.metadata ?? {},
  };
}

function inSeconds({ startAt, endAt }: { startAt: number; endAt: number }): { start: number; end: number } {
  return { start: Math.floor(startAt / 1000), end: Math.floor(endAt / 1000) };
}
