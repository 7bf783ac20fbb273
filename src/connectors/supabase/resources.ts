import { z } from 'zod';
import type { Malformed, SyncResource, SyncRows } from '../../domain/sync.ts';
import type { Clock } from '../../lib/clock.ts';
import { SystemError } from '../../lib/errors.ts';
import { fieldsOf } from '../drift.ts';
import { readRows } from '../reading.ts';
import { sayingRefusals } from '../resilience.ts';
import { type Keyset, PAGE, type SupabaseTables } from './client.ts';
import { subscriptionVersionSchema, ticketSchema, userProfileSchema } from './rows.ts';

/** A transaction may become visible after one with a later `updated_at`: so far back is read again. */
const OVERLAP_MS = 5_000;

const keysetSchema = z.object({ updatedAt: z.iso.datetime({ offset: true }), id: z.string() });
const placedSchema = z.looseObject({
  id: z.union([z.string(), z.number()]).transform(String),
  updated_at: z.iso.datetime({ offset: true }),
});

/** Supabase's three tables, followed by (updated_at, id). */
export function supabaseResources(tables: SupabaseTables, clock: Clock): SyncResource[] {
  return [
    followed(tables, clock, 'subscription_data', ['subscription_versions'], (data) => {
      const { rows, malformed } = readRows('subscription_data', subscriptionVersionSchema, data);
      return { rows: { subscription_versions: rows }, malformed };
    }),
    followed(tables, clock, 'support_tickets', ['tickets'], (data) => {
      const { rows, malformed } = readRows('support_tickets', ticketSchema, data);
      return { rows: { tickets: rows }, malformed };
    }),
    followed(tables, clock, 'user_profiles', ['user_profiles'], (data) => {
      const { rows, malformed } = readRows('user_profiles', userProfileSchema, data);
      return { rows: { user_profiles: rows }, malformed };
    }),
  ].map(sayingRefusals);
}

function followed(
  tables: SupabaseTables,
  clock: Clock,
  name: string,
  filled: SyncResource['tables'],
  read: (data: readonly unknown[]) => { rows: SyncRows; malformed: Malformed[] },
): SyncResource {
  return {
    source: 'supabase',
    name,
    tables: filled,
    // Nothing tells of a change here: what was written a moment ago must be in the answer to who asks now.
    refreshMs: 0,
    pollMs: 30_000,
    async read(stored, sink) {
      let last = parseKeyset(stored);
      let after = last === null ? null : rewound(last);
      for (;;) {
        const startedAt = clock.now();
        const data = await tables.changedAfter(name, after);
        const more = data.length >= PAGE;
        const reached = more ? placedLast(data, name) : lastPlaced(data);
        if (reached !== null && (last === null || isAfter(reached, last))) last = reached;
        sink({
          ...read(data),
          fields: { [name]: fieldsOf(data) },
          cursor: last === null ? null : JSON.stringify(last),
          dataThroughAt: more ? null : startedAt,
        });
        if (!more) return;
        after = reached;
      }
    },
    async compare(fromAt, hold) {
      let after: Keyset | null = fromAt === 0 ? null : { updatedAt: new Date(fromAt).toISOString(), id: '' };
      for (;;) {
        const data = await tables.changedAfter(name, after);
        await hold({ ...read(data), fields: { [name]: fieldsOf(data) } });
        if (data.length < PAGE) return filled.map((table) => ({ table, fromAt }));
        after = placedLast(data, name);
      }
    },
  };
}

/** A cursor that cannot be read costs a full read, nothing else. */
function parseKeyset(stored: string | null): Keyset | null {
  if (stored === null) return null;
  try {
    return keysetSchema.parse(JSON.parse(stored));
  } catch {
    return null;
  }
}

function rewound({ updatedAt }: Keyset): Keyset {
  return { updatedAt: new Date(Date.parse(updatedAt) - OVERLAP_MS).toISOString(), id: '' };
}

function lastPlaced(data: readonly unknown[]): Keyset | null {
  for (const row of [...data].reverse()) {
    const placed = placedSchema.safeParse(row);
    if (placed.success) return { updatedAt: placed.data.updated_at, id: placed.data.id };
  }
  return null;
}

/** @throws SystemError when a full page does not tell where the next begins. */
function placedLast(data: readonly unknown[], name: string): Keyset {
  const placed = lastPlaced(data);
  if (placed !== null) return placed;
  throw new SystemError('source_malformed', `Supabase ${name}: a page without a readable updated_at`);
}

function isAfter(a: Keyset, b: Keyset): boolean {
  const [atA, atB] = [Date.parse(a.updatedAt), Date.parse(b.updatedAt)];
  // Within one millisecond the server's own order by microsecond text decides; both texts have one format.
  if (atA !== atB) return atA > atB;
  return a.updatedAt === b.updatedAt ? a.id > b.id : a.updatedAt > b.updatedAt;
}
