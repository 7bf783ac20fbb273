import { METERS, meterOf } from '../domain/billing/meters.ts';
import type { Meter } from '../domain/billing/usage-event.ts';
import { DEFAULT_USAGE_SETTINGS, type UsageSettings } from '../domain/billing/usage-intake.ts';
import type { StoredUsageEvent, UsageQuestion, UsageStore } from '../domain/billing/usage-store.ts';
import { tallyEvents } from '../domain/billing/usage-tally.ts';
import { UserError } from '../lib/errors.ts';
import type { Store } from './open-store.ts';
import { createDeadLetters } from './usage-dead-letters.ts';
import { createUsageFeeds } from './usage-feeds.ts';
import { createUsageIngest } from './usage-ingest.ts';
import { createUsageNames } from './usage-names.ts';
import { createUsagePeriods } from './usage-periods.ts';
import { createRawEvents } from './usage-raw.ts';
import { createUsageReader } from './usage-read.ts';
import { createReplay } from './usage-replay.ts';

/** Usage in the embedded store. Meters are those of PsiZero unless told. */
export function createUsageStore(
  store: Pick<Store, 'sqlite'>,
  options: { meters?: readonly Meter[]; settings?: Partial<UsageSettings> } = {},
): UsageStore {
  const meters = options.meters ?? METERS;
  const settings = { ...DEFAULT_USAGE_SETTINGS, ...options.settings };
  const names = createUsageNames(store);
  const letters = createDeadLetters(store);
  const periods = createUsagePeriods(store);
  const feeds = createUsageFeeds(store);
  const byId = new Map(meters.map((meter) => [meter.id, meter]));
  const intake = createUsageIngest({ store, names, letters, periods, feeds, meters: byId, settings });
  const read = createUsageReader(store, names);
  const raw = createRawEvents(store, names);
  const replay = createReplay({ intake, letters, batchLimit: settings.batchLimit });

  function metered(id: string): Meter {
    const meter = meterOf(id, meters);
    if (meter !== null) return meter;
    const known = meters.map((each) => each.id).join(', ');
    throw new UserError('not_found', `There is no meter "${id}".`, `There are: ${known}.`);
  }

  /** Null when nobody of that name ever used anything. */
  function customerNo(id: string | null): { no: number | null } | null {
    if (id === null) return { no: null };
    const no = names.known(id);
    return no === null ? null : { no };
  }

  function* rawEvents(
    { meter, period, customerId }: UsageQuestion,
    group: string | undefined,
    countingOnly: boolean,
  ): Generator<StoredUsageEvent> {
    const meterNo = names.known(metered(meter).id);
    const customer = customerNo(customerId);
    const groupNo = group === undefined ? null : names.known(group);
    if (meterNo === null || customer === null || (group !== undefined && groupNo === null)) return;
    const { startAt: fromAt, endAt: toAt } = period;
    if (fromAt >= toAt) return;
    yield* raw({ meterNo, customerNo: customer.no, groupNo, fromAt, toAt, countingOnly });
  }

  return {
    ingest: intake.ingest,
    getUsage({ meter, period, customerId }) {
      const found = metered(meter);
      const customer = customerNo(customerId);
      return customer === null ? [] : read(found, period, customer.no);
    },
    getUsageFromEvents({ meter, period, customerId }) {
      const found = metered(meter);
      const startAt = found.carriesOver ? 0 : period.startAt;
      const events = rawEvents({ meter, customerId, period: { ...period, startAt } }, undefined, true);
      return tallyEvents(events, found, period).filter(
        ({ count, opening }) => count > 0 || opening.numerator !== 0n,
      );
    },
    getRawEvents: ({ group, countingOnly = false, ...question }) => rawEvents(question, group, countingOnly),
    markPeriod: periods.mark,
    reopenPeriod: periods.reopen,
    dirtyPeriods: periods.dirty,
    settlePeriod: periods.settle,
    unsettlePeriod: periods.unsettle,
    deadLetters: letters.open,
    openDeadLetters: letters.counts,
    replayDeadLetters: replay,
    dropDeadLetters(nos, by, nowAt) {
      for (const no of nos) letters.dropped(no, by, nowAt);
    },
    feed: feeds.state,
    feedFailed: feeds.failed,
  };
}
