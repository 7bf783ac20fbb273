import type Stripe from 'stripe';
import { z } from 'zod';
import type { Malformed, SeenFields, SyncMemory, SyncPage, SyncResource } from '../../domain/sync.ts';
import type { Clock } from '../../lib/clock.ts';
import { SystemError } from '../../lib/errors.ts';
import { fieldsOf } from '../drift.ts';
import { sayingRefusals } from '../resilience.ts';
import type { StripeConnection } from './client.ts';
import { compareLedger } from './compare.ts';
import { createEventReader, isForgotten, parseEvent, wholeSecond } from './events.ts';
import { type IdList, LISTS, listPage, PAGE, readable } from './lists.ts';
import type { StripeEvent } from './objects.ts';
import { addRow, emptyRows } from './rows.ts';

/** Stripe keeps events for 30 days; a day is left for clocks and long outages. */
const EVENTS_KEPT_MS = 29 * 24 * 3_600_000;

/**
 * `after`: the newest event that is worked in, null when the account has none. `lists`: how far each list of
 * an unfinished sweep has come (the last id seen, '' at the start, true at the end); null once it is done.
 */
const cursorSchema = z.object({
  after: z.object({ id: z.string(), createdAt: z.number() }).nullable(),
  lists: z.record(z.string(), z.union([z.string(), z.literal(true)])).nullable(),
});
type Cursor = z.output<typeof cursorSchema>;

/** Everything Psi keeps of Stripe: swept once by lists, then followed by events. */
export function stripeLedger(connection: StripeConnection, memory: SyncMemory, clock: Clock): SyncResource {
  const { client, call } = connection;
  const events = createEventReader(connection, memory, clock);

  /** The newest event before a sweep begins, so that what changes during the sweep is seen after it. */
  async function startSweep(): Promise<Cursor> {
    const newest = await call(() => client.events.list({ limit: 1 }));
    const event = newest.data[0];
    return {
      after: event === undefined ? null : { id: event.id, createdAt: event.created * 1000 },
      lists: Object.fromEntries(LISTS.map((kind) => [kind, ''])),
    };
  }

  async function sweep(cursor: Cursor, sink: (page: SyncPage) => void): Promise<void> {
    const lists = cursor.lists;
    if (lists === null) return;
    await Promise.all(
      LISTS.filter((kind) => lists[kind] !== true).map((kind) =>
        sweepList(connection, clock, kind, startOf(lists[kind]), (page) => {
          lists[kind] = page.lastId ?? true;
          sink({
            rows: page.rows,
            malformed: page.malformed,
            fields: page.fields,
            cursor: JSON.stringify(cursor),
            dataThroughAt: null,
          });
        }),
      ),
    );
    cursor.lists = null;
  }

  /** False when Stripe no longer has the events since the cursor. */
  async function follow(cursor: Cursor, sink: (page: SyncPage) => void): Promise<boolean> {
    for (;;) {
      const startedAt = clock.now();
      const page = await newerEvents(connection, cursor.after?.id ?? null);
      if (page === null) return false;
      const fresh: StripeEvent[] = [];
      const malformed: Malformed[] = [];
      for (const event of page.data.map(parseEvent)) {
        if ('what' in event) malformed.push(event);
        else if (!memory.eventProcessed('stripe', event.id)) fresh.push(event);
      }
      const result = await events.rowsOf(fresh);
      const newest = page.data[0];
      if (newest !== undefined) cursor.after = { id: newest.id, createdAt: newest.created * 1000 };
      sink({
        rows: result.rows,
        malformed: [...malformed, ...result.malformed],
        cursor: JSON.stringify(cursor),
        dataThroughAt: page.has_more ? null : startedAt,
      });
      if (!page.has_more) return true;
    }
  }

  return sayingRefusals({
    compare: (fromAt, hold) => compareLedger(connection, memory, clock, fromAt, hold),
    source: 'stripe',
    name: 'ledger',
    tables: ['subscriptions', 'invoices', 'payments', 'refunds', 'credit_notes'],
    refreshMs: 1_000,
    pollMs: 30_000,
    async read(stored, sink) {
      let cursor = parseCursor(stored);
      const tooOld = (cursor?.after?.createdAt ?? clock.now()) < clock.now() - EVENTS_KEPT_MS;
      if (cursor === null || tooOld) cursor = await startSweep();
      await sweep(cursor, sink);
      if (await follow(cursor, sink)) return;
      const again = await startSweep();
      await sweep(again, sink);
      if (!(await follow(again, sink)))
        throw new SystemError('source_malformed', 'Stripe does not know the event it named a moment ago');
    },
  });
}

function startOf(position: string | true | undefined): string | null {
  return typeof position === 'string' && position !== '' ? position : null;
}

/** A cursor that cannot be read costs a sweep, nothing else. */
function parseCursor(stored: string | null): Cursor | null {
  if (stored === null) return null;
  try {
    return cursorSchema.parse(JSON.parse(stored));
  } catch {
    return null;
  }
}

async function newerEvents(
  { client, call }: StripeConnection,
  after: string | null,
): Promise<Stripe.ApiList<Stripe.Event> | null> {
  try {
    const page = await call(async () =>
      readable(
        await client.events.list({ limit: PAGE, ...(after === null ? {} : { ending_before: after }) }),
      ),
    );
    // Without a cursor the newest page comes first; when there are more, their order cannot be followed.
    return after === null && page.has_more ? null : page;
  } catch (error) {
    if (after !== null && isForgotten(error)) return null;
    throw error;
  }
}

interface ListPage {
  rows: ReturnType<typeof emptyRows>;
  malformed: Malformed[];
  fields: SeenFields;
  /** Null on the last page. */
  lastId: string | null;
}

interface FetchedPage extends IdList {
  seenAt: number;
}

/** Walks one list to its end; the next page is under way while this one is stored. */
async function sweepList(
  connection: StripeConnection,
  clock: Clock,
  kind: (typeof LISTS)[number],
  startAfter: string | null,
  use: (page: ListPage) => void,
): Promise<void> {
  const fetchPage = async (after: string | null): Promise<FetchedPage> => {
    const seenAt = wholeSecond(clock.now());
    return { seenAt, ...(await listPage(connection, kind, { after })) };
  };
  let upcoming: Promise<FetchedPage> | null = fetchPage(startAfter);
  while (upcoming !== null) {
    const { seenAt, data, has_more }: FetchedPage = await upcoming;
    const lastId: string | null = has_more ? (data.at(-1)?.id ?? null) : null;
    upcoming = lastId === null ? null : fetchPage(lastId);
    // A failure while this page is stored is thrown when it is awaited above, not as unhandled.
    upcoming?.catch(() => undefined);
    const rows = emptyRows();
    const malformed = data.flatMap((object) => addRow(rows, kind, object, seenAt) ?? []);
    use({ rows, malformed, fields: { [kind]: fieldsOf(data) }, lastId });
  }
}
