import { LATENCY_BUCKETS_MS, type UsageRow } from './records.ts';
import { count, currencyOf, type Scope, type Truth } from './truth-scope.ts';

export function usage(scope: Scope): UsageRow[] {
  const { world, start, end, customerId, currency } = scope;
  const rows = world.usage({ fromAt: start, toAt: end, ...(customerId === null ? {} : { customerId }) });
  return currency === null ? rows : rows.filter((row) => currencyOf(scope, row.customerId) === currency);
}

export const errorRate = (scope: Scope): Truth => shareOfCalls(scope, ({ errors5xx }) => errors5xx);
export const clientErrorRate = (scope: Scope): Truth => shareOfCalls(scope, ({ errors4xx }) => errors4xx);

function shareOfCalls(scope: Scope, pick: (row: UsageRow) => number): Truth {
  const rows = usage(scope);
  let calls = 0;
  let failed = 0;
  for (const row of rows) {
    calls += row.calls;
    failed += pick(row);
  }
  return { value: calls === 0 ? null : failed / calls, unit: 'ratio', rows: rows.length };
}

export const latencyP50 = (scope: Scope): Truth => latency(scope, 50);
export const latencyP95 = (scope: Scope): Truth => latency(scope, 95);
export const latencyP99 = (scope: Scope): Truth => latency(scope, 99);

function latency(scope: Scope, percent: number): Truth {
  const hours = scope.world.performance({ fromAt: scope.start, toAt: scope.end });
  const counts: number[] = [];
  for (const hour of hours) {
    for (const [index, calls] of hour.latencyCounts.entries()) counts[index] = (counts[index] ?? 0) + calls;
  }
  const calls = counts.reduce((sum, value) => sum + value, 0);
  if (calls === 0) return { value: null, unit: 'ms', rows: hours.length };
  let answered = 0;
  let index = 0;
  while (index < counts.length) {
    answered += counts[index] ?? 0;
    if (answered * 100 >= calls * percent) break;
    index += 1;
  }
  // Beyond the last bound there is none to name; the last stands for "or more".
  const value = LATENCY_BUCKETS_MS[index] ?? LATENCY_BUCKETS_MS.at(-1) ?? null;
  return { value, unit: 'ms', rows: hours.length };
}

export function uptime(scope: Scope): Truth {
  const { down, length, rows } = downtime(scope);
  return { value: length <= 0 ? null : 1 - down / length, unit: 'ratio', rows };
}

const SLO_TARGET = 0.999;

export function sloBurn(scope: Scope): Truth {
  const { down, length, rows } = downtime(scope);
  return { value: length <= 0 ? null : down / (length * (1 - SLO_TARGET)), unit: 'ratio', rows };
}

/** Milliseconds that major and critical incidents covered, and of how many. */
function downtime(scope: Scope): { down: number; length: number; rows: number } {
  const end = Math.min(scope.end, scope.world.now());
  if (end <= scope.start) return { down: 0, length: 0, rows: 0 };
  const spans = scope.world
    .all('incidents')
    .filter(({ severity }) => severity !== 'minor')
    .map(
      ({ startedAt, endedAt }) => [Math.max(startedAt, scope.start), Math.min(endedAt ?? end, end)] as const,
    )
    .filter(([from, to]) => to > from)
    .sort((a, b) => a[0] - b[0]);
  let down = 0;
  let covered = scope.start;
  for (const [from, to] of spans) {
    down += Math.max(0, to - Math.max(from, covered));
    covered = Math.max(covered, to);
  }
  return { down, length: end - scope.start, rows: spans.length };
}

/** Rows of the period with at least one call. */
const called = (scope: Scope) => usage(scope).filter(({ calls }) => calls > 0);
const customersOf = (rows: readonly UsageRow[]) => new Set(rows.map(({ customerId }) => customerId)).size;

export function uniqueApis(scope: Scope): Truth {
  const rows = called(scope);
  return count(new Set(rows.map(({ category }) => category)).size, rows.length);
}

export function activeApiCustomers(scope: Scope): Truth {
  const rows = called(scope);
  return count(customersOf(rows), rows.length);
}

export function callsPerCustomer(scope: Scope): Truth {
  const rows = called(scope);
  const calls = rows.reduce((sum, row) => sum + row.calls, 0);
  return { value: rows.length === 0 ? null : calls / customersOf(rows), unit: 'count', rows: rows.length };
}
