import { code } from 'currency-codes';
import { type RawBuilder, sql } from 'kysely';
import type {
  InvoiceRecord,
  InvoiceState,
  PaymentRecord,
  Records,
  SubscriptionRecord,
  TicketRecord,
} from '../domain/ports.ts';
import type { Store } from './open-store.ts';
import type { Schema } from './schema.ts';

type Db = Store['db'];

/** The size of the whole list beside each row of its page. */
const total = sql<number>`count(*) over ()`.as('total');

/** Read models over the store. Every list gives the total beside the page. */
export function createRecords(db: Db): Records {
  return {
    listInvoices: (filter) => listInvoices(db, filter),
    async getInvoice(reference) {
      const row = await invoices(db)
        .where((where) => where.or([where('i.id', '=', reference), where('i.number', '=', reference)]))
        // A printed number is unique only within its account; the id wins, then the newest.
        .orderBy(sql`i.id = ${reference}`, 'desc')
        .orderBy('i.created_at', 'desc')
        .limit(1)
        .executeTakeFirst();
      return row === undefined ? null : invoiceOf(row);
    },
    listPayments: (filter) => listPayments(db, filter),
    async getPayment(id) {
      const row = await payments(db).where('p.id', '=', id).executeTakeFirst();
      return row === undefined ? null : paymentOf(row);
    },
    listTickets: (filter) => listTickets(db, filter),
    listSubscriptions: (customerId) => listSubscriptions(db, customerId),
    async listContacts(customerId) {
      const rows = await db
        .selectFrom('user_profiles')
        .select(['email', 'full_name as name', 'role'])
        .where('customer_id', '=', customerId)
        .orderBy('created_at')
        .orderBy('id')
        .execute();
      return rows;
    },
  };
}

function invoices(db: Db) {
  return db
    .selectFrom('invoices as i')
    .leftJoin('customers as c', 'c.id', 'i.customer_id')
    .selectAll('i')
    .select(['c.name as customer_name', total]);
}

async function listInvoices(db: Db, filter: Parameters<Records['listInvoices']>[0]) {
  let query = invoices(db);
  if (filter.customerId !== undefined) query = query.where('i.customer_id', '=', filter.customerId);
  if (filter.state !== undefined) query = inState(query, filter.state, filter.at);
  if (filter.createdIn !== undefined)
    query = query
      .where('i.created_at', '>=', filter.createdIn.startAt)
      .where('i.created_at', '<', filter.createdIn.endAt);
  const ordered =
    filter.order === 'largest'
      ? query.orderBy(await comparableAmount(db, filter.state === 'paid'), 'desc')
      : query.orderBy('i.created_at', filter.order === 'oldest' ? 'asc' : 'desc');
  const rows = await ordered.orderBy('i.id').limit(filter.limit).execute();
  return { rows: rows.map(invoiceOf), total: rows[0]?.total ?? 0 };
}

/** Only for the order of a list: amounts of different currencies, made comparable by the latest rates. */
async function comparableAmount(db: Db, paid: boolean): Promise<RawBuilder<number>> {
  const rates = await db
    .selectFrom('fx_rates')
    .select(['currency', 'rate'])
    .where('day', '=', (select) => select.selectFrom('fx_rates').select(({ fn }) => fn.max('day').as('day')))
    .execute();
  const amount = sql.ref(paid ? 'i.total_minor' : 'i.amount_remaining_minor');
  const factor = (currency: string, rate: number) => rate / 10 ** exponentOf(currency);
  const cases = rates.map(
    ({ currency, rate }) => sql`WHEN ${currency} THEN ${factor(currency, Number(rate))}`,
  );
  if (cases.length === 0) return sql<number>`${amount}`;
  return sql<number>`${amount} * (CASE i.currency ${sql.join(cases, sql` `)} ELSE 0.01 END)`;
}

function exponentOf(currency: string): number {
  return code(currency)?.digits ?? 2;
}

type InvoiceQuery = ReturnType<typeof invoices>;

/** The state at an instant, by Stripe's transitions: the same rule as for the receivables. */
function inState(query: InvoiceQuery, state: InvoiceState, at: number): InvoiceQuery {
  if (state === 'draft') return query.where('i.status', '=', 'draft');
  if (state === 'paid') return query.where('i.paid_at', '<=', at);
  if (state === 'void') return query.where('i.voided_at', '<=', at);
  if (state === 'uncollectible')
    return query.where('i.uncollectible_at', '<=', at).where('i.status', '=', 'uncollectible');
  const after = (column: 'i.paid_at' | 'i.voided_at' | 'i.uncollectible_at', open: InvoiceQuery) =>
    open.where((where) => where.or([where(column, 'is', null), where(column, '>', at)]));
  const open = after(
    'i.uncollectible_at',
    after('i.voided_at', after('i.paid_at', query.where('i.finalized_at', '<=', at))),
  );
  return state === 'open' ? open : open.where('i.due_at', '<', at);
}

type InvoiceRow = Schema['invoices'] & { customer_name: string | null };

function invoiceOf(row: InvoiceRow): InvoiceRecord {
  const money = (minor: number) => ({ minor, currency: row.currency });
  return {
    id: row.id,
    number: row.number,
    customerId: row.customer_id,
    customerName: row.customer_name ?? row.customer_id,
    subscriptionId: row.subscription_id,
    status: row.status,
    total: money(row.total_minor),
    tax: money(row.tax_minor),
    amountDue: money(row.amount_due_minor),
    amountPaid: money(row.amount_paid_minor),
    amountRemaining: money(row.amount_remaining_minor),
    attemptCount: row.attempt_count,
    hostedUrl: row.hosted_url,
    createdAt: row.created_at,
    finalizedAt: row.finalized_at,
    dueAt: row.due_at,
    paidAt: row.paid_at,
  };
}

function payments(db: Db) {
  return db
    .selectFrom('payments as p')
    .leftJoin('customers as c', 'c.id', 'p.customer_id')
    .selectAll('p')
    .select(['c.name as customer_name', total]);
}

async function listPayments(db: Db, filter: Parameters<Records['listPayments']>[0]) {
  let query = payments(db);
  if (filter.customerId !== undefined) query = query.where('p.customer_id', '=', filter.customerId);
  if (filter.invoiceId !== undefined) query = query.where('p.invoice_id', '=', filter.invoiceId);
  if (filter.status !== undefined) query = query.where('p.status', '=', filter.status);
  if (filter.createdIn !== undefined)
    query = query
      .where('p.created_at', '>=', filter.createdIn.startAt)
      .where('p.created_at', '<', filter.createdIn.endAt);
  const rows = await query
    .orderBy('p.created_at', 'desc')
    .orderBy('p.id', 'desc')
    .limit(filter.limit)
    .execute();
  return { rows: rows.map(paymentOf), total: rows[0]?.total ?? 0 };
}

function paymentOf(row: Schema['payments'] & { customer_name: string | null }): PaymentRecord {
  return {
    id: row.id,
    invoiceId: row.invoice_id,
    customerId: row.customer_id,
    customerName: row.customer_name ?? row.customer_id,
    status: row.status === 'succeeded' || row.status === 'failed' ? row.status : 'pending',
    amount: { minor: row.amount_minor, currency: row.currency },
    amountRefunded: { minor: row.amount_refunded_minor, currency: row.currency },
    declineCode: row.decline_code,
    method: row.method,
    disputed: row.disputed === 1,
    createdAt: row.created_at,
  };
}

async function listTickets(db: Db, filter: Parameters<Records['listTickets']>[0]) {
  let query = db
    .selectFrom('tickets as t')
    .leftJoin('customers as c', 'c.id', 't.customer_id')
    .selectAll('t')
    .select(['c.name as customer_name', total]);
  if (filter.customerId !== undefined) query = query.where('t.customer_id', '=', filter.customerId);
  if (filter.state !== undefined)
    query = query.where('t.closed_at', filter.state === 'open' ? 'is' : 'is not', null);
  if (filter.openedIn !== undefined)
    query = query
      .where('t.opened_at', '>=', filter.openedIn.startAt)
      .where('t.opened_at', '<', filter.openedIn.endAt);
  const rows = await query
    .orderBy('t.opened_at', 'desc')
    .orderBy('t.id', 'desc')
    .limit(filter.limit)
    .execute();
  return { rows: rows.map(ticketOf), total: rows[0]?.total ?? 0 };
}

function ticketOf(row: Schema['tickets'] & { customer_name: string | null }): TicketRecord {
  return {
    id: row.id,
    customerId: row.customer_id,
    customerName: row.customer_name ?? row.customer_id,
    subject: row.subject,
    body: row.body,
    status: row.status,
    priority: row.priority,
    openedAt: row.opened_at,
    firstResponseAt: row.first_response_at,
    closedAt: row.closed_at,
  };
}

async function listSubscriptions(db: Db, customerId: string): Promise<SubscriptionRecord[]> {
  const rows = await db
    .selectFrom('subscriptions')
    .selectAll()
    // The plan by the company's own name for it, where its history is known.
    .select((expression) =>
      expression
        .selectFrom('subscription_versions as v')
        .select('v.plan')
        .whereRef('v.subscription_id', '=', 'subscriptions.id')
        .orderBy('v.version', 'desc')
        .limit(1)
        .as('known_plan'),
    )
    .where('customer_id', '=', customerId)
    .orderBy('started_at', 'desc')
    .orderBy('id')
    .execute();
  return rows.map((row) => ({
    id: row.id,
    customerId: row.customer_id,
    plan: row.known_plan ?? row.plan,
    status: row.status,
    price: { minor: row.unit_amount_minor, currency: row.currency },
    quantity: row.quantity,
    interval: row.interval_count === 1 ? row.interval : `${row.interval_count} ${row.interval}s`,
    startedAt: row.started_at,
    currentPeriodEndAt: row.current_period_end_at,
    trialEndAt: row.trial_end_at,
    cancelAtPeriodEnd: row.cancel_at_period_end === 1,
    endedAt: row.ended_at,
  }));
}
