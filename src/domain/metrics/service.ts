import type { IncidentFact } from './facts.ts';
import { LATENCY_METRICS } from './latency.ts';
import { type Contribution, type Metric, type MetricScope, NOBODY, ratioOf, sumAmounts } from './metric.ts';

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
    'api availability',
    'api uptime',
    'service availability',
    'were we down',
    'are we up',
    'are we down',
    'how available were we',
    'time up',
    'availability rate',
    'up time',
    'down time',
    'percent uptime',
    'percent available',
    'service uptime',
    'sla compliance',
    'reliability',
    'how reliable were we',
    'how much were we up',
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

/** Of the time: what customers are promised, unless the company has set another. */
export const SLO_TARGET = 0.999;

export const sloBurn: Metric = {
  ...PLATFORM,
  name: 'slo_burn',
  additivity: 'ratio',
  title: 'SLO burn',
  words:
    'The share of the error budget that is used: time of the period, up to now, that major and critical incidents covered, over the time the target allows; 100 % is all of it.',
  unit: 'ratio',
  grain: 'one incident',
  synonyms: [
    'slo burn',
    'slo',
    'error budget',
    'error budget burn',
    'budget burn',
    'slo budget',
    'burn rate of the slo',
    'error budget left',
    'error budget remaining',
    'error budget used',
    'error budget spent',
    'left of the error budget',
    'slo consumption',
    'burned error budget',
    'slo error budget',
    'how much error budget',
    'error budget consumption',
    'budget of errors',
    'slo health',
    'burn rate',
  ],
  measure: async (facts, scope) => {
    const { period, nowAt, company } = scope;
    const target = company.sloTarget ?? SLO_TARGET;
    const notes = [`The target is ${Number((target * 100).toFixed(4))}% of the time.`];
    const untilAt = Math.min(period.endAt, nowAt);
    const incidents = await facts.incidentsTouching(period);
    if (untilAt <= period.startAt) return { contributions: [], rows: incidents.length, notes };
    const base = (untilAt - period.startAt) * (1 - target);
    const amount = coveredMs(incidents, period.startAt, untilAt);
    return { contributions: [{ ...NOBODY, amount, base }], rows: incidents.length, notes };
  },
  total: ratioOf,
};

const INCIDENT = { ...PLATFORM, grain: 'one incident', dimensions: ['severity'] } as const;

/** The end of what can have happened: the period's end, or just after now. */
function happenedUntil({ period, nowAt }: MetricScope): number {
  return Math.min(period.endAt, nowAt + 1);
}

function isIn(at: number | null, scope: MetricScope): at is number {
  return at !== null && at >= scope.period.startAt && at < happenedUntil(scope);
}

const ofIncident = (incident: IncidentFact, amount: number, base = 0): Contribution => ({
  ...NOBODY,
  severity: incident.severity,
  amount,
  base,
});

export const incidents: Metric = {
  ...INCIDENT,
  name: 'incidents',
  additivity: 'sum',
  title: 'Incidents',
  words: 'Incidents of any severity that began in the period.',
  unit: 'count',
  synonyms: [
    'incidents',
    'outages',
    'incident count',
    'number of incidents',
    'number of outages',
    'how many incidents',
    'how many outages',
    'outage count',
    'incident numbers',
    'count of incidents',
    'service incidents',
    'how often were we down',
    'disruptions',
    'sev1s',
    'number of disruptions',
    'things that broke',
    'incident list',
    'production incidents',
    'how often did we go down',
  ],
  measure: async (facts, scope) => {
    const begun = (await facts.incidentsDuring(scope.period)).filter(({ startedAt }) =>
      isIn(startedAt, scope),
    );
    return { contributions: begun.map((one) => ofIncident(one, 1)), rows: begun.length, notes: [] };
  },
  total: sumAmounts,
};

const MINUTE_MS = 60_000;

export const incidentMinutes: Metric = {
  ...INCIDENT,
  name: 'incident_minutes',
  additivity: 'sum',
  title: 'Incident time',
  words:
    "Minutes of the period, up to now, during which an incident of any severity lasted, each incident's added up: two at once count twice.",
  unit: 'minutes',
  synonyms: [
    'incident minutes',
    'incident time',
    'time in incidents',
    'minutes of incidents',
    'outage minutes',
    'minutes of outage',
    'outage time',
    'how long were the outages',
    'how long was the outage',
    'length of outages',
    'total outage time',
    'total incident time',
    'duration of incidents',
    'duration of outages',
    'how long were we down',
    'how long were incidents',
    'minutes down',
    'hours of outage',
    'downtime minutes',
    'minutes of downtime',
    'hours of downtime',
    'how much downtime',
    'incident duration',
    'outage duration',
    'time down',
    'time lost to outages',
  ],
  measure: async (facts, scope) => {
    const { period, nowAt } = scope;
    const untilAt = Math.min(period.endAt, nowAt);
    const all = await facts.incidentsDuring(period);
    const lasting = all.map((one) => ofIncident(one, coveredMs([one], period.startAt, untilAt)));
    const contributions = lasting.filter(({ amount }) => amount > 0);
    return { contributions, rows: contributions.length, notes: [] };
  },
  total: (contributions) => sumAmounts(contributions) / MINUTE_MS,
};

export const timeToRestore: Metric = {
  ...INCIDENT,
  name: 'mttr',
  additivity: 'ratio',
  title: 'Time to restore, mean',
  words:
    'How long the incidents that ended in the period had lasted, added up and divided by their number; no value where none ended.',
  unit: 'ms',
  synonyms: [
    'mttr',
    'mean time to restore',
    'mean time to recovery',
    'mean time to resolve incidents',
    'time to restore',
    'time to recover',
    'average time to restore',
    'average outage',
    'average incident',
    'average recovery time',
    'average time to recover',
    'mean time to recover',
    'mean time to repair',
    'mean time to fix',
    'time to fix an outage',
    'fix an outage',
    'time to recovery',
    'restore time',
    'recovery time',
    'outage recovery time',
    'how long to recover from an outage',
    'how fast do we recover',
    'how quickly do we recover',
    'how quickly do we fix outages',
    'average outage length',
    'average incident length',
    'average incident duration',
  ],
  measure: async (facts, scope) => {
    const all = await facts.incidentsDuring(scope.period);
    const ended = all.flatMap((one) =>
      isIn(one.endedAt, scope) ? [ofIncident(one, one.endedAt - one.startedAt, 1)] : [],
    );
    return { contributions: ended, rows: ended.length, notes: [] };
  },
  total: ratioOf,
};

export const SERVICE_METRICS: readonly Metric[] = [
  ...LATENCY_METRICS,
  uptime,
  sloBurn,
  incidents,
  incidentMinutes,
  timeToRestore,
];
