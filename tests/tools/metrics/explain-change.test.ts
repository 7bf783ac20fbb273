import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { PreviousCall } from '../../../src/domain/language/utterance.ts';
import type { Customer, Json, Scope } from '../../../src/domain/types.ts';
import { fixedClock } from '../../../src/lib/clock.ts';
import { createCustomerDirectory } from '../../../src/store/customers.ts';
import { createMetricFacts } from '../../../src/store/facts.ts';
import { openStore, type Store } from '../../../src/store/open-store.ts';
import type { ToolContext } from '../../../src/tools/define-tool.ts';
import explainChange from '../../../src/tools/metrics/explain-change.ts';
import queryMetric from '../../../src/tools/metrics/query-metric.ts';
import { customer, portsOver, smallWorld } from '../../agent/world.ts';
import { bestReading } from '../reading.ts';

const nowAt = Date.parse('2026-11-22T22:30:00Z');
const tz = 'America/Los_Angeles';
const at = (day: string) => Date.parse(`${day}T12:00:00-08:00`);

let store: Store;
let ports: ReturnType<typeof portsOver>;
beforeEach(async () => {
  store = openStore(':memory:');
  ports = portsOver(smallWorld(), store);
  await seed(store);
});
afterEach(() => store.close());

const people: Customer[] = ['Acme Robotics', 'Bolt', 'Cedar', 'Dune', 'Elm'].map((name, index) =>
  customer(`cst_${index}`, name),
);

async function seed({ db }: Store): Promise<void> {
  await db
    .insertInto('customers')
    .values(
      people.map(({ id, name, domain, email }) => ({
        ...{ id, name, domain, email, country: 'US', region: '', currency: 'USD', segment: '', channel: '' },
        ...{ owner_email: null, stripe_customer_id: id, signed_up_at: at('2026-01-05'), updated_at: 0 },
      })),
    )
    .execute();
  const version = (
    index: number,
    from: string,
    to: string | null,
    over: { [key: string]: unknown } = {},
  ) => ({
    ...{
      subscription_id: `sub_${index}`,
      customer_id: `cst_${index}`,
      version: from === '2026-02-01' ? 1 : 2,
    },
    ...{ plan: 'growth', status: 'active', currency: 'USD', unit_amount_minor: 10_000, quantity: 1 },
    ...{ interval: 'month', interval_count: 1, discount_percent: null, discount_amount_minor: null },
    ...{ discount_duration: null, cancel_at: null, updated_at: 0 },
    ...{ valid_from: at(from), valid_to: to === null ? null : at(to) },
    ...over,
  });
  const raised = [0, 1, 2].flatMap((index) => [
    version(index, '2026-02-01', '2026-11-10'),
    version(index, '2026-11-10', null, { unit_amount_minor: 11_000 }),
  ]);
  await db
    .insertInto('subscription_versions')
    .values([
      ...raised,
      version(3, '2026-02-01', '2026-11-15'),
      version(4, '2026-11-03', null, { quantity: 3 }),
    ])
    .execute();
  await db
    .insertInto('incidents')
    .values({
      ...{ id: 'inc_1', title: 'Elevated errors', severity: 'major', updated_at: 0 },
      ...{ started_at: at('2026-11-12'), ended_at: at('2026-11-12') + 3_600_000 },
    })
    .execute();
  const usage = (index: number, day: string, calls: number, errors: number) => ({
    ...{ customer_id: `cst_${index}`, category: 'chat', bucket_start_at: Date.parse(`${day}T08:00:00Z`) },
    ...{ calls, errors_4xx: 0, errors_5xx: errors },
  });
  await db
    .insertInto('usage_daily')
    .values([
      ...[usage(0, '2026-11-11', 1_000, 10), usage(1, '2026-11-11', 1_000, 50)],
      ...[usage(0, '2026-11-18', 1_500, 15), usage(1, '2026-11-18', 500, 40)],
    ])
    .execute();
}

function context(scopes: readonly Scope[] = ['metrics:read', 'customers:read']): ToolContext {
  return {
    ...ports,
    principal: { kind: 'user', teamId: 'T', userId: 'U', name: 'Ann', email: null, roles: ['founder'], tz },
    place: { teamId: 'T', channelId: 'D', threadTs: '1', kind: 'dm', internalOnly: true },
    company: { name: 'PsiZero', currency: 'USD', tz },
    clock: fixedClock(nowAt),
    signal: new AbortController().signal,
    scopes,
    facts: createMetricFacts(store),
    customers: createCustomerDirectory(store.db),
  };
}

async function ask(input: { [key: string]: Json }, scopes?: readonly Scope[]) {
  const ctx = context(scopes);
  return explainChange.output.parse(await explainChange.run(explainChange.input.parse(input), ctx));
}

describe('an explanation', () => {
  it('says what accounts for the change, with whom, and what came with it', async () => {
    const said = explainChange.narrate(await ask({ metric: 'mrr' }));
    expect(said).toContain('MRR is $630.00 as of Nov 22, 2026, 14:30 PST, up $230.00');
    expect(said).toContain('from $400.00 at the end of Oct 31, 2026.');
    expect(said).toContain(
      'It splits into these parts:\n- New customers: +$300.00 (Elm +$300.00).\n- Customers lost: -$100.00 (Dune -$100.00).\n- Price changes: +$30.00 (Acme Robotics +$10.00, Bolt +$10.00 and 1 other).\n\nIn the same time',
    );
    expect(said).toContain('the price of 3 customers on growth changed on Nov 10, 2026');
    expect(said).toContain('major incident "Elevated errors" from Nov 12, 2026, 12:00 PST, 60 minutes');
    expect(said).toMatch(/not why it came about\.$/);
    expect(said).not.toMatch(/because|caused/i);
  });

  it('shows the same as a waterfall and a table, from one side to the other', async () => {
    const [waterfall, table] = explainChange.exhibits?.(await ask({ metric: 'mrr' })) ?? [];
    expect(waterfall).toMatchObject({
      kind: 'waterfall',
      valueLabel: 'USD',
      steps: [
        { label: 'Oct 31, 2026', value: 400, total: true },
        { label: 'New customers', value: 300 },
        { label: 'Customers lost', value: -100 },
        { label: 'Price changes', value: 30 },
        { label: 'Nov 22, 2026, 14:30 PST', value: 630, total: true },
      ],
    });
    expect(table).toMatchObject({ kind: 'table', columns: { length: 3 }, rows: { length: 5 } });
  });

  it('carries a receipt with both sides', async () => {
    const { receipt } = await ask({ metric: 'mrr', period: 'this month' });
    expect(receipt).toMatchObject({ definition: { name: 'mrr' }, asOfAt: nowAt, rowCount: 8 });
    expect(receipt.notes.join(' ')).toContain('4 rows at the end of Oct 31, 2026, 4 as of Nov 22, 2026');
  });

  it('says so when nothing changed', async () => {
    const answer = await ask({ metric: 'mrr', period: 'Sep 2026' });
    expect(answer).toMatchObject({ difference: 0, effects: [], unsplit: null });
    expect(explainChange.narrate(answer)).toContain(
      'the same as at the end of Aug 31, 2026. Nothing behind it changed.',
    );
  });

  it('is the same for who may not see customers, with how many they are instead of their names', async () => {
    const named = await ask({ metric: 'mrr' });
    const answer = await ask({ metric: 'mrr' }, ['metrics:read']);
    const said = JSON.stringify([answer, explainChange.narrate(answer), explainChange.exhibits?.(answer)]);
    for (const { id, name } of people) {
      expect(said).not.toContain(id);
      expect(said).not.toContain(name);
    }
    expect(answer.effects.map(({ kind, value }) => [kind, value])).toEqual(
      named.effects.map(({ kind, value }) => [kind, value]),
    );
    expect(explainChange.narrate(answer)).toContain(
      '- New customers: +$300.00 (1 customer).\n- Customers lost: -$100.00 (1 customer).\n- Price changes: +$30.00 (3 customers).',
    );
    const rate = await ask({ metric: 'error_rate', period: '2026-11-18', compare: '2026-11-11' }, [
      'metrics:read',
    ]);
    expect(rate.by).not.toBe('customer');
    expect(JSON.stringify(rate)).not.toContain('Bolt');
  });

  it('needs the right to see customers where it names one, and to read what was answered with names', () => {
    const needs = (input: { [key: string]: Json }, held: readonly Scope[] = ['metrics:read']) =>
      explainChange.furtherScopes?.(explainChange.input.parse(input), held);
    expect(needs({ metric: 'mrr' })).toEqual([]);
    expect(needs({ metric: 'mrr' }, ['metrics:read', 'customers:read'])).toEqual(['customers:read']);
    expect(needs({ metric: 'mrr', customer: 'Acme' })).toEqual(['customers:read']);
    expect(needs({ metric: 'mrr', exclude: { customer: ['Acme'] } })).toEqual(['customers:read']);
  });

  it.each<[{ [key: string]: Json }, number, string]>([
    [{ where: { customer: ['cst_0', 'cst_4'] } }, 31_000, 'for Acme Robotics and Elm'],
    [{ exclude: { customer: ['cst_4'] } }, -7_000, 'without 1 customer'],
    [{ where: { plan: ['growth', 'scale'] } }, 23_000, '(plan growth or scale)'],
    [{ where: { plan: ['growth'] } }, 23_000, 'on the growth plan'],
    [{ exclude: { plan: ['growth'] } }, 0, 'without plan growth'],
    [{ exclude: { country: ['US'] } }, 0, 'without country US'],
  ])('with %j its parts sum to the change to the cent', async (narrowed, change, words) => {
    const answer = await ask({ metric: 'mrr', ...narrowed });
    expect(answer.difference).toBe(change);
    expect(answer.effects.reduce((sum, { value }) => sum + value, 0)).toBe(change);
    expect(answer.unsplit).toBeNull();
    expect(explainChange.narrate(answer)).toContain(words);
  });

  it('splits a move to a plan that is left out as what it is to the rest', async () => {
    await store.db
      .updateTable('subscription_versions')
      .set({ plan: 'scale' })
      .where('subscription_id', '=', 'sub_0')
      .where('valid_to', 'is', null)
      .execute();
    const answer = await ask({ metric: 'mrr', exclude: { plan: ['scale'] } });
    expect(answer.difference).toBe(30_000 - 10_000 - 10_000 + 2_000);
    expect(answer.effects.find(({ kind }) => kind === 'plan')).toMatchObject({ value: -10_000 });
    expect(answer.effects.reduce((sum, { value }) => sum + value, 0)).toBe(answer.difference);
  });

  it('splits a rate into what changed within customers and what shifted between them', async () => {
    const answer = await ask({ metric: 'error_rate', period: '2026-11-18', compare: '2026-11-11' });
    expect(answer.before.text).toBe('3.00%');
    const [rate, mix] = [
      answer.effects.find(({ kind }) => kind === 'rate'),
      answer.effects.find(({ kind }) => kind === 'mix'),
    ];
    expect((rate?.value ?? 0) + (mix?.value ?? 0)).toBeCloseTo(answer.difference ?? 1, 12);
    expect(rate?.accounts[0]).toMatchObject({ name: 'Bolt' });
    expect(explainChange.narrate(answer)).toMatch(
      /Error rate within each customer: \+\d\.\d{3} percentage points \(Bolt \+\d/,
    );
    const { numerator, base } = answer.fraction ?? {};
    expect((numerator?.value ?? 0) + (base?.value ?? 0)).toBeCloseTo(answer.difference ?? 1, 12);
    expect(answer.notes).toContain('Wednesday, Nov 11, 2026, was Veterans Day (US).');
  });

  it('corrects a premise before anything else, and says nothing of one that holds', async () => {
    const said = async (supposed: string) => explainChange.narrate(await ask({ metric: 'mrr', supposed }));
    expect(await said('down')).toMatch(/^It did not go down but up\. MRR is/);
    expect(await said('up')).toMatch(/^MRR is/);
  });

  it('names customers of usage, and who had more or less', async () => {
    const answer = await ask({ metric: 'api_calls', period: '2026-11-18', compare: 'previous' });
    expect(answer.effects.map(({ kind, value, accounts }) => [kind, value, accounts[0]?.name])).toEqual([
      ['more', 500, 'Acme Robotics'],
      ['less', -500, 'Bolt'],
    ]);
    expect(explainChange.narrate(answer)).toContain('What changed cancels out');
  });

  it('says of a percentile that it has no parts, and what to ask instead', async () => {
    const hour = (day: string) => ({
      ...{ bucket_start_at: at(day), calls: 2, errors_4xx: 0, errors_5xx: 0, latency_counts: '[1,1]' },
    });
    await store.db
      .insertInto('performance_hourly')
      .values([hour('2026-10-05'), hour('2026-09-05')])
      .execute();
    const said = explainChange.narrate(await ask({ metric: 'latency_p95', period: 'Oct 2026' }));
    expect(said).toContain('P95 latency is a percentile');
    expect(said).toContain(
      'You can ask "P95 latency by day", "why did the error rate change" or "API calls by category".',
    );
  });

  it('says so where one side has no value', async () => {
    const said = explainChange.narrate(await ask({ metric: 'error_rate', period: 'Sep 2026' }));
    expect(said).toContain('There is no Error rate on one of the two sides');
  });

  it.each([
    [{ metric: 'mrr', period: 'next month' }, 'has not begun'],
    [{ metric: 'vibes' }, 'I do not measure "vibes"'],
    [{ metric: 'mrr', customer: 'nobody' }, 'nobody'],
  ])('refuses %j in a sentence', async (input, message) => {
    await expect(ask(input)).rejects.toThrow(message);
  });
});

const october = '2026-10-01T04:00:00.000Z/2026-11-01T04:00:00.000Z';
const september = '2026-09-01T04:00:00.000Z/2026-10-01T04:00:00.000Z';

describe('a sentence', () => {
  it.each<[string, { [key: string]: Json }]>([
    ['why is MRR up?', { metric: 'mrr' }],
    ['why are sales down?', { metric: 'revenue_gross' }],
    ['why are we growing?', { metric: 'mrr' }],
    ['why is net revenue down vs last year', { metric: 'revenue_net', compare: 'last_year' }],
    ['why did churn go up in October', { metric: 'churned_customers', period: october }],
    ['why did revenue drop last month', { metric: 'revenue_gross', period: october }],
    [
      'what drove the change in error rate since monday',
      { metric: 'error_rate', period: '2026-11-16T05:00:00.000Z/2026-11-23T05:00:00.000Z' },
    ],
    [
      'explain the drop in net revenue in October vs September',
      { metric: 'revenue_net', period: october, compare: september },
    ],
    ['what changed in mrr from September to October', { metric: 'mrr', period: october, compare: september }],
    [
      'how come API calls fell compared to the same point last quarter',
      { metric: 'api_calls', compare: 'same_point last quarter' },
    ],
    ["what's behind Globex's MRR", { metric: 'mrr', customer: 'cst_globex' }],
    [
      'why did mrr on the growth plan fall in October',
      { metric: 'mrr', period: october, filter: { plan: 'growth' } },
    ],
    [
      'why did mrr fall in October excluding the scale plan',
      { metric: 'mrr', period: october, exclude: { plan: ['scale'] } },
    ],
  ])('%s', async (text, input) => {
    const reading = await bestReading(explainChange, text);
    const { supposed: _, ...read } = reading?.input ?? {};
    expect(read).toEqual(input);
    expect(reading?.confidence).toBeGreaterThanOrEqual(0.6);
    expect(await bestReading(queryMetric, text)).toBeNull();
  });

  const asked = { metric: 'mrr', period: october, compare: september, filter: { plan: 'growth' } };
  it.each<[string, { [key: string]: Json }]>([
    ['why?', asked],
    ['and why did it go down?', asked],
    ['what drove that?', asked],
    ['why did it drop in September', { metric: 'mrr', period: september, filter: { plan: 'growth' } }],
    ['why is ARR up', { metric: 'arr' }],
  ])('%s, after a question for a number', async (text, input) => {
    const previous: PreviousCall[] = [{ tool: queryMetric.name, input: asked, listed: [] }];
    const reading = await bestReading(explainChange, text, previous);
    const { supposed: _, ...read } = reading?.input ?? {};
    expect(read).toEqual(input);
    expect(reading?.confidence).toBeGreaterThanOrEqual(0.6);
  });

  it.each([
    ['why is mrr down', 'down'],
    ['why did revenue drop last month', 'down'],
    ['why are signups rising', 'up'],
    ['why is mrr up or down', undefined],
    ['what changed in mrr in October', undefined],
  ])('%s: takes it to have gone %s', async (text, way) => {
    expect((await bestReading(explainChange, text))?.input.supposed).toBe(way);
  });

  it.each([
    'why?',
    'why not',
    'how is MRR',
    'why did you refund Acme',
    'why this number',
    'is MRR up or down',
  ])('%s alone asks for no explanation', async (text) => {
    expect(((await bestReading(explainChange, text))?.confidence ?? 0) < 0.6).toBe(true);
  });
});
