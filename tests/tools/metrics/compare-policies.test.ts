import { describe, expect, it } from 'vitest';
import type { PeriodMention } from '../../../src/domain/language/utterance.ts';
import { settingOf } from '../../../src/domain/mrr/setting.ts';
import { findPeriods } from '../../../src/domain/periods/find-periods.ts';
import { fixedClock } from '../../../src/lib/clock.ts';
import { openStore } from '../../../src/store/open-store.ts';
import type { ToolContext } from '../../../src/tools/define-tool.ts';
import comparePolicies from '../../../src/tools/metrics/compare-policies.ts';
import queryMetric from '../../../src/tools/metrics/query-metric.ts';
import { portsOver, smallWorld } from '../../agent/world.ts';
import { people, place } from '../../approvals/workspace.ts';
import { at, company, givenFacts, version } from '../../domain/metrics/given-facts.ts';
import { saying } from '../saying.ts';

const nowAt = at('2026-11-22');
const tz = company.tz;
const half = { discountPercent: '50', discountDuration: 'repeating' };
const versions = [
  version('acme', '2026-01-05', '2026-10-10', half),
  version('acme', '2026-10-10', null),
  version('bolt', '2026-01-05', null, { ...half, quantity: 3 }),
  version('plain', '2026-01-05', null),
];

const ports = portsOver(smallWorld(), openStore(':memory:'));

function context(mrr = settingOf('stripe')): ToolContext {
  return {
    ...ports,
    principal: { ...people.ada, tz },
    place,
    signal: new AbortController().signal,
    company,
    clock: fixedClock(nowAt),
    facts: givenFacts(versions, { set: { mrr, grossMargin: 100 } }),
  };
}

async function ask(input: { [key: string]: string }, mrr = settingOf('stripe')) {
  const answer = await comparePolicies.run(comparePolicies.input.parse(input), context(mrr));
  return comparePolicies.output.parse(answer);
}

describe('one number under two sets of rules', () => {
  it('gives both, the difference and who explains it, largest first', async () => {
    const answer = await ask({ metric: 'mrr', policy: 'chartmogul' });
    expect(comparePolicies.narrate(answer)).toBe(
      "Under ChartMogul's rules MRR is $175.00 as of Nov 22, 2026, 04:00 PST, under Stripe's $250.00: $75.00 less. One customer explains it: BOLT -$75.00.",
    );
    expect(answer.listed).toEqual([{ id: 'bolt', label: 'BOLT', customerId: 'bolt' }]);
  });

  it('compares with the company’s own rules unless told against which', async () => {
    const own = settingOf('chartmogul');
    expect((await ask({ metric: 'mrr', policy: 'stripe' }, own)).right.rules).toBe('ChartMogul');
    expect((await ask({ metric: 'mrr', policy: 'stripe', against: 'paddle' }, own)).right.rules).toBe(
      'Paddle',
    );
  });

  it('lays a ratio to the customers whose own parts differ, in points that add up', async () => {
    const answer = await ask({
      metric: 'nrr',
      policy: 'chartmogul',
      against: 'stripe',
      period: 'October 2026',
    });
    expect(answer.left.text).toBe('116.67%');
    expect(answer.right.text).toBe('100.00%');
    const sum = (answer.customers ?? []).reduce((so, one) => so + Math.round(one.difference * 1e6), 0);
    expect(sum).toBe(Math.round((answer.difference ?? 0) * 1e6));
    expect(answer.customers?.map(({ id }) => id)).toEqual(['acme', 'bolt']);
  });

  it('takes single rules, and names both in the receipt', async () => {
    const answer = await ask({ metric: 'mrr', policy: 'discounts=include', against: 'lago' });
    expect(answer.receipt.definition.policy).toMatch(/^Stripe with discounts=include: .* Against Lago: /);
  });

  it('says so where rules agree and where no customer can be named', async () => {
    expect(comparePolicies.narrate(await ask({ metric: 'mrr', policy: 'maxio' }))).toContain(
      "under Stripe's $250.00: the same.",
    );
    expect((await ask({ metric: 'ltv', policy: 'chartmogul' })).receipt.notes[0]).toContain(
      'not made of single customers',
    );
  });

  it.each([
    [{ metric: 'api_calls', policy: 'chartmogul' }, 'the same whatever the rules'],
    [{ metric: 'vibes', policy: 'chartmogul' }, 'I do not measure "vibes"'],
    [{ metric: 'mrr', policy: 'quickbooks' }, 'no rules called'],
    [{ metric: 'mrr', policy: 'chartmogul', period: 'Q5' }, 'Q5'],
  ])('refuses %j in a sentence', async (input, message) => {
    await expect(ask(input)).rejects.toThrow(message);
  });
});

describe('a sentence', () => {
  function hear(text: string) {
    const periods: PeriodMention[] = findPeriods(text, { nowAt, tz });
    return saying(text, { periods, nowAt, tz });
  }

  it.each<[string, { [key: string]: string }]>([
    ['nrr under chartmogul rules vs stripe', { metric: 'nrr', policy: 'chartmogul', against: 'stripe' }],
    ['what would mrr be with baremetrics rules', { metric: 'mrr', policy: 'baremetrics' }],
    ['churned mrr by profit well definition', { metric: 'churned_mrr', policy: 'profitwell' }],
    ['stripe vs chartmogul mrr', { metric: 'mrr', policy: 'stripe', against: 'chartmogul' }],
    ['what would chartmogul say, with their rules', { metric: 'mrr', policy: 'chartmogul' }],
    ["grr under Paddle's rules", { metric: 'grr', policy: 'paddle' }],
  ])('"%s"', (text, expected) => {
    expect(comparePolicies.recognize(hear(text))[0]?.input).toMatchObject(expected);
  });

  it('with a period is about that period', () => {
    const reading = comparePolicies.recognize(hear('nrr in october under chartmogul rules vs stripe'))[0];
    expect(reading?.input.period).toBe('2026-10-01T07:00:00.000Z/2026-11-01T07:00:00.000Z');
    expect(reading?.interpretation).toBe("NRR under ChartMogul's rules against Stripe's, Oct 1 - 31, 2026");
  });

  it('is then no plain question for the metric', () => {
    const plain = queryMetric.recognize(hear('nrr under chartmogul rules vs stripe'))[0];
    expect(plain?.confidence).toBeLessThanOrEqual(0.5);
  });

  it.each([
    'stripe invoices from last week',
    'how is stripe doing',
    'mrr',
    'open stripe tickets',
    'what is our refund policy',
  ])('"%s" is none of its business', (text) => {
    expect(comparePolicies.recognize(hear(text))).toEqual([]);
  });
});
