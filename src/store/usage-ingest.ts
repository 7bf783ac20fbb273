import type { BillingConventions } from '../domain/billing/conventions.ts';
import type { Meter } from '../domain/billing/usage-event.ts';
import {
  type Checked,
  checkEvent,
  type ReadEvent,
  type Refusal,
  type Rejection,
  type UsageSettings,
} from '../domain/billing/usage-intake.ts';
import type { FeedPosition, IngestReport } from '../domain/billing/usage-store.ts';
import { UserError } from '../lib/errors.ts';
import type { Store } from './open-store.ts';
import { replayable } from './replayable.ts';
import { createUsageCorrections } from './usage-corrections.ts';
import type { createDeadLetters } from './usage-dead-letters.ts';
import { createUsageEventRows, type EventRow, rowOf } from './usage-events.ts';
import type { createUsageFeeds } from './usage-feeds.ts';
import type { UsageNames } from './usage-names.ts';
import type { createUsagePeriods } from './usage-periods.ts';
import { createUsageRollups } from './usage-rollups.ts';

const DAY_MS = 24 * 3_600_000;

/** What one event came to. */
export type Outcome = { kind: 'stored' } | { kind: 'duplicate' } | { kind: 'rejected'; refusal: Refusal };

export interface IngestParts {
  store: Pick<Store, 'sqlite'>;
  names: UsageNames;
  letters: ReturnType<typeof createDeadLetters>;
  periods: ReturnType<typeof createUsagePeriods>;
  feeds: ReturnType<typeof createUsageFeeds>;
  meters: ReadonlyMap<string, Meter>;
  settings: UsageSettings;
}

export interface TakeOptions {
  conventions: BillingConventions;
  nowAt: number;
  /** Events of any age: history, or by a person's decision. */
  acceptOld?: boolean;
}

export interface UsageIngest {
  ingest(
    batch: readonly unknown[],
    conventions: BillingConventions,
    nowAt: number,
    feed?: FeedPosition,
  ): IngestReport;
  /**
   * Takes events within the caller's transaction, handing what became of each to `settle`, and leaves nothing in the
   * dead letters by itself. The caller reports `committed` afterwards.
   */
  take(
    batch: readonly unknown[],
    options: TakeOptions,
    settle: (index: number, outcome: Outcome) => void,
  ): IngestReport;
  /** Runs the work as one transaction; what was noted in memory follows its end. */
  atOnce(work: () => IngestReport): IngestReport;
}

export function createUsageIngest(parts: IngestParts): UsageIngest {
  const { store, names, letters, periods, feeds, meters, settings } = parts;
  const { sqlite } = store;
  const rows = createUsageEventRows(store);
  const rollups = createUsageRollups(store);
  const corrections = createUsageCorrections(store);
  const customers = knownCustomers(store);
  const weighted = (meterNo: number) => meters.get(names.name(meterNo))?.aggregation === 'weighted_sum';

  function take(
    batch: readonly unknown[],
    options: TakeOptions,
    settle: (index: number, outcome: Outcome) => void,
  ): IngestReport {
    const report: IngestReport = { stored: 0, duplicates: 0, corrections: 0, late: 0, rejected: {} };
    rows.begin();
    periods.begin();
    corrections.begin();
    customers.begin();
    const fresh: EventRow[] = [];
    const inBatch = new Map<number, Map<string, EventRow>>();
    /** Stored events that count no more. */
    const undone: EventRow[] = [];
    const { conventions, nowAt } = options;
    const { acceptedDays, dedupeDays } = conventions.lateUsage;
    const rememberedFromAt = dedupeDays === null ? 0 : Math.max(0, nowAt - dedupeDays * DAY_MS);

    const look = (sourceNo: number, id: string, at: number): EventRow | null =>
      inBatch.get(sourceNo)?.get(id) ?? rows.find(sourceNo, id, at, rememberedFromAt);

    /** Null when the time of the event speaks against nothing. */
    function untimely({ at }: ReadEvent): Refusal | null {
      if (at > nowAt + settings.futureToleranceMs)
        return { reason: 'future', words: `It is of ${iso(at)}, which has not come yet.` };
      if (options.acceptOld || nowAt - at <= acceptedDays * DAY_MS) return null;
      return { reason: 'too_old', words: `It is of ${iso(at)}, more than ${acceptedDays} days ago.` };
    }

    /** What happens to periods already rated, of the event itself and of the one it replaces. */
    function reach(places: readonly { customerId: string; at: number }[]): Refusal | 'late' | 'timely' {
      const touched = places.flatMap(({ customerId, at }) =>
        periods.at(customerId, at).map((period) => ({ customerId, period })),
      );
      const closed = touched.find(({ period }) => period.state === 'closed');
      if (closed !== undefined && conventions.lateUsage.closedPeriod === 'refuse') {
        const until = iso(closed.period.end_at);
        return {
          reason: 'closed_period',
          words: `The period until ${until} has been invoiced and is closed.`,
        };
      }
      for (const { customerId, period } of touched) periods.markDirty(customerId, period, conventions, nowAt);
      return touched.length > 0 ? 'late' : 'timely';
    }

    function takeOne(event: ReadEvent): Outcome {
      const reject = (refusal: Refusal): Outcome => ({ kind: 'rejected', refusal });
      const sourceNo = names.number(event.source);
      const known =
        inBatch.get(sourceNo)?.get(event.id) ?? rows.meet(sourceNo, event.id, event.at, rememberedFromAt);
      if (known !== null) {
        const differs = difference(event, known, names);
        return differs === null ? { kind: 'duplicate' } : reject(conflict(event, differs));
      }
      const untimed = untimely(event);
      if (untimed !== null) return reject(untimed);
      const by = corrections.of(sourceNo, event.id);
      const { corrects } = event;
      let original: EventRow | null = null;
      if (corrects !== null) {
        const other = corrections.of(sourceNo, corrects);
        if (other !== null)
          return reject({
            reason: 'corrected_twice',
            words: `"${corrects}" is replaced by "${other}" already: correct that one.`,
          });
        if (by === corrects)
          return reject({ reason: 'malformed', words: 'The two events correct each other.' });
        original = look(sourceNo, corrects, event.at);
      }
      const places =
        original === null ? [] : [{ customerId: names.name(original.customer_no), at: original.at }];
      if (!periods.isBeyond(event.customerId, event.at))
        places.push({ customerId: event.customerId, at: event.at });
      const reached = places.length === 0 ? 'timely' : reach(places);
      if (typeof reached === 'object') return reject(reached);
      const row = rowOf(
        event,
        {
          source: sourceNo,
          customer: names.number(event.customerId),
          meter: names.number(event.meter.id),
          group: names.number(event.group),
        },
        nowAt,
      );
      row.replaced_by = by;
      if (by !== null) corrections.originalCame(sourceNo, event.id, row.hour);
      if (corrects !== null) {
        corrections.add(sourceNo, corrects, event.id, original?.hour ?? null);
        if (original !== null) {
          if (inBatch.get(sourceNo)?.get(corrects) === original) original.replaced_by = event.id;
          else undone.push({ ...original, replaced_by: event.id });
        }
        report.corrections += 1;
      }
      if (reached === 'late') report.late += 1;
      let ofSource = inBatch.get(sourceNo);
      if (ofSource === undefined) {
        ofSource = new Map();
        inBatch.set(sourceNo, ofSource);
      }
      ofSource.set(event.id, row);
      fresh.push(row);
      return { kind: 'stored' };
    }

    function judge(raw: unknown): Outcome {
      const checked: Checked = checkEvent(raw, meters);
      if (!checked.ok) return { kind: 'rejected', refusal: checked.refusal };
      const { customerId } = checked.event;
      if (settings.unknownCustomers === 'reject' && !customers.has(customerId)) {
        const words = `There is no customer "${customerId}".`;
        return { kind: 'rejected', refusal: { reason: 'unknown_customer', words } };
      }
      return takeOne(checked.event);
    }

    for (const [index, raw] of batch.entries()) {
      const outcome = judge(raw);
      if (outcome.kind === 'stored') report.stored += 1;
      else if (outcome.kind === 'duplicate') report.duplicates += 1;
      else count(report.rejected, outcome.refusal.reason);
      settle(index, outcome);
    }
    rows.insert(fresh);
    rollups.add(fresh, weighted);
    for (const row of undone) rows.replace(row, row.replaced_by ?? '');
    for (const row of undone) rollups.remove(row, weighted(row.meter_no));
    return report;
  }

  const begin = sqlite.transaction((work: () => IngestReport) => work());
  function atOnce(work: () => IngestReport): IngestReport {
    try {
      const report = replayable(sqlite, () => begin.immediate(work));
      rows.committed(report.stored);
      return report;
    } catch (error) {
      names.forget();
      corrections.forget();
      throw error;
    }
  }

  return {
    take,
    atOnce,
    ingest(batch, conventions, nowAt, feed) {
      if (batch.length > settings.batchLimit)
        throw new UserError(
          'invalid_input',
          `${batch.length} events are more than the ${settings.batchLimit} one batch may bring.`,
          'Send them in several batches.',
        );
      return atOnce(() => {
        // Until a feed has been read to its present, what it brings is its history, not late news.
        const acceptOld = feed !== undefined && feeds.state(feed.source).throughAt === null;
        const report = take(batch, { conventions, nowAt, acceptOld }, (index, outcome) => {
          if (outcome.kind === 'rejected') letters.keep(batch[index], outcome.refusal, nowAt);
        });
        if (feed !== undefined) feeds.move(feed, nowAt);
        return report;
      });
    },
  };
}

function count(rejected: IngestReport['rejected'], reason: Rejection): void {
  rejected[reason] = (rejected[reason] ?? 0) + 1;
}

const iso = (at: number) => new Date(at).toISOString();

function conflict({ source, id }: ReadEvent, differs: string): Refusal {
  return {
    reason: 'conflict',
    words: `"${id}" of ${source} is known with another ${differs}. Send a correction under an id of its own.`,
  };
}

/** The first thing in which an event is not the one stored under its name; null when it is the same. */
function difference(event: ReadEvent, row: EventRow, names: UsageNames): string | null {
  if (event.at !== row.at) return 'time';
  if (event.customerId !== names.name(row.customer_no)) return 'customer';
  if (event.meter.id !== names.name(row.meter_no)) return 'meter';
  if (event.units !== row.units || event.scale !== row.scale) return 'value';
  if (event.properties !== row.properties) return 'set of properties';
  return event.corrects === row.corrects ? null : 'event that it corrects';
}

/** Who is a customer; somebody new is looked for once a batch. */
function knownCustomers({ sqlite }: Pick<Store, 'sqlite'>) {
  const find = sqlite.prepare<[string], { id: string }>('SELECT id FROM customers WHERE id = ?');
  const known = new Set<string>();
  const unknown = new Set<string>();
  return {
    begin: () => unknown.clear(),
    has(id: string): boolean {
      if (known.has(id)) return true;
      if (unknown.has(id)) return false;
      const found = find.get(id) !== undefined;
      (found ? known : unknown).add(id);
      return found;
    },
  };
}
