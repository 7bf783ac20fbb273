import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { askMetric } from '../../../src/domain/metrics/ask.ts';
import type { FactFilter, MetricFacts, SubscriptionFact } from '../../../src/domain/metrics/facts.ts';
import type { HavingCondition } from '../../../src/domain/metrics/having.ts';
import { findMetric } from '../../../src/domain/metrics/index.ts';
import type { Metric } from '../../../src/domain/metrics/metric.ts';
import { narrateAnswer } from '../../../src/domain/metrics/narrate.ts';
import type { MetricQuestion } from '../../../src/domain/metrics/question.ts';
import { DEFAULT_SETTINGS } from '../../../src/domain/mrr/setting.ts';
import { parsePeriod } from '../../../src/domain/periods/parse-period.ts';
import type { Period } from '../../../src/domain/types.ts';

const nowAt = Date.parse('2026-11-22T22:30:00Z');
const tz = 'America/Los_Angeles';
const company = { name: 'PsiZero', currency: 'USD', tz };
const november = Date.parse('2026-11-01T07:00:00Z');

interface Use {
  before: number;
  now: number;
  errors?: number;
  mrr?: number;
}

const trait = { country: 'US', region: '', segment: '', channel: '', owner: '', currency: 'USD' };

/** Customers by id, with their calls of last month and of this one, and what they pay. */
function factsOf(use: Record<string, Use>): MetricFacts {
  const refuse = () => Promise.reject(new Error('not asked'));
  const subscriptions = (filter: FactFilter): SubscriptionFact[] =>
    Object.entries(use)
      .filter(([id, { mrr = 10_000 }]) => mrr > 0 && !(filter.none?.customer ?? []).includes(id))
      .map(([id, { mrr = 10_000 }]) => ({
        ...trait,
        customerId: id,
        customerName: id.toUpperCase(),
        subscriptionId: `s_${id}`,
        plan: 'growth',
        status: 'active',
        unitAmountMinor: mrr,
        quantity: 1,
        interval: 'month',
        intervalCount: 1,
        discountPercent: null,
        discountAmountMinor: null,
        discountDuration: null,
        cancelAt: null,
        validFrom: 0,
        validTo: null,
      }));
  return new Proxy(Object.create(null), {
    get: (_, name) => {
      if (name === 'subscriptionsAt') return async (_at: number, filter: FactFilter) => subscriptions(filter);
      if (name === 'settings') return () => DEFAULT_SETTINGS;
      if (name === 'fxRates') return async () => [];
      if (name === 'usageIn')
        return async (period: Period, filter: FactFilter, group: string | null) => {
          const rows = Object.entries(use)
            .filter(([id]) => !(filter.none?.customer ?? []).includes(id))
            .map(([id, one]) => ({
              group: id,
              calls: period.startAt >= november ? one.now : one.before,
              errors4xx: 0,
              errors5xx: period.startAt >= november ? (one.errors ?? 0) : 0,
              rows: 1,
            }))
            // Who did not call has no row.
            .filter((row) => row.calls > 0);
          if (group === 'customer') return rows;
          const calls = rows.reduce((sum, row) => sum + row.calls, 0);
          return [{ group: null, calls, errors4xx: 0, errors5xx: 0, rows: rows.length }];
        };
      return refuse;
    },
  });
}

function metric(name: string): Metric {
  const found = findMetric(name);
  if (!found) throw new Error(`no metric ${name}`);
  return found;
}

function condition(over: Partial<HavingCondition> & Pick<HavingCondition, 'op' | 'value'>): HavingCondition {
  return { metric: metric('api_calls'), as: 'value', period: null, ...over };
}

async function ask(use: Record<string, Use>, over: Partial<MetricQuestion>) {
  const question: MetricQuestion = {
    metric: metric('api_calls'),
    period: null,
    compare: null,
    by: 'customer',
    top: null,
    order: 'desc',
    filter: {},
    customer: null,
    chart: null,
    nowAt,
    tz,
    company,
    ...over,
  };
  return await askMetric(question, factsOf(use), []);
}

const shown = (answer: Awaited<ReturnType<typeof ask>>) => answer.breakdown?.rows.map((row) => row.key);

describe('customers by a condition', () => {
  const use = {
    up: { before: 100, now: 150 },
    little: { before: 1000, now: 900 },
    down: { before: 1000, now: 700 },
    gone: { before: 1000, now: 0 },
    tiny: { before: 5, now: 1 },
  };

  it('down more than 20%: who stopped altogether is among them, greatest fall first', async () => {
    const having = [condition({ op: 'lt', value: -20, as: 'change_percent' })];
    const answer = await ask(use, { having, compare: 'previous' });
    expect(shown(answer)).toEqual(['gone', 'down']);
    expect(answer.breakdown?.rows[1]?.detail).toBe('down 30.0% from 1,000');
    expect(answer.value).toBe(700);
    expect(narrateAnswer(answer)).toMatch(/^2 of 5 customers have API calls down more than 20%/);
  });

  it('a base too small for percent is left out, and that is said', async () => {
    const having = [condition({ op: 'lt', value: -20, as: 'change_percent' })];
    const answer = await ask(use, { having, compare: 'previous' });
    expect(answer.remarks?.join(' ')).toContain('1 left out: too little before');
  });

  it('no calls at all: everybody who pays is looked at, though the usage has no row of theirs', async () => {
    const answer = await ask(use, { having: [condition({ op: 'lte', value: 0 })] });
    expect(shown(answer)).toEqual(['gone']);
    expect(answer.breakdown?.rows[0]).toMatchObject({ label: 'GONE', value: 0 });
    expect(narrateAnswer(answer)).toMatch(/^1 of 5 customers has no API calls/);
  });

  it('none that fits is said with how many were looked at', async () => {
    const answer = await ask(use, { having: [condition({ op: 'gt', value: 1_000_000 })] });
    expect(narrateAnswer(answer)).toMatch(/^None of 4 customers has API calls above 1,000,000/);
  });

  it('by another metric: both are shown', async () => {
    const paying = { big: { before: 0, now: 10, mrr: 500_000 }, small: { before: 0, now: 900, mrr: 900 } };
    const having = [condition({ metric: metric('mrr'), op: 'gt', value: 200_000 })];
    const answer = await ask(paying, { having });
    expect(shown(answer)).toEqual(['big']);
    expect(answer.breakdown?.rows[0]).toMatchObject({ value: 10, detail: 'MRR $5,000.00' });
  });

  it('two conditions both hold', async () => {
    const paying = {
      a: { before: 0, now: 1000, errors: 50, mrr: 500_000 },
      b: { before: 0, now: 1000, errors: 50, mrr: 100 },
      c: { before: 0, now: 1000, errors: 1, mrr: 500_000 },
    };
    const having = [
      condition({ metric: metric('error_rate'), op: 'gt', value: 0.01 }),
      condition({ metric: metric('mrr'), op: 'gt', value: 200_000 }),
    ];
    expect(shown(await ask(paying, { metric: metric('error_rate'), having }))).toEqual(['a']);
  });

  it('who is left out is in neither the groups nor the total', async () => {
    const answer = await ask(use, { filter: { none: { customer: ['little'] } } });
    expect(shown(answer)).toEqual(['down', 'up', 'tiny']);
    expect(narrateAnswer(answer)).toContain('without 1 customer');
  });

  it('the second biggest is one row, by its place', async () => {
    const answer = await ask(use, { rank: 2 });
    expect(shown(answer)).toEqual(['down']);
    expect(narrateAnswer(answer)).toContain('Number 2 of 4 by customer');
  });

  it('customers set side by side are all shown, whoever has nothing with nothing', async () => {
    const gone = {
      id: 'gone',
      name: 'Gone',
      domain: '',
      email: '',
      stripeCustomerId: null,
      ownerEmail: null,
    };
    const named = [{ ...gone, ...trait, signedUpAt: 0 }];
    const answer = await ask(use, { named });
    expect(answer.breakdown?.rows.find((row) => row.key === 'gone')).toMatchObject({
      label: 'Gone',
      value: 0,
    });
  });

  it('part of a day of what is kept by the day is said to be that', async () => {
    const period = parsePeriod('past 24h', { nowAt, tz });
    expect((await ask(use, { period, by: null })).remarks?.[0]).toContain('kept by whole days');
  });

  it('every customer is in exactly one of "below" and "at least"', async () => {
    const calls = fc.record({ before: fc.nat(2000), now: fc.nat(2000) });
    const uses = fc.dictionary(fc.stringMatching(/^[a-z]{1,4}$/), calls, { maxKeys: 6 });
    await fc.assert(
      fc.asyncProperty(uses, fc.nat(2000), async (some, bound) => {
        const below = await ask(some, { having: [condition({ op: 'lt', value: bound })] });
        const rest = await ask(some, { having: [condition({ op: 'gte', value: bound })] });
        const both = [...(shown(below) ?? []), ...(shown(rest) ?? [])].sort();
        const everybody = bound > 0 || Object.keys(some).length === 0 ? Object.keys(some) : both;
        expect(both).toEqual([...everybody].sort());
        expect(new Set(both).size).toBe(both.length);
      }),
      { numRuns: 60 },
    );
  });
});
