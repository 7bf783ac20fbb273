import { OutsideError } from '../resilience.ts';
import type { StripeConnection } from './client.ts';
import type { StripeKind } from './rows.ts';

/** Stripe's most for a page. */
export const PAGE = 100;

export const LISTS = [
  'subscription',
  'invoice',
  'charge',
  'refund',
  'credit_note',
  'invoice_payment',
] as const satisfies StripeKind[];

export interface IdList {
  data: { id: string }[];
  has_more: boolean;
}

export interface ListRequest {
  /** The last id of the page before. */
  after: string | null;
  /** Only what was made at this instant (epoch ms) or later. */
  createdFromAt?: number;
  /** Only invoices in this status. */
  invoiceStatus?: 'draft' | 'open' | 'uncollectible';
}

/** One page of a list, newest first. */
export function listPage(
  { client, call }: StripeConnection,
  kind: StripeKind | 'dispute',
  { after, createdFromAt, invoiceStatus }: ListRequest,
): Promise<IdList> {
  const page = {
    limit: PAGE,
    ...(after === null ? {} : { starting_after: after }),
    ...(createdFromAt === undefined ? {} : { created: { gte: Math.floor(createdFromAt / 1000) } }),
  };
  return call<IdList>(async () => {
    if (kind === 'subscription') return readable(await client.subscriptions.list({ ...page, status: 'all' }));
    if (kind === 'invoice')
      return readable(
        await client.invoices.list({ ...page, ...(invoiceStatus ? { status: invoiceStatus } : {}) }),
      );
    if (kind === 'charge') return readable(await client.charges.list(page));
    if (kind === 'refund') return readable(await client.refunds.list(page));
    if (kind === 'credit_note') return readable(await client.creditNotes.list(page));
    if (kind === 'dispute') return readable(await client.disputes.list(page));
    return readable(await client.invoicePayments.list(page));
  });
}

/** The client takes an answer without Stripe's error body for a success, whatever its status was. */
export function readable<T extends { data: unknown; has_more: boolean }>(list: T): T {
  if (Array.isArray(list.data)) return list;
  throw new OutsideError('Stripe', null, 'the answer is not a list');
}
