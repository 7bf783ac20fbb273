import { sql } from 'kysely';
import { TICKET_DAYS } from '../domain/health/signs.ts';
import type { Store } from './open-store.ts';

/** What signs of leaving are told from besides daily calls, which the watch has already. */
export interface RiskFacts {
  /** Calls and server errors by customer over company days that begin in the range, some of them left out. */
  errors(range: { startAt: number; endAt: number }, without: readonly number[]): Promise<Map<string, Errors>>;
  /** Tickets of the last two weeks by customer, oldest first. */
  tickets(nowAt: number): Promise<Map<string, { id: string; openedAt: number; text: string }[]>>;
  /** When owners and others were last seen, by customer; visits after `nowAt` are not known. */
  visits(nowAt: number): Promise<Map<string, { owner: number | null; others: number | null }>>;
  /** Changes whenever a ticket does. */
  ticketStamp(): Promise<string>;
}

export interface Errors {
  calls: number;
  errors: number;
}

const DAY_MS = 86_400_000;

export function createRiskFacts({ db }: Pick<Store, 'db'>): RiskFacts {
  return {
    async errors({ startAt, endAt }, without) {
      const left =
        without.length === 0 ? sql`1 = 1` : sql`bucket_start_at NOT IN (${sql.join([...without])})`;
      const { rows } = await sql<{ id: string } & Errors>`
        SELECT customer_id AS id, SUM(calls) AS calls, SUM(errors_5xx) AS errors FROM usage_daily
        WHERE bucket_start_at >= ${startAt} AND bucket_start_at < ${endAt} AND ${left}
        GROUP BY customer_id`.execute(db);
      return new Map(rows.map(({ id, calls, errors }) => [id, { calls, errors }]));
    },
    async tickets(nowAt) {
      const rows = await db
        .selectFrom('tickets')
        .select(['id', 'customer_id', 'opened_at', 'subject', 'body'])
        .where('opened_at', '>=', nowAt - TICKET_DAYS * DAY_MS)
        .where('opened_at', '<=', nowAt)
        .orderBy('opened_at')
        .orderBy('id')
        .execute();
      const tickets = new Map<string, { id: string; openedAt: number; text: string }[]>();
      for (const { id, customer_id, opened_at, subject, body } of rows) {
        const own = tickets.get(customer_id) ?? [];
        own.push({ id, openedAt: opened_at, text: `${subject}. ${body}` });
        tickets.set(customer_id, own);
      }
      return tickets;
    },
    async visits(nowAt) {
      const { rows } = await sql<{ id: string; owner: number | null; others: number | null }>`
        SELECT customer_id AS id, MAX(CASE WHEN role = 'owner' THEN last_seen_at END) AS owner,
          MAX(CASE WHEN role <> 'owner' THEN last_seen_at END) AS others
        FROM user_profiles WHERE last_seen_at <= ${nowAt} GROUP BY customer_id`.execute(db);
      return new Map(rows.map(({ id, owner, others }) => [id, { owner, others }]));
    },
    async ticketStamp() {
      const row = await db
        .selectFrom('tickets')
        .select(({ fn }) => [fn.countAll<number>().as('rows'), fn.max('opened_at').as('newest')])
        .executeTakeFirst();
      return `${row?.rows} ${row?.newest}`;
    },
  };
}
