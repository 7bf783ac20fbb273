import { type RawBuilder, sql } from 'kysely';
import type { FactFilter, MetricFacts, TicketFact, TicketMoment } from '../domain/metrics/facts.ts';
import type { Period } from '../domain/types.ts';
import {
  BY_CUSTOMER,
  type Condition,
  type CustomerRow,
  customerOf,
  matching,
  OF_CUSTOMER,
  within,
} from './fact-filters.ts';
import type { Store } from './open-store.ts';

type Db = Store['db'];

const MOMENTS: Readonly<Record<TicketMoment, string>> = {
  opened: 't.opened_at',
  answered: 't.first_response_at',
  closed: 't.closed_at',
  rated: 't.csat_rated_at',
};

/** What support did: a row a ticket, because a median needs every one. */
export function supportFacts(db: Db): Pick<MetricFacts, 'ticketsOpenAt' | 'ticketsIn' | 'ticketTextsIn'> {
  return {
    ticketsOpenAt: (at, filter) =>
      tickets(db, filter, sql`t.opened_at <= ${at} AND (t.closed_at IS NULL OR t.closed_at > ${at})`),
    ticketsIn: (moment, period, filter) => tickets(db, filter, within(MOMENTS[moment], period)),
    ticketTextsIn: (period, filter) => texts(db, period, filter),
  };
}

interface TicketRow extends CustomerRow {
  priority: string;
  opened_at: number;
  first_response_at: number | null;
  closed_at: number | null;
  csat_score: number | null;
}

async function tickets(db: Db, filter: FactFilter, chosen: Condition): Promise<TicketFact[]> {
  const columns = sql`t.opened_at, t.first_response_at, t.closed_at, t.csat_score`;
  const rows = await ticketRows<TicketRow>(db, filter, chosen, columns);
  return rows.map((row) => ({
    ...customerOf(row),
    priority: row.priority,
    openedAt: row.opened_at,
    firstResponseAt: row.first_response_at,
    closedAt: row.closed_at,
    score: row.csat_score,
  }));
}

async function texts(db: Db, period: Period, filter: FactFilter) {
  const rows = await ticketRows<CustomerRow & { priority: string; subject: string; body: string }>(
    db,
    filter,
    within('t.opened_at', period),
    sql`t.subject, t.body`,
  );
  return rows.map((row) => ({
    ...customerOf(row),
    priority: row.priority,
    subject: row.subject,
    body: row.body,
  }));
}

async function ticketRows<Row>(
  db: Db,
  filter: FactFilter,
  chosen: Condition,
  columns: RawBuilder<unknown>,
): Promise<Row[]> {
  const narrowed = matching(filter, { customer: 't.customer_id', ...BY_CUSTOMER });
  const { rows } = await sql<Row>`
    SELECT t.customer_id, ${OF_CUSTOMER}, c.currency, t.priority, ${columns}
    FROM tickets t LEFT JOIN customers c ON c.id = t.customer_id
    WHERE ${chosen} AND ${narrowed}`.execute(db);
  return rows;
}
