import type { BillingConventions } from '../domain/billing/conventions.ts';
import type { Meter } from '../domain/billing/usage-event.ts';
import {
  type Checked,
  checkEvent,
  type Rejection,
  type UsageSettings,
} from '../domain/billing/usage-intake.ts';
import type { FeedPosition, IngestReport } from '../domain/billing/usage-store.ts';
import { UserError } from '../lib/errors.ts';
import type { Store } from './open-store.ts';
import { replayable } from './replayable.ts';
import { createUsageBatch, type Outcome, type TakeOptions, type UsageBatch } from './usage-batch.ts';
import { createUsageCorrections } from './usage-corrections.ts';
import type { createDeadLetters } from './usage-dead-letters.ts';
import { createUsageEventRows } from './usage-events.ts';
import type { createUsageFeeds } from './usage-feeds.ts';
import type { UsageNames } from './usage-names.ts';
import type { createUsagePeriods } from './usage-periods.ts';
import { createUsageRollups } from './usage-rollups.ts';

export interface IngestParts {
  store: Pick<Store, 'sqlite'>;
  names: UsageNames;
  letters: ReturnType<typeof createDeadLetters>;
  periods: ReturnType<typeof createUsagePeriods>;
  feeds: ReturnType<typeof createUsageFeeds>;
  meters: ReadonlyMap<string, Meter>;
  settings: UsageSettings;
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
    for (const part of [rows, periods, corrections, customers]) part.begin();
    const open = createUsageBatch({ names, rows, corrections, periods }, options);
    const report: IngestReport = { stored: 0, duplicates: 0, corrections: 0, late: 0, rejected: {} };
    for (const [index, raw] of batch.entries()) {
      const outcome = judge(raw, open);
      if (outcome.kind === 'stored') report.stored += 1;
      else if (outcome.kind === 'duplicate') report.duplicates += 1;
      else count(report.rejected, outcome.refusal.reason);
      settle(index, outcome);
    }
    rows.insert(open.fresh);
    rollups.add(open.fresh, weighted);
    for (const row of open.undone) rows.replace(row, row.replaced_by ?? '');
    for (const row of open.undone) rollups.remove(row, weighted(row.meter_no));
    return { ...report, ...open.counted };
  }

  function judge(raw: unknown, open: UsageBatch): Outcome {
    const checked: Checked = checkEvent(raw, meters);
    if (!checked.ok) return { kind: 'rejected', refusal: checked.refusal };
    const { customerId } = checked.event;
    if (settings.unknownCustomers === 'accept' || customers.has(customerId)) return open.take(checked.event);
    const words = `There is no customer "${customerId}".`;
    return { kind: 'rejected', refusal: { reason: 'unknown_customer', words } };
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
