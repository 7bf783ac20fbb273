import { type Contribution, type Metric, NOBODY } from './metric.ts';

/**
 * Upper bounds in milliseconds of the latency histogram the platform reports; one more bucket holds
 * everything slower than the last.
 */
export const LATENCY_BOUNDS_MS = [
  5, 10, 20, 30, 40, 50, 60, 75, 90, 105, 120, 140, 160, 180, 200, 230, 260, 300, 350, 400, 500, 600, 800,
  1000, 1500, 2000, 3000, 5000, 10_000,
] as const;

/** The upper bound of the first bucket by which 95 % of the calls were answered; null without calls. */
export function latencyP95(counts: readonly number[]): number | null {
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total === 0) return null;
  let answered = 0;
  for (const [index, count] of counts.entries()) {
    answered += count;
    if (answered * 100 >= total * 95) return LATENCY_BOUNDS_MS[index] ?? LATENCY_BOUNDS_MS.at(-1) ?? null;
  }
  return LATENCY_BOUNDS_MS.at(-1) ?? null;
}

/** Milliseconds of [fromAt, untilAt) that at least one interval covers. Open intervals run to the end. */
export function coveredMs(
  intervals: readonly { startedAt: number; endedAt: number | null }[],
  fromAt: number,
  untilAt: number,
): number {
  const clipped = intervals
    .map(({ startedAt, endedAt }) => ({
      from: Math.max(startedAt, fromAt),
      to: Math.min(endedAt ?? untilAt, untilAt),
    }))
    .filter(({ from, to }) => to > from)
    .sort((a, b) => a.from - b.from);
  let covered = 0;
  let reachedAt = fromAt;
  for (const { from, to } of clipped) {
    covered += Math.max(0, to - Math.max(from, reachedAt));
    reachedAt = Math.max(reachedAt, to);
  }
  return covered;
}

function only(contributions: readonly Contribution[]): number | null {
  return contributions[0]?.amount ?? null;
}

const PLATFORM = {
  version: 1,
  kind: 'flow',
  owner: 'engineering',
  sources: ['psizero'],
  dimensions: [],
  narrows: false,
} as const;

export const latency: Metric = {
  ...PLATFORM,
  name: 'latency_p95',
  additivity: 'percentile',
  title: 'Latency, p95',
  words:
    'The upper bound of the first latency bucket in which 95 % of the calls of the hours starting in the period were answered.',
  unit: 'ms',
  grain: 'one hour of the platform',
  synonyms: ['latency p95', 'p95', 'latency', 'p95 latency', 'response time', 'how fast is the api', 'speed'],
  measure: async (facts, { period }) => {
    const { counts, hours } = await facts.latencyIn(period);
    const value = latencyP95(counts);
    return { contributions: value === null ? [] : [{ ...NOBODY, amount: value }], rows: hours, notes: [] };
  },
  total: only,
};

export const uptime: Metric = {
  ...PLATFORM,
  name: 'uptime',
  additivity: 'ratio',
  title: 'Uptime',
  words:
    'One less the share of the period, up to now, that major and critical incidents covered; overlaps count once.',
  unit: 'ratio',
  grain: 'one incident',
  synonyms: [
    'uptime',
    'availability',
    'downtime',
    'were we up',
    'was the api up',
    'is the api up',
    'is the api down',
    'was the api down',
    'sla',
  ],
  measure: async (facts, { period, nowAt }) => {
    const untilAt = Math.min(period.endAt, nowAt);
    const length = untilAt - period.startAt;
    const incidents = await facts.incidentsTouching(period);
    if (length <= 0) return { contributions: [], rows: incidents.length, notes: [] };
    const value = 1 - coveredMs(incidents, period.startAt, untilAt) / length;
    return { contributions: [{ ...NOBODY, amount: value }], rows: incidents.length, notes: [] };
  },
  total: only,
};

export const SERVICE_METRICS: readonly Metric[] = [latency, uptime];
