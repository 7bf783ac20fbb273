import { describeFirstReading } from '../domain/first-reading.ts';
import type { SourceStatus } from '../domain/ports.ts';
import type { SweepReport } from '../domain/sweep.ts';
import type { Malformed, SyncedSources, SyncMemory, SyncPage, SyncResource } from '../domain/sync.ts';
import type { Freshness, SourceName } from '../domain/types.ts';
import { SOURCES } from '../domain/types.ts';
import type { Clock } from '../lib/clock.ts';
import { SystemError, UserError } from '../lib/errors.ts';
import type { Logger } from '../lib/logger.ts';
import { createDriftStore, type DriftStore } from './drift.ts';
import { createFirstReadings } from './first-readings.ts';
import type { Store } from './open-store.ts';
import { createSweeps } from './sweeps.ts';
import { createSyncStore } from './sync.ts';

/** One source as the composition root knows it. */
export type SourceConnection =
  | { source: SourceName; connected: true; resources: readonly SyncResource[] }
  | { source: SourceName; connected: false; missing: string };

/** Facts older than this are called stale in an answer, though reading went well. */
const STALE_AFTER_MS = 2 * 3_600_000;

/** What answers need is read first. */
const CHECKS_AFTER_MS = 60_000;

export function createSources(parts: {
  store: Pick<Store, 'sqlite'>;
  connections: readonly SourceConnection[];
  clock: Clock;
  logger: Logger;
  /** How long a question waits for fresh data, in milliseconds of real time, before it goes with what is there. */
  patienceMs?: number;
  /** How long it waits for the very first reading, without which there is nothing to go with. */
  firstPatienceMs?: number;
}): SyncedSources {
  const { clock, logger, connections, patienceMs = 5_000, firstPatienceMs = 12_000 } = parts;
  const syncs = createSyncStore(parts.store);
  const resources = connections.flatMap((connection) => (connection.connected ? connection.resources : []));
  const underWay = new Map<SyncResource, Promise<void>>();
  const badSignatures = new Map<SourceName, number>();
  const drift = createDriftStore(parts.store);
  const firstReadings = createFirstReadings(logger, () => clock.now());
  const sweeps = createSweeps({ store: parts.store, drift, counts: syncs.counts, clock, logger });
  const sweeping = new Map<SourceName, Promise<SweepReport>>();

  async function readOnce(resource: SyncResource): Promise<void> {
    const startedAt = clock.now();
    const problems = createProblems(logger, drift, resource.source, clock);
    const { cursor, syncedAt } = syncs.state(resource.source, resource.name);
    if (syncedAt === null && !resource.forChecksOnly) firstReadings.begin(resource);
    try {
      await resource.read(cursor, (page) => {
        syncs.apply(resource.source, resource.name, page);
        problems.note(page);
        firstReadings.note(resource, page);
      });
      syncs.succeeded(resource, startedAt, problems.summary());
    } catch (error) {
      const message = error instanceof SystemError ? error.message : 'reading failed';
      const reference = error instanceof SystemError ? error.referenceId : undefined;
      logger.warn(
        { source: resource.source, resource: resource.name, reference, error: String(error) },
        'sync failed',
      );
      syncs.failed(resource.source, resource.name, clock.now(), message);
    } finally {
      problems.keep();
      firstReadings.end(resource);
    }
  }

  /** One reading of a resource at a time; who comes meanwhile waits for the same one. */
  function read(resource: SyncResource): Promise<void> {
    const running = underWay.get(resource);
    if (running) return running;
    const started = readOnce(resource).finally(() => underWay.delete(resource));
    underWay.set(resource, started);
    return started;
  }

  /** A reading that began before a change would not show it: after that one, once more. */
  async function readAfresh(resource: SyncResource): Promise<void> {
    await underWay.get(resource);
    await read(resource);
  }

  const age = (resource: SyncResource) =>
    clock.now() - (syncs.state(resource.source, resource.name).syncedAt ?? Number.NEGATIVE_INFINITY);
  const attempted = new Map<SyncResource, number>();
  const openedAt = clock.now();
  const dueAt = (resource: SyncResource) => {
    const last = attempted.get(resource) ?? syncs.state(resource.source, resource.name).syncedAt;
    if (last !== null) return last + resource.pollMs;
    return resource.forChecksOnly ? openedAt + CHECKS_AFTER_MS : clock.now();
  };
  const of = (source: SourceName) => resources.filter((resource) => resource.source === source);
  const answering = (source: SourceName) => of(source).filter((resource) => !resource.forChecksOnly);

  function freshnessOf(source: SourceName): Freshness {
    const states = answering(source).map((resource) => syncs.state(source, resource.name));
    const through = states.map((state) => state.dataThroughAt);
    const known = through.filter((at) => at !== null);
    const throughAt = known.length < through.length || known.length === 0 ? null : Math.min(...known);
    const failing = states.some(
      (state) => state.error !== null && (state.syncedAt === null || state.error.at > state.syncedAt),
    );
    const behind = throughAt === null || clock.now() - throughAt > STALE_AFTER_MS;
    return { source, throughAt, stale: failing || behind };
  }

  function statusOf(source: SourceName): SourceStatus {
    const connection = connections.find((candidate) => candidate.source === source);
    const states = of(source).map((resource) => syncs.state(source, resource.name));
    const succeeded = states.map((state) => state.syncedAt);
    const errors = states.flatMap((state) => state.error ?? []).sort((a, b) => b.at - a.at);
    return {
      source,
      connected: connection?.connected === true,
      missing: connection?.connected === false ? connection.missing : null,
      throughAt: of(source).length === 0 ? null : freshnessOf(source).throughAt,
      lastSuccessAt: succeeded.reduce<number | null>(
        (oldest, at) => (at === null || oldest === null ? null : Math.min(oldest, at)),
        succeeded[0] ?? null,
      ),
      lastError: errors[0] ?? null,
      rows: syncs.counts(of(source).flatMap((resource) => [...resource.tables])),
      badSignatures: badSignatures.get(source) ?? 0,
      firstReading: firstReadings.of(source),
    };
  }

  function sweepOne(source: SourceName): Promise<SweepReport> {
    const running = sweeping.get(source);
    if (running) return running;
    const started = Promise.all(of(source).map(read))
      .then(() => sweeps.sweep(source, of(source)))
      .finally(() => sweeping.delete(source));
    sweeping.set(source, started);
    return started;
  }

  /** @throws UserError `not_ready` saying how far the first reading of one of these sources is. */
  function refuseWhileReading(sources: readonly SourceName[]): void {
    for (const source of sources) {
      const reading = firstReadings.of(source);
      if (reading === null) continue;
      const words = describeFirstReading(source, reading, 'UTC');
      throw new UserError('not_ready', words, 'Ask again in a little while.');
    }
  }

  return {
    status: async () => SOURCES.map(statusOf),
    freshness: async (sources) => sources.map(freshnessOf),
    async refresh(sources, purpose = 'answers') {
      const wanted = sources.flatMap(purpose === 'answers' ? answering : of);
      const old = wanted.filter((resource) => Math.abs(age(resource)) >= resource.refreshMs);
      // Before the first reading is complete there is nothing to go with: that one is waited for, or told of.
      const isNew = (resource: SyncResource) => syncs.state(resource.source, resource.name).syncedAt === null;
      const running = old.map((resource) => {
        const first = isNew(resource);
        return { first, done: first ? read(resource) : readAfresh(resource) };
      });
      const firsts = running.filter(({ first }) => first).map(({ done }) => done);
      if (firsts.length > 0) {
        await Promise.race([Promise.all(firsts), patience(firstPatienceMs)]);
        refuseWhileReading(sources);
      }
      await Promise.race([Promise.all(running.map(({ done }) => done)), patience(patienceMs)]);
    },
    async poll() {
      const due = resources.filter((resource) => dueAt(resource) <= clock.now());
      for (const resource of due) attempted.set(resource, clock.now());
      await Promise.all(due.map(read));
    },
    nextPollAt: () => (resources.length === 0 ? null : Math.min(...resources.map(dueAt))),
    async readNow(names) {
      const wanted = resources.filter((resource) =>
        names.some((name) => name.source === resource.source && name.name === resource.name),
      );
      await Promise.all(wanted.map(readAfresh));
    },
    accept(page, source) {
      syncs.applyRows(page);
      const problems = createProblems(logger, drift, source, clock);
      problems.note(page);
      problems.keep();
    },
    async sweep(wanted = SOURCES) {
      const connected = wanted.filter((source) => of(source).length > 0);
      return Promise.all(connected.map(sweepOne));
    },
    lastSweeps: () => sweeps.last(),
    connected: () => SOURCES.filter((source) => of(source).length > 0),
    drifting: (source) => drift.open(source).length > 0,
    countBadSignature(source) {
      badSignatures.set(source, (badSignatures.get(source) ?? 0) + 1);
    },
  };
}

function patience(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms).unref();
  });
}

/** What could not be read, named in the log, kept as drift and summed up in a sentence. */
function createProblems(logger: Logger, drift: DriftStore, source: SourceName, clock: Clock) {
  const unread: Malformed[] = [];
  return {
    note(page: Pick<SyncPage, 'malformed' | 'fields'>): void {
      for (const row of page.malformed) {
        unread.push(row);
        const { resource, id, what } = row;
        logger.warn({ source, resource, id, what }, 'a row could not be read and was left as it was');
      }
      drift.noteFields(source, page.fields, clock.now());
    },
    keep: () => drift.note(source, unread, clock.now()),
    summary(): string | null {
      const [first] = unread;
      if (first === undefined) return null;
      const rows = unread.length === 1 ? 'row' : 'rows';
      return `${unread.length} ${rows} could not be read (${first.resource} ${first.id}: ${first.what})`;
    },
  };
}

/** What the connectors may ask about what is stored already. */
export function createSyncMemory(store: Pick<Store, 'sqlite'>): SyncMemory {
  const tables = ['subscriptions', 'invoices', 'payments', 'refunds', 'credit_notes'] as const;
  const seen = new Map(
    tables.map((table) => [
      table,
      store.sqlite.prepare<[string], { seen_at: number }>(`SELECT seen_at FROM ${table} WHERE id = ?`),
    ]),
  );
  const processed = store.sqlite.prepare<[string, string], { found: number }>(
    'SELECT 1 AS found FROM webhook_events WHERE source = ? AND event_id = ? AND processed_at IS NOT NULL',
  );
  const unsettled = store.sqlite.prepare<[number], { id: string }>(
    "SELECT id FROM invoices WHERE created_at < ? AND status IN ('draft', 'open', 'uncollectible')",
  );
  const linked = store.sqlite.prepare<[string], { found: number }>(
    'SELECT 1 AS found FROM invoice_payments WHERE payment_intent_id = ?',
  );
  return {
    seenAt: (table, id) => seen.get(table)?.get(id)?.seen_at ?? null,
    eventProcessed: (source, eventId) => processed.get(source, eventId) !== undefined,
    intentLinked: (intent) => linked.get(intent) !== undefined,
    unsettledInvoices: (beforeAt) => unsettled.all(beforeAt).map(({ id }) => id),
  };
}
