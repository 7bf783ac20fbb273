import { ALLOWANCES } from '../world/allowances.ts';
import { DAY, dayNumber, dayStart, HOUR } from '../world/calendar.ts';
import type { UsageRow, World } from '../world/records.ts';
import { inOrder, isAfter, type Place, writeCursor } from './cursor.ts';
import { wireCustomer, wireIncident, wirePerformance, wirePlan, wireUsage } from './wire.ts';

export interface Page {
  data: unknown[];
  /** Where the reader now is; asked with again, it gives only what has changed since. */
  next_cursor: string;
  has_more: boolean;
}

/** One row more than asked for tells whether there is more. */
export function cut<T>(
  rows: T[],
  limit: number,
  after: Place | null,
  place: (row: T) => Place,
  wire: (row: T) => unknown,
): Page {
  const kept = rows.slice(0, limit);
  const last = kept.at(-1);
  const reached = last === undefined ? after : place(last);
  return {
    data: kept.map(wire),
    next_cursor: reached === null ? '' : writeCursor(reached),
    has_more: rows.length > limit,
  };
}

const self = ({ updatedAt, id }: Place): Place => ({ updatedAt, id });

export function customersPage(world: World, after: Place | null, limit: number): Page {
  const rows = world.all('customers').filter((row) => isAfter(row, after));
  return cut(rows.sort(inOrder), limit, after, self, wireCustomer);
}

export function incidentsPage(world: World, after: Place | null, limit: number): Page {
  const rows = world.all('incidents').filter((row) => isAfter(row, after));
  return cut(rows.sort(inOrder), limit, after, self, wireIncident);
}

/** Day by day: no row of a day is changed after the day is over, so that days come in the cursor's order. */
export function usagePage(world: World, after: Place | null, limit: number): Page {
  const rows: UsageRow[] = [];
  const firstAt = world.all('customers')[0]?.createdAt ?? world.now();
  // A day's last change is at the very instant the next day begins.
  const from = Math.max(after === null ? 0 : after.updatedAt - 1, firstAt - DAY);
  for (let day = dayNumber(from); dayStart(day) <= world.now() && rows.length <= limit; day += 1) {
    const startAt = dayStart(day);
    const changed = world.usage({ fromAt: startAt, toAt: startAt + 1 }).filter((row) => isAfter(row, after));
    for (const row of changed.sort(inOrder)) rows.push(row);
  }
  return cut(rows, limit, after, self, wireUsage);
}

export function performancePage(world: World, after: Place | null, limit: number): Page {
  const fromAt = after === null ? 0 : after.updatedAt - HOUR;
  const firstAt = Math.max(fromAt, world.all('customers')[0]?.createdAt ?? world.now());
  const toAt = Math.min(world.now() + 1, firstAt + (limit + 3) * HOUR);
  const rows = world
    .performance({ fromAt, toAt })
    .map((row) => ({ ...row, id: String(row.bucketStartAt) }))
    .filter((row) => isAfter(row, after));
  return cut(rows.sort(inOrder), limit, after, self, wirePerformance);
}

/** The plan catalogue: published when the company began and not changed since. */
export function plansPage(world: World, after: Place | null, limit: number): Page {
  const updatedAt = world.all('products')[0]?.createdAt ?? world.anchor.now;
  const rows = ALLOWANCES.map((allowance) => ({ ...allowance, id: allowance.plan, updatedAt }));
  const fresh = rows.filter((row) => isAfter(row, after)).sort(inOrder);
  return cut(fresh, limit, after, self, wirePlan);
}
