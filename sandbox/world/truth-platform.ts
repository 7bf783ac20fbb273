import { LATENCY_BUCKETS_MS, type UsageRow } from './records.ts';
import { currencyOf, type Scope, type Truth } from './truth-scope.ts';

export function usage(scope: Scope): UsageRow[] {
  const { world, start, end, customerId, currency } = scope;
  const rows = world.usage({ fromAt: start, toAt: end, ...(customerId === null ? {} : { customerId }) });
  return currency === null ? rows : rows.filter((row) => currencyOf(scope, row.customerId) === currency);
}

export function errorRate(scope: Scope): Truth {
  const rows = usage(scope);
  let calls = 0;
  let failed = 0;
  for (const row of rows) {
    calls += row.calls;
    failed += row.errors5xx;
  }
  return { value: calls === 0 ? null : failed / calls, unit: 'ratio', rows: rows.length };
}

export function latencyP95(scope: Scope): Truth {
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
    if (answered * 100 >= calls * 95) break;
    index += 1;
  }
  // Beyond the last bound there is none to name; the last stands for "or more".
  const value = LATENCY_BUCKETS_MS[index] ?? LATENCY_BUCKETS_MS.at(-1) ?? null;
  return { value, unit: 'ms', rows: hours.length };
}

export function uptime(scope: Scope): Truth {
  const end = Math.min(scope.end, scope.world.now());
  if (end <= scope.start) return { value: null, unit: 'ratio', rows: 0 };
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
  return { value: 1 - down / (end - scope.start), unit: 'ratio', rows: spans.length };
}
