import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { PreviousCall, Utterance } from '../../../src/domain/language/utterance.ts';
import { METRICS } from '../../../src/domain/metrics/index.ts';
import { nearestMetrics } from '../../../src/domain/metrics/match.ts';
import { findPeriods } from '../../../src/domain/periods/find-periods.ts';
import type { Customer, Json } from '../../../src/domain/types.ts';
import { fixedClock } from '../../../src/lib/clock.ts';
import { UserError } from '../../../src/lib/errors.ts';
import { createMetricFacts } from '../../../src/store/facts.ts';
import { openStore, type Store } from '../../../src/store/open-store.ts';
import type { ToolContext } from '../../../src/tools/define-tool.ts';
import queryMetric from '../../../src/tools/metrics/query-metric.ts';
import { quietPorts } from '../../quiet-ports.ts';

const nowAt = Date.parse('2026-11-22T22:30:00Z');
const tz = 'America/Los_Angeles';

const acme: Customer = {
  id: 'psz_acme',
  name: 'Acme Robotics',
  domain: 'acme.example',
  email: 'a@acme.example',
  country: 'US',
  region: '',
  currency: 'USD',
  segment: 'smb',
  channel: 'web',
  ownerEmail: null,
  stripeCustomerId: null,
  signedUpAt: 1,
};

let store: Store;
let refreshed: string[][];

beforeEach(async () => {
  store = openStore(':memory:');
  refreshed = [];
  await seed(store);
});
afterEach(() => store.close());

function refuse(): never {
  throw new Error('not part of this test');
}

function context(at = nowAt): ToolContext {
  return {
    principal: { kind: 'user', teamId: 'T', userId: 'U', name: 'Ann', email: null, roles: ['founder'], tz },
    place: { teamId: 'T', channelId: 'D', threadTs: '1', kind: 'dm', internalOnly: true },
    company: { name: 'PsiZero', currency: 'USD', tz },
    clock: fixedClock(at),
    signal: new AbortController().signal,
    facts: createMetricFacts(store),
    customers: {
      get: async (id) => (id === acme.id ? acme : null),
      resolve: async (reference) => {
        if (/acme/i.test(reference)) return acme;
        throw new UserError('not_found', `I know no customer "${reference}".`);
      },
      search: refuse,
      mentionedIn: refuse,
    },
    sources: {
      status: refuse,
      freshness: async (sources) => sources.map((source) => ({ source, throughAt: nowAt, stale: false })),
      refresh: async (sources) => {
        refreshed.push([...sources]);
      },
    },
    records: {
      listInvoices: refuse,
      getInvoice: refuse,
      listPayments: refuse,
      getPayment: refuse,
      listTickets: refuse,
      listSubscriptions: refuse,
      listContacts: refuse,
    },
    payments: { getPayment: refuse, getInvoice: refuse, createRefund: refuse, findRefund: refuse },
    mail: { send: refuse },
    approvals: { list: refuse, audit: refuse, colleagues: refuse },
    ...quietPorts,
  };
}

async function seed({ db }: Store): Promise<void> {
  const plan = { id: 'growth', name: 'Growth', included_calls: 1_000, overage_prices: '{"USD":60}' };
  await db
    .insertInto('plans')
    .values({ ...plan, updated_at: 0 })
    .execute();
  await db
    .insertInto('customers')
    .values(
      [
        { id: acme.id, name: acme.name, country: 'US', currency: 'USD' },
        { id: 'psz_b', name: 'Bolt', country: 'DE', currency: 'EUR' },
      ].map((own) => ({
        ...own,
        domain: '',
        email: '',
        region: '',
        segment: '',
        channel: '',
        owner_email: null,
        stripe_customer_id: own.id,
        signed_up_at: Date.parse('2026-11-02'),
        updated_at: 0,
      })),
    )
    .execute();
  const version = {
    version: 1,
    status: 'active',
    quantity: 1,
    interval: 'month',
    interval_count: 1,
    discount_percent: null,
    discount_amount_minor: null,
    discount_duration: null,
    cancel_at: null,
    valid_to: null,
    updated_at: 0,
  };
  await db
    .insertInto('subscription_versions')
    .values([
      {
        ...version,
        subscription_id: 's1',
        customer_id: acme.id,
        plan: 'scale',
        currency: 'USD',
        unit_amount_minor: 120_000,
        valid_from: 0,
      },
      {
        ...version,
        subscription_id: 's2',
        customer_id: 'psz_b',
        plan: 'growth',
        currency: 'EUR',
        unit_amount_minor: 50_000,
        valid_from: Date.parse('2026-11-02'),
      },
    ])
    .execute();
  const rates = ['2026-11-01', '2026-11-22'].map((day) => ({ day, currency: 'EUR', rate: '1.080000' }));
  await db.insertInto('fx_rates').values(rates).execute();
  const usage = { category: 'chat', errors_4xx: 0, errors_5xx: 0 };
  await db
    .insertInto('usage_daily')
    .values([
      { ...usage, customer_id: acme.id, bucket_start_at: Date.parse('2026-11-21T08:00:00Z'), calls: 1500 },
      { ...usage, customer_id: acme.id, bucket_start_at: Date.parse('2026-11-20T08:00:00Z'), calls: 5 },
    ])
    .execute();
}

async function ask(input: { [key: string]: Json }, at = nowAt) {
  return queryMetric.run(queryMetric.input.parse(input), context(at));
}

async function said(input: { [key: string]: Json }) {
  return queryMetric.narrate(queryMetric.output.parse(await ask(input)));
}

describe('an answer', () => {
  it('gives the figure, the instant and the zone', async () => {
    expect(await said({ metric: 'mrr' })).toBe('MRR is $1,740.00 as of Nov 22, 2026, 14:30 PST.');
  });

  it('is the same number an hour later when nothing has changed, and another when something has', async () => {
    const [now, later] = [await ask({ metric: 'mrr' }), await ask({ metric: 'mrr' }, nowAt + 3_600_000)];
    expect(later.when).not.toBe(now.when);
    expect(queryMetric.figures?.(later)).toEqual(queryMetric.figures?.(now));
    await store.db.updateTable('subscription_versions').set({ quantity: 2 }).execute();
    expect(queryMetric.figures?.(await ask({ metric: 'mrr' }))).not.toEqual(queryMetric.figures?.(now));
  });

  it('compares with the end of last month, in amount and percent', async () => {
    expect(await said({ metric: 'mrr', compare: 'previous' })).toBe(
      'MRR is $1,740.00 as of Nov 22, 2026, 14:30 PST, up $540.00 (45.0%) from $1,200.00 at the end of Oct 31, 2026.',
    );
  });

  it('gives no percent of a base that is too small', async () => {
    const answer = await ask({ metric: 'api_calls', period: 'yesterday', compare: '2026-11-20' });
    expect(answer.comparison).toMatchObject({ value: 5, difference: 1495, percent: null });
    expect(queryMetric.narrate(answer)).toBe(
      'API calls come to 1,500 for Nov 21, 2026, up 1,495 from 5 for Nov 20, 2026. A Saturday against a Friday.',
    );
  });

  it.each<[string, { [key: string]: Json }, string]>([
    [
      'as much of a named month as has passed, with the whole beside it',
      { metric: 'signups', period: 'Nov 2026', compare: 'Oct 2026' },
      'Signups come to 2 for Nov 1 - 30, 2026 so far, up 2 from 0 for Oct 1 - 22, 2026, until 14:30 PDT. Compared over as much of it as has passed; the whole of Oct 1 - 31, 2026 was 0.',
    ],
    [
      'a week and a month, by the day',
      { metric: 'api_calls', period: 'this week', compare: 'last month' },
      'API calls come to 1,505 for Nov 16 - 22, 2026 so far, up 1,505 from 0 for Oct 1 - 31, 2026. 7 days against 31, 215 a day against 0.',
    ],
    [
      'the same point of last quarter',
      { metric: 'api_calls', compare: 'same_point last quarter' },
      'API calls come to 1,505 for Oct 1 - Dec 31, 2026 so far, up 1,505 from 0 for Jul 1 - Aug 22, 2026, until 14:30 PDT. API calls come by the whole day: Aug 22, 2026 is all in, today is not over.',
    ],
    [
      'a snapshot, at the same point of last month',
      { metric: 'mrr', compare: 'same_point last month' },
      'MRR is $1,740.00 as of Nov 22, 2026, 14:30 PST, up $540.00 (45.0%) from $1,200.00 as of Oct 22, 2026, 14:30 PDT.',
    ],
    [
      'a holiday that only one of the days was',
      { metric: 'api_calls', period: '2026-11-21', compare: '2026-11-11' },
      'API calls come to 1,500 for Nov 21, 2026, up 1,500 from 0 for Nov 11, 2026. A Saturday against a Wednesday; Wednesday, Nov 11, 2026, was Veterans Day (US).',
    ],
  ])('compares like for like: %s', async (_name, input, sentence) => {
    expect(await said(input)).toBe(sentence);
  });

  it('carries a receipt: definition, period, rows, freshness and the conversion', async () => {
    const { receipt, originals } = await ask({ metric: 'mrr' });
    expect(receipt.definition).toMatchObject({ name: 'mrr', version: 2 });
    expect(receipt).toMatchObject({ period: null, asOfAt: nowAt, rowCount: 2 });
    expect(receipt.freshness.map((fresh) => fresh.source)).toEqual(['supabase', 'psizero']);
    expect(receipt.notes.join(' ')).toContain('$1,200.00 + €500.00');
    expect(originals.map((original) => original.text)).toEqual(['$1,200.00', '€500.00']);
  });

  it('says that a period is not over', async () => {
    const answer = await ask({ metric: 'signups', period: 'this month' });
    expect(answer.text).toBe('2');
    expect(answer.receipt.notes[0]).toContain('not over');
    expect(queryMetric.narrate(answer)).toBe('Signups come to 2 for Nov 1 - 30, 2026 so far.');
  });

  it('says whose days it counts by where they are not the company’s', async () => {
    const theirs = (zone: string, period: string) =>
      queryMetric.run(queryMetric.input.parse({ metric: 'revenue_gross', period }), {
        ...context(),
        principal: { ...context().principal, tz: zone },
      });
    expect((await theirs('Europe/Berlin', 'last month')).when).toBe('for Oct 1 - 31, 2026 (Berlin time)');
    expect((await theirs('America/Los_Angeles', 'last month')).when).toBe('for Oct 1 - 31, 2026');
    expect((await theirs('Europe/Berlin', 'last 24 hours')).when).not.toContain('Berlin time');
  });

  it('tells a long series by its highest and lowest, and a month by its name', async () => {
    const words = await said({ metric: 'signups', by: 'month', period: 'this year' });
    expect(words).toMatch(/By month: highest \S+ \(\w{3} 202\d[^)]*\), lowest \S+ \(\w{3} 202\d\)\./);
    expect(words).not.toContain('5 of');
    expect(words).not.toMatch(/lowest [^)]*so far/);
  });

  it('breaks down, ranks and lists the customers it showed', async () => {
    const answer = await ask({ metric: 'mrr', by: 'customer', top: 1 });
    expect(answer.breakdown?.rows.map((row) => [row.label, row.text])).toEqual([
      ['Acme Robotics', '$1,200.00'],
    ]);
    expect(answer.listed).toEqual([{ id: acme.id, label: 'Acme Robotics', customerId: acme.id }]);
    expect(queryMetric.narrate(answer)).toContain(
      'Of 2 customers, Acme Robotics comes first with $1,200.00.',
    );
    const smallest = await ask({ metric: 'mrr', by: 'plan', order: 'asc' });
    expect(smallest.breakdown?.rows.map((row) => row.label)).toEqual(['growth', 'scale']);
  });

  it('names customers of usage, which the store groups by id', async () => {
    const answer = await ask({ metric: 'api_calls', period: 'last 7 days', by: 'customer' });
    expect(answer.breakdown?.rows[0]).toMatchObject({ label: 'Acme Robotics', value: 1505 });
  });

  it('narrows to a customer by name, a plan or a currency, in any case', async () => {
    expect(await said({ metric: 'mrr', customer: 'acme' })).toContain('MRR for Acme Robotics is $1,200.00');
    expect((await ask({ metric: 'mrr', filter: { currency: 'eur' } })).value).toBe(54_000);
    expect((await ask({ metric: 'mrr', filter: { plan: 'Scale' } })).value).toBe(120_000);
  });

  it('draws a series with the running step marked, and a table beside it', async () => {
    const answer = await ask({ metric: 'api_calls', period: 'last 3 days', by: 'day' });
    expect(answer.breakdown?.rows.map((row) => [row.label, row.value])).toEqual([
      ['Nov 20, 2026', 5],
      ['Nov 21, 2026', 1500],
      ['Nov 22, 2026 so far', 0],
    ]);
    const exhibits = queryMetric.exhibits?.(answer) ?? [];
    expect(exhibits.map((exhibit) => exhibit.kind)).toEqual(['chart', 'table']);
  });

  it('has no error rate where there are no calls, and says so', async () => {
    expect(await said({ metric: 'error_rate', period: 'Oct 2026' })).toBe(
      'There is no error rate for Oct 1 - 31, 2026.',
    );
  });

  it('brings sources up to date only for answers about now', async () => {
    await ask({ metric: 'signups', period: 'last month' });
    expect(refreshed).toEqual([]);
    await ask({ metric: 'signups' });
    expect(refreshed).toEqual([['psizero']]);
  });

  it.each([
    [{ metric: 'vibes' }, 'I do not measure "vibes"'],
    [{ metric: 'mrr', period: 'Q5' }, 'There is no "Q5"'],
    [{ metric: 'mrr', period: 'next month' }, 'has not begun'],
    [{ metric: 'mrr', customer: 'nobody' }, 'nobody'],
    [{ metric: 'uptime', by: 'plan' }, 'cannot be broken down'],
    [{ metric: 'api_calls', period: '2025', by: 'day' }, 'more than 31'],
  ])('refuses %j in a sentence', async (input, message) => {
    await expect(ask(input)).rejects.toThrow(message);
  });

  it.each([
    [{ metric: 'mrr', color: 'red' }],
    [{ metric: 'mrr', top: 0 }],
    [{ metric: 'mrr', filter: { country: 'Germany' } }],
    [{ metric: 'mrr', by: 'star sign' }],
    [{}],
  ])('does not take %j', (input) => {
    expect(queryMetric.input.safeParse(input).success).toBe(false);
  });

  it('takes every example it gives and every metric there is', async () => {
    for (const example of queryMetric.examples)
      expect(queryMetric.input.safeParse(example.input).success).toBe(true);
    for (const { name } of METRICS) {
      const answer = queryMetric.output.parse(await ask({ metric: name }));
      expect(queryMetric.narrate(answer)).toMatch(/\.$/);
    }
  });
});

function utterance(text: string, previous: PreviousCall[] = []): Utterance {
  const start = text.toLowerCase().indexOf('acme');
  const named = { start, end: start + 4, text: 'Acme', candidates: [acme], score: 1 };
  return {
    text,
    words: text.toLowerCase().split(/\W+/),
    periods: findPeriods(text, { nowAt, tz }),
    customers: start < 0 ? [] : [named],
    amounts: [],
    ordinal: null,
    comparison: /\b(vs|versus|compared?|against)\b/i.test(text),
    by: /\b(?:by|per) (\w+)/i.exec(text)?.[1] ?? null,
    top: Number(/\btop (\d+)/i.exec(text)?.[1]) || null,
    negated: false,
    previous,
    nowAt,
    tz,
  };
}

const october = '2026-10-01T07:00:00.000Z/2026-11-01T07:00:00.000Z';
const september = '2026-09-01T07:00:00.000Z/2026-10-01T07:00:00.000Z';
const august = '2026-08-01T07:00:00.000Z/2026-09-01T07:00:00.000Z';

describe('a sentence', () => {
  it.each<[string, { [key: string]: Json }]>([
    ["how's MRR?", { metric: 'mrr' }],
    ['whats our mrr rn', { metric: 'mrr' }],
    ['how much did we make last month', { metric: 'revenue_gross', period: october }],
    [
      'revnue last month vs the month before',
      { metric: 'revenue_gross', period: october, compare: september },
    ],
    [
      'compare revenue in October to September',
      { metric: 'revenue_gross', period: october, compare: september },
    ],
    ['mrr vs last month', { metric: 'mrr', compare: october }],
    [
      'revenue vs the same point last quarter',
      { metric: 'revenue_gross', compare: 'same_point last quarter' },
    ],
    [
      'api calls yesterday compared to the same weekday last week',
      {
        metric: 'api_calls',
        period: '2026-11-21T08:00:00.000Z/2026-11-22T08:00:00.000Z',
        compare: 'same_point last week',
      },
    ],
    ['revenue vs last year', { metric: 'revenue_gross', compare: 'last_year' }],
    ['is MRR up or down', { metric: 'mrr', compare: 'previous' }],
    ['how many customers do we have', { metric: 'active_customers' }],
    ['how many customers signed up in October', { metric: 'signups', period: october }],
    ['how much did we refund in October', { metric: 'refunds', period: october }],
    ['net revenue Oct 2026', { metric: 'revenue_net', period: october }],
    ['p95', { metric: 'latency_p95' }],
    ['how many tickets are open', { metric: 'tickets_open' }],
    ['overdue amount', { metric: 'receivables_overdue' }],
    ['how much are we owed', { metric: 'receivables_open' }],
    ['churn last month', { metric: 'churned_customers', period: october }],
    ['which customers churned last month', { metric: 'churned_customers', period: october, by: 'customer' }],
    ['MRR by plan', { metric: 'mrr', by: 'plan' }],
    ['which plans bring the most MRR', { metric: 'mrr', by: 'plan' }],
    ['daily api calls in October', { metric: 'api_calls', period: october, by: 'day' }],
    ['top 3 customers by API calls', { metric: 'api_calls', by: 'customer', top: 3 }],
    ['who are our biggest customers', { metric: 'mrr', by: 'customer', top: 5 }],
    ["what is Acme's mrr", { metric: 'mrr', customer: 'psz_acme' }],
    ['mrr on the scale plan', { metric: 'mrr', filter: { plan: 'scale' } }],
    ['revenue from EUR customers', { metric: 'revenue_gross', filter: { currency: 'EUR' } }],
    ['gross revenue in Q5', { metric: 'revenue_gross', period: 'Q5' }],
    ['chart MRR in October', { metric: 'mrr', period: october, chart: 'auto', by: 'day' }],
    ['chart MRR', { metric: 'mrr', chart: 'auto', by: 'month' }],
  ])('%s', (text, input) => {
    const readings = queryMetric.recognize(utterance(text));
    expect(readings[0]?.input).toEqual(input);
    expect(readings[0]?.confidence).toBeGreaterThanOrEqual(0.6);
    expect(readings.slice(1).every((reading) => reading.confidence < 0.6)).toBe(true);
  });

  it.each([
    "who hasn't paid us",
    "refund Acme's last payment",
    'overdue invoices',
    'list open tickets',
    'show failed payments',
    'send Acme a reminder about the overdue invoice',
    'MRR in euros?',
    'hello',
    'approve it',
    'Acme',
  ])('%s is not taken for a figure', (text) => {
    expect(queryMetric.recognize(utterance(text)).every((reading) => reading.confidence < 0.6)).toBe(true);
  });

  it('is echoed as it was understood', () => {
    const [reading] = queryMetric.recognize(utterance('revenue last month vs the month before'));
    expect(reading?.interpretation).toBe('Revenue, gross, Oct 1 - 31, 2026, against Sep 1 - 30, 2026');
  });

  const before = { metric: 'revenue_gross', period: october };
  it.each<[string, { [key: string]: Json }, { [key: string]: Json }]>([
    ['and the month before', before, { ...before, period: september }],
    ['and the month before?', { ...before, compare: september }, { ...before, period: august }],
    ['by plan', before, { ...before, by: 'plan' }],
    ['for Acme', before, { ...before, customer: 'psz_acme' }],
    ['what about September?', before, { ...before, period: september }],
    ['and ARR?', before, { metric: 'arr', period: october }],
    ['net?', before, { ...before, metric: 'revenue_net' }],
    ['vs the previous month', before, { ...before, compare: september }],
  ])('%s continues the question before it', (text, input, expected) => {
    const previous = [{ tool: queryMetric.name, input, listed: [] }];
    const [reading] = queryMetric.recognize(utterance(text, previous));
    expect(reading?.input).toEqual(expected);
    expect(reading?.confidence).toBeGreaterThanOrEqual(0.6);
  });

  it.each(['thanks', 'the second one', 'refund the second one', 'send it'])(
    '%s continues nothing',
    (text) => {
      const previous = [{ tool: queryMetric.name, input: before, listed: [] }];
      expect(queryMetric.recognize(utterance(text, previous))).toEqual([]);
    },
  );

  it('continues nothing when another question came between', () => {
    const previous = [{ tool: 'another_tool', input: {}, listed: [] }];
    expect(queryMetric.recognize(utterance('by plan', previous))).toEqual([]);
  });

  it('that names no metric is met with the nearest three', () => {
    expect(nearestMetrics('customers happiness')).toHaveLength(3);
    expect(nearestMetrics('customers happiness')[0]).toBe('csat');
    expect(nearestMetrics('vibes')).toHaveLength(3);
  });
});

describe('a series', () => {
  const ask = async (input: { [key: string]: Json }) => {
    const answer = queryMetric.output.parse(
      await queryMetric.run(
        queryMetric.input.parse({ metric: 'api_calls', by: 'week', ...input }),
        context(),
      ),
    );
    return queryMetric.exhibits?.(answer) ?? [];
  };
  const compared = { period: 'last month', compare: 'previous' };

  it.each([
    [{}, ['chart', 'table']],
    [{ chart: 'table' }, ['table']],
    [compared, ['chart', 'table']],
    [{ ...compared, chart: 'table' }, ['table']],
  ])('asked with %j is shown as %j', async (input, kinds) => {
    expect((await ask(input)).map(({ kind }) => kind)).toEqual(kinds);
  });

  it('compared with another period has that one and the change beside it', async () => {
    const [table] = await ask({ ...compared, chart: 'table' });
    if (table?.kind !== 'table') throw new Error('no table');
    expect(table.columns.map(({ header }) => header)).toEqual([
      'Week',
      'API calls',
      'Sep 1 - 30, 2026',
      'Change',
    ]);
    expect(table.rows.every((row) => row.length === 4)).toBe(true);
  });
});
