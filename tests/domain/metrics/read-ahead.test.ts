import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { calculateMetric } from '../../../src/domain/metrics/calculate.ts';
import type { MetricFacts } from '../../../src/domain/metrics/facts.ts';
import { findMetric } from '../../../src/domain/metrics/index.ts';
import { makePeriod } from '../../../src/domain/periods/describe-period.ts';
import { createMetricFacts } from '../../../src/store/facts.ts';
import { closedDays, metricByDay } from '../../../src/tools/metrics/daily-series.ts';
import { NOW, openWorkspace } from '../../connectors/workspace.ts';

const tz = 'America/Los_Angeles';
const company = { name: 'PsiZero', currency: 'USD', tz };
const clock = { now: () => NOW };
const signal = new AbortController().signal;
let workspace: Awaited<ReturnType<typeof openWorkspace>>;
beforeAll(async () => {
  workspace = await openWorkspace(0.1, { webhooks: false });
  await workspace.sources.refresh(['stripe', 'supabase', 'psizero']);
}, 60_000);
afterAll(() => workspace.close());

/** The facts, and how often the versions of subscriptions are read from them. */
function counting(): { facts: MetricFacts; readings: () => number } {
  const facts = createMetricFacts(workspace.store);
  let readings = 0;
  const counted =
    <A extends unknown[], R>(read: (...args: A) => R) =>
    (...args: A): R => {
      readings += 1;
      return read(...args);
    };
  const { subscriptionsAt, subscriptionsTouching } = facts;
  return {
    facts: {
      ...facts,
      subscriptionsAt: counted(subscriptionsAt),
      subscriptionsTouching: counted(subscriptionsTouching),
    },
    readings: () => readings,
  };
}

describe('a level day by day', () => {
  it.each([
    'mrr',
    'active_customers',
    'nrr',
    'churned_mrr',
    'net_new_mrr',
    'quota_use',
    'trials',
    'churned_customers',
  ])('of %s is the same as each day by itself, from few readings', async (name) => {
    const metric = findMetric(name);
    if (!metric) throw new Error(`no metric ${name}`);
    const days = closedDays(makePeriod(NOW - 20 * 86_400_000, NOW, tz), 0, NOW, tz);
    const { facts, readings } = counting();
    const points = await metricByDay(metric, days, null, { facts, company, clock, signal });
    expect(readings()).toBeLessThanOrEqual(2);
    const alone = createMetricFacts(workspace.store);
    for (const [index, period] of days.entries()) {
      const { value } = await calculateMetric(
        name,
        { period, nowAt: NOW, company, filter: {}, by: null },
        alone,
      );
      expect(points[index]?.value, period.label).toBe(value);
    }
  });
});
