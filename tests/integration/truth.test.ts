import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Launched } from '../../sandbox/launch.ts';
import { calculateMetric } from '../../src/domain/metrics/calculate.ts';
import { METRICS } from '../../src/domain/metrics/index.ts';
import { createMetricFacts } from '../../src/store/facts.ts';
import { openStore, type Store } from '../../src/store/open-store.ts';
import { NOW, newWorkspace } from './workspace.ts';

/** What Psi itself has done is in its own store, of which the sandbox knows nothing. */
const MEASURED = METRICS.filter(({ sources }) => sources.length > 0);
const company = { name: 'PsiZero', currency: 'USD', tz: 'America/Los_Angeles' };
const DAY = 86_400_000;
const nowAt = Date.parse(NOW);

let workspace: Launched;
let store: Store;
let customers: string[];

beforeAll(async () => {
  workspace = await newWorkspace();
  store = openStore(join(workspace.dataDir, 'psi.db'));
  customers = store.sqlite
    .prepare<[], { id: string }>('SELECT id FROM customers ORDER BY id')
    .all()
    .map((row) => row.id);
}, 90_000);
afterAll(async () => {
  await store?.close();
});

interface Question {
  metric: string;
  startAt: number;
  endAt: number;
  customer: number | null;
  currency: string | null;
}

const question = fc.record({
  metric: fc.constantFrom(...MEASURED.map((metric) => metric.name)),
  // Any instant of the two years of history, to the millisecond: not only the beginnings of days.
  startAt: fc.integer({ min: nowAt - 720 * DAY, max: nowAt - DAY }),
  lengthMs: fc.oneof(fc.integer({ min: 1, max: DAY }), fc.integer({ min: DAY, max: 120 * DAY })),
  customer: fc.option(fc.nat(), { freq: 3 }),
  currency: fc.option(fc.constantFrom('USD', 'EUR', 'JPY'), { freq: 3 }),
});

async function both({ metric, startAt, endAt, customer, currency }: Question) {
  const customerId = customer === null ? undefined : customers[customer % customers.length];
  const filter = { ...(customerId ? { customerId } : {}), ...(currency ? { currency } : {}) };
  const period = { startAt, endAt, tz: company.tz, label: 'the period' };
  const mine = await calculateMetric(
    metric,
    { period, nowAt, company, filter, by: null },
    createMetricFacts(store),
  );
  const truth = await workspace.client.truth(metric, {
    period: `${new Date(startAt).toISOString()}/${new Date(endAt).toISOString()}`,
    ...(customerId ? { customer: customerId } : {}),
    ...(currency ? { currency } : {}),
  });
  return { mine: mine.value, truth: truth.minor ?? truth.value };
}

/** Whole numbers to the last; quotients to twelve places of their size. */
function expectEqual(mine: number | null, truth: number | null, of: string): void {
  if (mine === null || truth === null || Number.isInteger(truth)) expect(mine, of).toBe(truth);
  else expect(mine / truth, of).toBeCloseTo(1, 12);
}

describe('every metric', () => {
  it.each(MEASURED.map((metric) => metric.name))(
    '%s equals the independent truth over the last months',
    async (metric) => {
      for (const months of [1, 3, 12, 20]) {
        const startAt = nowAt - months * 30 * DAY;
        const { mine, truth } = await both({
          metric,
          startAt,
          endAt: startAt + 30 * DAY,
          customer: null,
          currency: null,
        });
        expectEqual(mine, truth, `${metric}, ${months} months ago`);
      }
    },
  );

  it('equals the truth over random periods, customers and currencies', async () => {
    await fc.assert(
      fc.asyncProperty(question, async ({ lengthMs, ...asked }) => {
        const { mine, truth } = await both({ ...asked, endAt: Math.min(asked.startAt + lengthMs, nowAt) });
        expectEqual(mine, truth, asked.metric);
      }),
      { numRuns: 500 },
    );
  }, 60_000);

  it('is not trivially zero: each has something to measure', async () => {
    const nothing: string[] = [];
    for (const { name } of MEASURED) {
      const { mine } = await both({
        metric: name,
        startAt: nowAt - 400 * DAY,
        endAt: nowAt,
        customer: null,
        currency: null,
      });
      if (mine === null || mine === 0) nothing.push(name);
    }
    // Nobody in this company ever came back; tests of the two sides alone have somebody who did.
    expect(nothing).toEqual(['reactivation_mrr', 'reactivated_customers']);
  });
});
