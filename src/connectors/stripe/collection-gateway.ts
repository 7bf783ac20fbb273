import { z } from 'zod';
import type { InvoiceGateway } from '../../domain/billing/gateways.ts';
import type { CardOnFile, Collected, CollectionGateway } from '../../domain/recovery/gateways.ts';
import { SystemError, UserError } from '../../lib/errors.ts';
import { OutsideError } from '../resilience.ts';
import type { StripeConnection } from './client.ts';
import { createDoubt, refusedWrite } from './write-doubt.ts';

const REFUSALS: Readonly<Record<string, string>> = {
  resource_missing: 'Stripe has no payment method to charge for this invoice.',
  invoice_already_paid: 'This invoice has been paid already.',
  invoice_not_open: 'This invoice is not open at Stripe.',
};

/** Stripe's words for a card whose details changed by themselves or by its owner. */
const CARD_CHANGES = ['payment_method.automatically_updated', 'payment_method.updated'];

const customerSchema = z.object({
  invoice_settings: z
    .object({
      default_payment_method: z.union([z.string(), z.object({ id: z.string() })]).nullish(),
    })
    .nullish(),
});

const cardSchema = z.object({
  id: z.string().min(1),
  created: z.int(),
  card: z
    .object({
      brand: z.string().nullish(),
      country: z.string().nullish(),
      last4: z.string().nullish(),
      exp_month: z.int().nullish(),
      exp_year: z.int().nullish(),
      fingerprint: z.string().nullish(),
    })
    .nullish(),
});

const codes = {
  advice_code: z.string().nullish(),
  network_decline_code: z.string().nullish(),
  network_advice_code: z.string().nullish(),
};

const cardError = z.object({
  code: z.string().nullish(),
  decline_code: z.string().nullish(),
  message: z.string(),
  raw: z.object({ ...codes, charge: z.string().nullish() }).nullish(),
});

const chargeSchema = z.object({
  id: z.string(),
  status: z.string(),
  created: z.int(),
  failure_code: z.string().nullish(),
  failure_message: z.string().nullish(),
  outcome: z.object({ ...codes, reason: z.string().nullish() }).nullish(),
});

/** Charges of open invoices at Stripe. `invoices` reads them, as the rest of billing does. */
export function createCollectionGateway(
  { client, call }: StripeConnection,
  invoices: Pick<InvoiceGateway, 'getInvoice'>,
): CollectionGateway {
  /** The last charge that was tried for an invoice. */
  async function lastChargeOf(invoiceId: string) {
    const payments = await call(() => client.invoicePayments.list({ invoice: invoiceId, limit: 10 }));
    const charges: z.output<typeof chargeSchema>[] = [];
    for (const { payment } of payments.data) {
      const intent = typeof payment.payment_intent === 'string' ? payment.payment_intent : null;
      if (intent === null) continue;
      const page = await call(() => client.charges.list({ payment_intent: intent, limit: 100 }));
      charges.push(...page.data.map((charge) => chargeSchema.parse(charge)));
    }
    return charges.sort((one, other) => other.created - one.created)[0] ?? null;
  }

  async function cardChanges(): Promise<Map<string, number>> {
    const page = await call(() => client.events.list({ types: CARD_CHANGES, limit: 100 }));
    const changes = new Map<string, number>();
    for (const { created, data } of page.data) {
      const changed = z.object({ id: z.string() }).safeParse(data.object);
      if (!changed.success) continue;
      changes.set(changed.data.id, Math.max(changes.get(changed.data.id) ?? 0, created * 1000));
    }
    return changes;
  }

  return {
    getInvoice: (id) => invoices.getInvoice(id),
    async listCards(stripeCustomerId) {
      const [customer, methods, changes] = await Promise.all([
        call(() => client.customers.retrieve(stripeCustomerId)),
        call(() => client.customers.listPaymentMethods(stripeCustomerId, { type: 'card', limit: 100 })),
        cardChanges(),
      ]).catch((error: unknown) => {
        if (error instanceof OutsideError && error.status === 404)
          throw new UserError('not_found', `Stripe has no customer ${stripeCustomerId}.`);
        throw error;
      });
      const settings = customerSchema.safeParse(customer).data?.invoice_settings;
      const standard = settings?.default_payment_method ?? null;
      const defaultId = typeof standard === 'string' ? standard : (standard?.id ?? null);
      return methods.data
        .map((method) => cardOf(method, defaultId, changes))
        .sort((one, other) => Number(other.isDefault) - Number(one.isDefault) || other.addedAt - one.addedAt);
    },
    async collect({ invoiceId, paymentMethodId, idempotencyKey }) {
      const doubt = createDoubt();
      const method = paymentMethodId === null ? {} : { payment_method: paymentMethodId };
      try {
        await call(() => doubt.during(() => client.invoices.pay(invoiceId, method, { idempotencyKey })));
        return paidBy(await invoices.getInvoice(invoiceId), (await lastChargeOf(invoiceId))?.id ?? null);
      } catch (error) {
        const declined = declineOf(error);
        if (declined === null) throw refusedWrite(error, 'the charge', doubt.remains(), REFUSALS);
        return { ...declined, outcome: 'declined', invoice: await invoices.getInvoice(invoiceId) };
      }
    },
    async findCollected(invoiceId, attemptsBefore) {
      const invoice = await invoices.getInvoice(invoiceId);
      if (invoice.attemptCount <= attemptsBefore) return null;
      const charge = await lastChargeOf(invoiceId);
      if (invoice.status === 'paid') return paidBy(invoice, charge?.id ?? null);
      return {
        outcome: 'declined',
        chargeId: charge?.id ?? null,
        invoice,
        declined: {
          code: charge?.failure_code ?? null,
          declineCode: charge?.outcome?.reason ?? null,
          networkCode: charge?.outcome?.network_decline_code ?? null,
          adviceCode: charge?.outcome?.advice_code ?? null,
          networkAdviceCode: charge?.outcome?.network_advice_code ?? null,
          message: charge?.failure_message ?? 'The card was declined.',
        },
      };
    },
  };
}

function paidBy(invoice: Collected['invoice'], chargeId: string | null): Collected {
  return { outcome: 'paid', chargeId, declined: null, invoice };
}

function cardOf(method: unknown, defaultId: string | null, changes: ReadonlyMap<string, number>): CardOnFile {
  const read = cardSchema.safeParse(method);
  if (!read.success) throw new SystemError('source_malformed', 'a payment method of Stripe cannot be read');
  const { id, card, created } = read.data;
  const expiry = card?.exp_month && card.exp_year ? { month: card.exp_month, year: card.exp_year } : null;
  return {
    id,
    fingerprint: card?.fingerprint ?? null,
    network: card?.brand ?? 'other',
    country: card?.country ?? null,
    last4: card?.last4 ?? null,
    expiry,
    isDefault: id === defaultId,
    addedAt: created * 1000,
    actedAt: changes.get(id) ?? null,
  };
}

/** What Stripe's card error says; null for any other error. */
function declineOf(error: unknown): Pick<Collected, 'chargeId' | 'declined'> | null {
  if (!(error instanceof OutsideError) || error.status !== 402) return null;
  const read = cardError.safeParse(error.options.cause);
  const said = read.data;
  return {
    chargeId: said?.raw?.charge ?? null,
    declined: {
      code: said?.code ?? error.options.code ?? null,
      declineCode: said?.decline_code ?? null,
      networkCode: said?.raw?.network_decline_code ?? null,
      adviceCode: said?.raw?.advice_code ?? null,
      networkAdviceCode: said?.raw?.network_advice_code ?? null,
      message: said?.message ?? 'The card was declined.',
    },
  };
}
