import { connectBooks } from '../../../src/connect-books.ts';
import type { EffectRunner } from '../../../src/domain/approvals/plan.ts';
import type { InvoiceGateway } from '../../../src/domain/billing/gateways.ts';
import type { BookedNote } from '../../../src/domain/books/book-records.ts';
import type { BooksDesk, OutsideDispute, StatementLine } from '../../../src/domain/books/books-desk.ts';
import type { SyncRow } from '../../../src/domain/sync.ts';
import type { Store } from '../../../src/store/open-store.ts';
import { createRecords } from '../../../src/store/records.ts';
import type { ToolContext } from '../../../src/tools/define-tool.ts';
import { acme, NOON, openInvoice, openWorkspace, people } from '../../approvals/workspace.ts';

export const DAY = 86_400_000;
/** The first of November in Los Angeles. */
export const NOVEMBER = Date.parse('2026-11-01T07:00:00Z');

/** Books over a store of their own, with what Stripe would say of the rest. */
export interface BooksRoom {
  store: Store;
  books: BooksDesk;
  ctx: ToolContext;
  notes: BookedNote[];
  disputes: OutsideDispute[];
  /** Invoices that were marked paid, with the keys. */
  paid: string[];
  effects: EffectRunner;
  clock: { set(at: number): void };
  invoice(id: string, minor: number, over?: Partial<SyncRow['invoices']>): void;
  payment(id: string, invoiceId: string | null, minor: number, over?: Partial<SyncRow['payments']>): void;
  movement(id: string, category: string, sourceId: string | null, minor: number, feeMinor?: number): void;
  line(minor: number, over?: Partial<StatementLine>): Promise<void>;
  close(): void;
}

export function openBooks(): BooksRoom {
  const workspace = openWorkspace();
  const context = workspace.context(people.fay);
  const { store } = workspace;
  const notes: BookedNote[] = [];
  const disputes: OutsideDispute[] = [];
  const source = { creditNotes: async () => notes, disputes: async () => disputes };
  const books = connectBooks({ store, clock: context.clock, company: context.company, source });
  const put = (table: string, row: object) => {
    const names = Object.keys(row);
    const marks = names.map(() => '?').join();
    store.sqlite
      .prepare(`INSERT OR REPLACE INTO ${table} (${names.join()}) VALUES (${marks})`)
      .run(...Object.values(row));
  };
  const { name, domain, email, country, region, currency, segment, channel, id } = acme;
  const customer = { id, name, domain, email, country, region, currency, segment, channel };
  put('customers', {
    ...customer,
    stripe_customer_id: 'cus_acme',
    signed_up_at: NOON - 400 * DAY,
    updated_at: 0,
  });
  put('fx_rates', { day: '2026-11-24', currency: 'EUR', rate: '1.1' });
  const paid: string[] = [];
  const row = (invoiceId: string) =>
    store.sqlite.prepare<[string], SyncRow['invoices']>('SELECT * FROM invoices WHERE id = ?').get(invoiceId);
  const live: InvoiceGateway['getInvoice'] = async (invoiceId) => {
    const stored = row(invoiceId);
    const minor = stored?.amount_remaining_minor ?? 0;
    const money = { minor, currency: stored?.currency ?? 'USD' };
    const isPaid = paid.some((one) => one.startsWith(`${invoiceId} `));
    return openInvoice(invoiceId, minor, { amountRemaining: money, status: isPaid ? 'paid' : 'open' });
  };
  const billing: ToolContext['billing'] = {
    ...context.billing,
    invoices: {
      ...context.billing.invoices,
      getInvoice: live,
      payOutside: async (invoiceId, key) => {
        paid.push(`${invoiceId} ${key}`);
        return live(invoiceId);
      },
    },
  };
  let step = 0;
  return {
    ...{ store, books, notes, disputes, paid, clock: workspace.clock },
    ctx: { ...context, books, billing, records: createRecords(store.db) },
    effects: {
      perform: async (effect) => {
        step += 1;
        return (await effect.send(`key:${step}`)).result;
      },
    },
    invoice: (invoiceId, minor, over = {}) =>
      put('invoices', {
        ...{ id: invoiceId, number: invoiceId.replace('in_', 'INV-000'), customer_id: acme.id },
        ...{ subscription_id: null, status: 'open', currency: 'USD', subtotal_minor: minor, tax_minor: 0 },
        ...{
          total_minor: minor,
          amount_due_minor: minor,
          amount_paid_minor: 0,
          amount_remaining_minor: minor,
        },
        ...{
          attempt_count: 0,
          hosted_url: null,
          created_at: NOVEMBER,
          finalized_at: NOVEMBER,
          due_at: NOVEMBER,
        },
        ...{
          paid_at: null,
          voided_at: null,
          uncollectible_at: null,
          service_start_at: null,
          service_end_at: null,
        },
        ...{ lines_total_minor: null, balance_used_minor: 0, seen_at: 1 },
        ...over,
      }),
    payment: (paymentId, invoiceId, minor, over = {}) =>
      put('payments', {
        ...{ id: paymentId, payment_intent_id: null, invoice_id: invoiceId, customer_id: acme.id },
        ...{ status: 'succeeded', currency: 'USD', amount_minor: minor, amount_refunded_minor: 0 },
        ...{ decline_code: null, method: null, disputed: 0, created_at: NOVEMBER + DAY, seen_at: 1 },
        ...over,
      }),
    movement: (movementId, category, sourceId, minor, feeMinor = 0) =>
      put('balance_transactions', {
        ...{ id: movementId, source_id: sourceId, category, currency: 'USD', converted: 0 },
        ...{
          amount_minor: minor,
          fee_minor: feeMinor,
          net_minor: minor - feeMinor,
          created_at: NOVEMBER + DAY,
        },
      }),
    line: async (minor, over = {}) => {
      const plain = { at: NOVEMBER + 5 * DAY, amountMinor: BigInt(minor), currency: 'USD', reference: '' };
      await books.importLines([{ ...plain, payer: null, bankId: null, ...over }], 'statement.csv');
    },
    close: () => workspace.close(),
  };
}
