import type { ServicePeriod } from '../domain/billing/invoice.ts';
import { MOST_DECIMALS } from '../domain/billing/scaled.ts';
import type { Meter } from '../domain/billing/usage-event.ts';
import type { UsageTotal } from '../domain/billing/usage-store.ts';
import { inOrder } from '../domain/billing/usage-tally.ts';
import { type Exact, fraction, ZERO } from '../domain/money/exact.ts';
import type { Store } from './open-store.ts';
import { HOUR_MS, hourOf } from './usage-events.ts';
import type { UsageNames } from './usage-names.ts';

/** Sums of several hours or events; every integer as the engine's 64 bits. */
interface Part {
  customer_no: bigint;
  group_no: bigint;
  scale: bigint;
  count: bigint;
  sum: bigint;
  max: bigint | null;
  /** Sum of units x milliseconds until `weighedUntil` of the query. */
  weighted: bigint;
}

interface LastPart {
  customer_no: bigint;
  group_no: bigint;
  scale: bigint;
  at: bigint | null;
  id: string | null;
  units: bigint | null;
}

/** As the engine's integers: a number that does not fit 32 bits would be bound as a float, and reckoned with as one. */
interface Bound {
  meter: bigint;
  customer: bigint | null;
  from: bigint;
  to: bigint;
  /** The hour, or instant, that levels are weighed until. */
  until: bigint;
}

interface Span {
  meter: number;
  customer: number | null;
  from: number;
  to: number;
  until: number;
}

/** Everything at one scale, so that sums of different ones add. */
interface Running {
  customerNo: number;
  groupNo: number;
  count: number;
  sum: bigint;
  max: bigint | null;
  weighted: bigint;
  opening: bigint;
  last: { at: number; id: string; value: bigint } | null;
}

const ONE = 10n ** BigInt(MOST_DECIMALS);
const WHO = 'customer_no, group_no, scale';
const HOURS = `${WHO}, SUM(count) AS count, SUM(sum_units) AS sum, MAX(max_units) AS max`;
const ALL_HOURS =
  'usage_rollups WHERE hour >= @from AND hour < @to AND meter_no = @meter AND @customer IS NULL';
/** Hour by hour that there is: one step of the B-tree each, past all other customers. */
const HOURS_OF_ONE = `(WITH RECURSIVE hours (at) AS (
    SELECT MIN(hour) FROM usage_rollups WHERE hour >= @from
    UNION ALL
    SELECT (SELECT MIN(hour) FROM usage_rollups WHERE hour > hours.at) FROM hours WHERE hours.at < @to)
  SELECT r.* FROM hours CROSS JOIN usage_rollups r
    ON r.hour = hours.at AND r.customer_no = @customer AND r.meter_no = @meter WHERE hours.at < @to)`;
const PIECE = `usage_events WHERE hour = @from / ${HOUR_MS} AND at >= @from AND at < @to AND meter_no = @meter
  AND (@customer IS NULL OR customer_no = @customer) AND replaced_by IS NULL`;
const GROUPED = 'GROUP BY customer_no, group_no, scale';

/** Usage by customer and group from hours, and from events where an hour is cut. */
export function createUsageReader({ sqlite }: Pick<Store, 'sqlite'>, names: UsageNames) {
  const parts = (what: string, from: string) =>
    sqlite.prepare<[Bound], Part>(`SELECT ${what} FROM ${from} ${GROUPED}`).safeIntegers();
  const lasts = (what: string, from: string) =>
    sqlite.prepare<[Bound], LastPart>(`SELECT ${what} FROM ${from}`).safeIntegers();
  const ofHours = (from: string) => ({
    weighed: parts(
      `${HOURS}, SUM(tail) + ${HOUR_MS} * SUM(sum_units * (@until - 1 - hour)) AS weighted`,
      from,
    ),
    plain: parts(`${HOURS}, 0 AS weighted`, from),
    // No two hours have their last event at one instant: the columns beside MAX are those of its row.
    last: lasts(`${WHO}, MAX(last_at) AS at, last_id AS id, last_units AS units`, `${from} ${GROUPED}`),
  });
  const hoursOfAll = ofHours(ALL_HOURS);
  const hoursOfOne = ofHours(HOURS_OF_ONE);
  // Only amounts of meters weighted by time are small enough to be multiplied by milliseconds.
  const piece = `${WHO}, COUNT(*) AS count, SUM(units) AS sum, MAX(units) AS max`;
  const ofEvents = {
    weighed: parts(`${piece}, SUM(units * (@until - at)) AS weighted`, PIECE),
    plain: parts(`${piece}, 0 AS weighted`, PIECE),
  };
  const lastOfEvents = lasts(`${WHO}, at, id, units`, PIECE);

  return function read(meter: Meter, period: ServicePeriod, customer: number | null): UsageTotal[] {
    const meterNo = names.known(meter.id);
    if (meterNo === null || period.endAt <= period.startAt) return [];
    const totals = createTotals();
    const weighted = meter.aggregation === 'weighted_sum';
    const byLast = meter.aggregation === 'last';
    const { startAt, endAt } = period;
    const bound = { meter: meterNo, customer };
    const byHour = customer === null ? hoursOfAll : hoursOfOne;
    for (const { from, to, whole } of cut(startAt, endAt)) {
      if (whole) {
        const hours = boundOf({ ...bound, from: hourOf(from), to: hourOf(to), until: hourOf(to) });
        for (const part of (weighted ? byHour.weighed : byHour.plain).all(hours)) {
          // Weighed until the last whole hour; from there to the end the sum of all changes stands.
          totals.add({ ...part, weighted: part.weighted + part.sum * BigInt(endAt - to) });
        }
        if (byLast) for (const last of byHour.last.all(hours)) totals.last(last);
      } else {
        const piece = boundOf({ ...bound, from, to, until: endAt });
        for (const part of (weighted ? ofEvents.weighed : ofEvents.plain).all(piece)) totals.add(part);
        if (byLast) for (const last of lastOfEvents.all(piece)) totals.last(last);
      }
    }
    if (meter.carriesOver) {
      const edge = hourOf(startAt);
      const before = boundOf({ ...bound, from: 0, to: edge, until: edge });
      for (const part of byHour.plain.all(before)) totals.opening(part);
      const rest = boundOf({ ...bound, from: edge * HOUR_MS, to: startAt, until: startAt });
      for (const part of ofEvents.plain.all(rest)) totals.opening(part);
    }
    return inOrder(
      totals.all().flatMap((total) => {
        // An hour all of whose events were replaced says nothing.
        if (total.count === 0 && total.opening === 0n) return [];
        return totalOf(total, { meter, period, names, weighted });
      }),
    );
  };
}

function boundOf({ meter, customer, from, to, until }: Span): Bound {
  return {
    meter: BigInt(meter),
    customer: customer === null ? null : BigInt(customer),
    from: BigInt(from),
    to: BigInt(to),
    until: BigInt(until),
  };
}

/** The whole hours of a period, and the pieces of hours at its ends. */
function cut(startAt: number, endAt: number): { from: number; to: number; whole: boolean }[] {
  const first = Math.ceil(startAt / HOUR_MS) * HOUR_MS;
  const last = Math.floor(endAt / HOUR_MS) * HOUR_MS;
  if (first > last) return [{ from: startAt, to: endAt, whole: false }];
  return [
    { from: startAt, to: first, whole: false },
    { from: first, to: last, whole: true },
    { from: last, to: endAt, whole: false },
  ].filter(({ from, to }) => from < to);
}

function createTotals() {
  const totals = new Map<number, Running>();
  const of = (part: Pick<Part, 'customer_no' | 'group_no'>): Running => {
    const [customerNo, groupNo] = [Number(part.customer_no), Number(part.group_no)];
    const key = customerNo * 2 ** 26 + groupNo;
    const known = totals.get(key);
    if (known) return known;
    const begun = { count: 0, sum: 0n, max: null, weighted: 0n, opening: 0n, last: null };
    const total: Running = { customerNo, groupNo, ...begun };
    totals.set(key, total);
    return total;
  };
  const raised = (units: bigint, scale: bigint) => units * 10n ** (BigInt(MOST_DECIMALS) - scale);
  return {
    all: () => [...totals.values()],
    add(part: Part): void {
      const total = of(part);
      total.count += Number(part.count);
      total.sum += raised(part.sum, part.scale);
      total.weighted += raised(part.weighted, part.scale);
      if (part.max === null) return;
      const max = raised(part.max, part.scale);
      if (total.max === null || max > total.max) total.max = max;
    },
    opening(part: Part): void {
      if (part.sum !== 0n) of(part).opening += raised(part.sum, part.scale);
    },
    last(part: LastPart): void {
      if (part.at === null || part.id === null || part.units === null) return;
      const total = of(part);
      const last = { at: Number(part.at), id: part.id, value: raised(part.units, part.scale) };
      if (total.last === null || isLater(last, total.last)) total.last = last;
    },
  };
}

type Last = NonNullable<Running['last']>;

function isLater(last: Last, than: Last): boolean {
  return last.at === than.at ? last.id > than.id : last.at > than.at;
}

function totalOf(
  total: Running,
  of: { meter: Meter; period: ServicePeriod; names: UsageNames; weighted: boolean },
): UsageTotal {
  const lowered = (value: bigint): Exact => (value === 0n ? ZERO : fraction(value, ONE));
  const stood = total.opening * BigInt(of.period.endAt - of.period.startAt);
  return {
    customerId: of.names.name(total.customerNo),
    meter: of.meter.id,
    group: of.names.name(total.groupNo),
    count: total.count,
    sum: lowered(total.sum),
    max: total.max === null ? null : lowered(total.max),
    last: total.last === null ? null : { at: total.last.at, value: lowered(total.last.value) },
    weightedMs: of.weighted ? lowered(total.weighted + stood) : ZERO,
    opening: lowered(total.opening),
  };
}
