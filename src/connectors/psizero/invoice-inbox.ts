import { z } from 'zod';
import type { InvoiceChannel, Parcel } from '../../domain/billing/delivery/ports.ts';
import { SystemError, UserError } from '../../lib/errors.ts';
import { getJson } from '../json-api.ts';
import { createResilience, type Resilient } from '../resilience.ts';

const TIMEOUT_MS = 20_000;
const laidSchema = z.object({ id: z.string().min(1) });

/**
 * Lays invoices into the customer's inbox at the PsiZero API. The API keeps the key, so that a lost answer can be
 * looked up. @throws UserError for a refusal, SystemError `effect_unknown` for silence.
 */
export function createInvoiceInbox(options: {
  url: string;
  token: string;
  resilience?: Resilient;
}): InvoiceChannel {
  const resilient = options.resilience ?? createResilience({ system: 'the PsiZero API' });
  const base = options.url.replace(/\/+$/, '');
  const authorization = `Bearer ${options.token}`;
  const inboxOf = ({ customer }: Parcel) =>
    new URL(`${base}/customers/${encodeURIComponent(customer.id)}/invoices`);

  return {
    kind: 'invoice.delivered',
    system: 'psizero',
    async send(parcel, key) {
      const response = await fetch(inboxOf(parcel), {
        method: 'POST',
        headers: { authorization, 'content-type': 'application/json', 'idempotency-key': key },
        body: JSON.stringify(bodyOf(parcel)),
        signal: AbortSignal.timeout(TIMEOUT_MS),
      }).catch((cause: unknown) => {
        throw unclear(cause);
      });
      if (response.status >= 500 || response.status === 429) {
        await response.body?.cancel();
        throw unclear(null);
      }
      if (!response.ok) {
        await response.body?.cancel();
        throw new UserError('conflict', `The PsiZero API refused the invoice (status ${response.status}).`);
      }
      const laid = laidSchema.safeParse(await response.json().catch(() => null));
      if (!laid.success) throw unclear(null);
      return { outsideId: laid.data.id };
    },
    async lookUp(parcel, key) {
      const url = inboxOf(parcel);
      url.searchParams.set('idempotency_key', key);
      const schema = z.object({ data: z.array(laidSchema) });
      const { data } = await getJson('the PsiZero API', resilient, url, { authorization }, schema);
      return data[0] === undefined ? null : { outsideId: data[0].id };
    },
  };
}

function bodyOf({ document, pdf }: Parcel) {
  return {
    number: document.number ?? '',
    currency: document.currency,
    total_minor: document.totals.totalMinor,
    due_on: document.dueOn,
    url: document.payment.url,
    pdf: { file_name: pdf.fileName, base64: Buffer.from(pdf.bytes).toString('base64') },
  };
}

const unclear = (cause: unknown) =>
  new SystemError('effect_unknown', 'the PsiZero API did not say whether it took the invoice', { cause });
