import { DAY, dayNumber, dayStart } from './calendar.ts';
import { count, fits, type Scope, type Truth } from './truth-scope.ts';

const FOUR_WEEKS = 28;

/** Calls by company day, of the days from `first` until before `end`. */
function callsByDay({ world, customerId }: Scope, first: number, end: number): number[] {
  const calls = new Array<number>(end - first).fill(0);
  const filter = { fromAt: dayStart(first), toAt: dayStart(end) };
  for (const row of world.usage(customerId === null ? filter : { ...filter, customerId })) {
    const day = dayNumber(row.bucketStartAt) - first;
    calls[day] = (calls[day] ?? 0) + row.calls;
  }
  return calls;
}

/** Four complete weeks against the four before; a day and its counterpart are left out where either had an incident. */
export function callsTrend(scope: Scope): Truth {
  const end = dayNumber(scope.at);
  const first = end - 2 * FOUR_WEEKS;
  const calls = callsByDay(scope, first, end);
  const troubled = (day: number) =>
    scope.world
      .all('incidents')
      .some(
        ({ severity, startedAt, endedAt }) =>
          severity !== 'minor' &&
          startedAt < dayStart(day + 1) &&
          startedAt <= scope.at &&
          (endedAt ?? Number.POSITIVE_INFINITY) > dayStart(day),
      );
  let [now, before, rows] = [0, 0, 0];
  for (let day = end - FOUR_WEEKS; day < end; day += 1) {
    if (troubled(day) || troubled(day - FOUR_WEEKS)) continue;
    now += calls[day - first] ?? 0;
    before += calls[day - FOUR_WEEKS - first] ?? 0;
    rows += 1;
  }
  return { value: before === 0 ? null : now / before - 1, unit: 'ratio', rows };
}

/** Complete company days without a call, counted back from the last one; 90 at most. */
export function quietDays(scope: Scope): Truth {
  const end = dayNumber(scope.at);
  const calls = callsByDay(scope, end - 90, end);
  const last = calls.findLastIndex((one) => one > 0);
  return count(calls.length - 1 - last, calls.length);
}

/** Tickets of the last 90 days that were open and unanswered at the instant, for more than a day. */
export function ticketsUnanswered(scope: Scope): Truth {
  const { at, world } = scope;
  const waiting = world
    .all('tickets')
    .filter(
      ({ customerId, openedAt, firstResponseAt, closedAt }) =>
        fits(scope, { customerId, currency: world.get('customers', customerId)?.currency ?? '' }) &&
        openedAt >= at - 90 * DAY &&
        openedAt < at - DAY &&
        (firstResponseAt === null || firstResponseAt > at) &&
        (closedAt === null || closedAt > at),
    );
  return count(waiting.length);
}
