import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { applyCompanyEvent } from '../../sandbox/world/company-events.ts';
import { startSubscription } from '../../sandbox/world/subscription-operations.ts';
import { truthOf } from '../../sandbox/world/truth.ts';
import { calculateMetric } from '../../src/domain/metrics/calculate.ts';
import { COLLECTION_METRICS } from '../../src/domain/metrics/collections.ts';
import { MOVEMENT_METRICS } from '../../src/domain/metrics/movements.ts';
import { RETENTION_METRICS } from '../../src/domain/metrics/retention.ts';
import { TRIAL_METRICS } from '../../src/domain/metrics/trials.ts';
import { createMetricFacts } from '../../src/store/facts.ts';
import { openWorkspace } from './workspace.ts';

const DAY = 86_400_000;
const company = { name: 'PsiZero', currency: 'USD', tz: 'America/Los_Angeles' };

let opened: Awaited<ReturnType<typeof openWorkspace>>;
let startAt: number;

beforeAll(async () => {
  opened = await openWorkspace(0.03, { webhooks: false });
  const { world } = opened;
  startAt = world.now();
  const live = world.all('subscriptions').filter(({ status }) => status === 'active');
  const [leaves, returns] = [...new Set(live.map(({ customerId }) => customerId))];
  const priceId = live.find(({ customerId }) => customerId === returns)?.priceId ?? '';
  for (const customer of [leaves, returns]) {
    applyCompanyEvent(world, { type: 'cancelled', customer: customer ?? '' });
  }
  world.advanceTo(startAt + 3 * DAY);
  startSubscription(world, { customerId: returns ?? '', priceId, quantity: 2 });
  world.advanceTo(startAt + 40 * DAY);
  await opened.sources.refresh(['stripe', 'supabase', 'psizero']);
}, 60_000);
afterAll(() => opened?.close());

const METRICS = [...MOVEMENT_METRICS, ...RETENTION_METRICS, ...COLLECTION_METRICS, ...TRIAL_METRICS];

describe('weeks in which one customer left and another came back', () => {
  it.each(METRICS.map(({ name }) => name))('%s is the truth', async (name) => {
    for (const [from, to] of [
      [0, 2],
      [2, 40],
      [-200, 40],
    ]) {
      const period = {
        startAt: startAt + (from ?? 0) * DAY,
        endAt: startAt + (to ?? 0) * DAY,
        tz: company.tz,
        label: '',
      };
      const request = { period, nowAt: opened.world.now(), company, filter: {}, by: null };
      const { value } = await calculateMetric(name, request, createMetricFacts(opened.store));
      const asked = {
        period: { start: period.startAt, end: period.endAt },
        at: null,
        customerId: null,
        currency: null,
      };
      const truth = truthOf(opened.world, name, asked);
      const expected = truth.minor ?? truth.value;
      if (value === null || expected === null) expect(value).toBe(expected);
      else expect(value).toBeCloseTo(expected, 12);
    }
  });

  it('sees who came back', async () => {
    const period = { startAt, endAt: opened.world.now(), tz: company.tz, label: '' };
    const request = { period, nowAt: opened.world.now(), company, filter: {}, by: null };
    const facts = createMetricFacts(opened.store);
    expect((await calculateMetric('reactivated_customers', request, facts)).value).toBe(1);
    expect((await calculateMetric('reactivation_mrr', request, facts)).value).toBeGreaterThan(0);
  });
});
