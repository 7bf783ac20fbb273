import type { AlertKind } from '../alerts/alert.ts';
import { apartFromPlan, type FactFilter, type MetricFacts } from '../metrics/facts.ts';
import type { Metric } from '../metrics/metric.ts';
import { makePeriod } from '../periods/describe-period.ts';
import type { Company, Period } from '../types.ts';
import { changesAtOnce, incidentLinks, type Link } from './links.ts';
import type { MeasuredSides } from './measure-sides.ts';

/** As much of each kind as a person reads. */
const MOST = 3;

/** An alert as far as it can be told here. */
export interface AlertOfThen {
  kind: AlertKind;
  subject: { kind: string; id: string };
  title: string;
  openedAt: number;
}

/** Alerts that speak of what the owner of a number looks after. */
const ALERTS_OF: Readonly<Record<Metric['owner'], readonly AlertKind[]>> = {
  finance: ['payment_failed'],
  success: ['usage_drop', 'account_risk', 'payment_failed'],
  engineering: ['error_spike', 'usage_drop'],
  operations: ['run_failed', 'source_stale'],
};

/** What overlaps in time with a change: incidents, price and plan changes of several customers at once, alerts. */
export async function linksOf(
  asked: { metric: Metric; filter: FactFilter; nowAt: number; company: Company },
  { before, after }: MeasuredSides,
  facts: MetricFacts,
  alerts: readonly AlertOfThen[],
): Promise<Link[]> {
  const { metric, filter, nowAt, company } = asked;
  const snapshot = metric.kind === 'snapshot';
  const fromAt = snapshot ? before.asOfAt : before.period.startAt;
  const between = makePeriod(fromAt, Math.max(fromAt, after.asOfAt) + 1, company.tz);
  const spans = snapshot ? [between] : [cut(before.period, nowAt), cut(after.period, nowAt)];
  const { rest: wider } = apartFromPlan(filter);
  const changes =
    metric.unit === 'money' ? changesAtOnce(await facts.subscriptionsTouching(between, wider), between) : [];
  const incidents = new Map<string, Link>();
  for (const span of spans) {
    const within = { ...span, tz: company.tz };
    for (const link of incidentLinks(await facts.incidentsTouching(within), within, nowAt)) {
      incidents.set(link.text, link);
    }
  }
  const own = ALERTS_OF[metric.owner];
  const raised = alerts
    .filter(({ kind, openedAt }) => own.includes(kind) && openedAt >= fromAt && openedAt <= after.asOfAt)
    .map(
      ({ title, openedAt }): Link => ({
        kind: 'alert',
        at: openedAt,
        text: `alert "${title.replace(/\.$/, '')}"`,
      }),
    );
  return [changes, [...incidents.values()], raised].flatMap((links) => links.slice(0, MOST));
}

function cut(period: Period, nowAt: number): Period {
  return { ...period, endAt: Math.min(period.endAt, nowAt + 1) };
}
