import { type Metric, NOBODY } from './metric.ts';

/**
 * Upper bounds in milliseconds of the latency histogram the platform reports; one more bucket holds
 * everything slower than the last.
 */
export const LATENCY_BOUNDS_MS = [
  5, 10, 20, 30, 40, 50, 60, 75, 90, 105, 120, 140, 160, 180, 200, 230, 260, 300, 350, 400, 500, 600, 800,
  1000, 1500, 2000, 3000, 5000, 10_000,
] as const;

/**
 * The upper bound of the first bucket by which `percent` % of the calls were answered; null without calls. Of several
 * hours the buckets are added up first: a mean of percentiles is the percentile of nothing.
 */
export function latencyPercentile(counts: readonly number[], percent: number): number | null {
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total === 0) return null;
  let answered = 0;
  for (const [index, count] of counts.entries()) {
    answered += count;
    if (answered * 100 >= total * percent)
      return LATENCY_BOUNDS_MS[index] ?? LATENCY_BOUNDS_MS.at(-1) ?? null;
  }
  return LATENCY_BOUNDS_MS.at(-1) ?? null;
}

function latencyMetric(percent: number, synonyms: readonly string[]): Metric {
  return {
    name: `latency_p${percent}`,
    title: `Latency, p${percent}`,
    words: `The upper bound of the first latency bucket in which ${percent} % of the calls of the hours starting in the period were answered; the buckets of all hours are added up first.`,
    version: 1,
    unit: 'ms',
    grain: 'one hour of the platform',
    kind: 'flow',
    additivity: 'percentile',
    owner: 'engineering',
    sources: ['psizero'],
    dimensions: [],
    synonyms,
    narrows: false,
    measure: async (facts, { period }) => {
      const { counts, hours } = await facts.latencyIn(period);
      const value = latencyPercentile(counts, percent);
      return { contributions: value === null ? [] : [{ ...NOBODY, amount: value }], rows: hours, notes: [] };
    },
    total: (contributions) => contributions[0]?.amount ?? null,
  };
}

export const LATENCY_METRICS: readonly Metric[] = [
  latencyMetric(50, [
    'latency p50',
    'p50',
    'p50 latency',
    'median latency',
    'median response time',
    'typical latency',
    'typical response time',
    '50th percentile',
    '50th percentile latency',
    'median speed',
    'median api latency',
    'latency median',
    'median api response time',
    'p50 response time',
    'latency at the median',
    'typical speed',
  ]),
  latencyMetric(95, [
    'latency p95',
    'p95',
    'latency',
    'p95 latency',
    'response time',
    'how fast is the api',
    'how slow is the api',
    'is the api slow',
    'api slow',
    'speed',
    'api latency',
    'api response time',
    'how fast was the api',
    'how slow was the api',
    'api speed',
    'was the api slow',
    '95th percentile',
    '95th percentile latency',
    'p95 response time',
    'how fast are we',
    'how slow are we',
    'response times',
    'speed of the api',
    'lag',
    'api performance',
    'performance of the api',
    'slowness',
  ]),
  latencyMetric(99, [
    'latency p99',
    'p99',
    'p99 latency',
    'slowest calls',
    '99th percentile',
    '99th percentile latency',
    'p99 response time',
    'tail latency',
    'worst latency',
    'worst case latency',
    'slowest requests',
    'slowest one percent',
    'latency tail',
  ]),
];
