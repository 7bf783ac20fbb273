import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Customer, Json, Scope } from '../../../src/domain/types.ts';
import { fixedClock } from '../../../src/lib/clock.ts';
import { UserError } from '../../../src/lib/errors.ts';
import { createMetricFacts } from '../../../src/store/facts.ts';
import { openStore, type Store } from '../../../src/store/open-store.ts';
import type { ToolContext } from '../../../src/tools/define-tool.ts';
import findAnomalies from '../../../src/tools/metrics/find-anomalies.ts';
import { quietPorts } from '../../quiet-ports.ts';
import { bestReading } from '../reading.ts';

const tz = 'UTC';
const nowAt = Date.parse('2026-11-22T14:30:00Z');
const DAY = 86_400_000;
const today = Date.parse('2026-11-22T00:00:00Z');

const customerOf = (id: string, name: string): Customer => ({
  id,
  name,
  domain: `${id}.example`,
  email: '',
  country: 'US',
  region: '',
  currency: 'USD',
  segment: '',
  channel: '',
  ownerEmail: null,
  stripeCustomerId: null,
  signedUpAt: 1,
});
const acme = customerOf('psz_acme', 'Acme Robotics');
const bolt = customerOf('psz_bolt', 'Bolt');

let store: Store;
beforeEach(() => {
  store = openStore(':memory:');
});
afterEach(() => store.close());

/** Busy on weekdays, half of it at weekends, with a little unrest; `special` are days before today. */
async function seed(special: { [customer: string]: { [daysAgo: number]: number } } = {}): Promise<void> {
  const rows = [acme, bolt].flatMap(({ id }) =>
    Array.from({ length: 100 }, (_, index) => {
      const ago = index + 1;
      const at = today - ago * DAY;
      const weekend = [0, 6].includes(new Date(at).getUTCDay());
      const usual = (weekend ? 5_000 : 10_000) + Math.round(200 * Math.sin(ago * 12.9));
      return {
        customer_id: id,
        category: 'search',
        bucket_start_at: at,
        calls: special[id]?.[ago] ?? usual,
        errors_4xx: 0,
        errors_5xx: 10,
      };
    }),
  );
  await store.db.insertInto('usage_daily').values(rows).execute();
}

async function incident(startedAt: number, title: string): Promise<void> {
  await store.db
    .insertInto('incidents')
    .values({
      id: 'inc_1',
      severity: 'critical',
      title,
      started_at: startedAt,
      ended_at: startedAt + 3_600_000,
      updated_at: 0,
    })
    .execute();
}

function refuse(): never {
  throw new Error('not part of this test');
}

function context(scopes: readonly Scope[]): ToolContext {
  return {
    principal: { kind: 'user', teamId: 'T', userId: 'U', name: 'Ann', email: null, roles: ['founder'], tz },
    place: { teamId: 'T', channelId: 'D', threadTs: '1', kind: 'dm', internalOnly: true },
    company: { name: 'PsiZero', currency: 'USD', tz },
    clock: fixedClock(nowAt),
    signal: new AbortController().signal,
    scopes,
    facts: createMetricFacts(store),
    customers: {
      get: async (id) => [acme, bolt].find((one) => one.id === id) ?? null,
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
      refresh: async () => undefined,
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

async function look(
  input: { [key: string]: Json } = {},
  scopes: readonly Scope[] = ['metrics:read', 'customers:read'],
) {
  const found = await findAnomalies.run(findAnomalies.input.parse(input), context(scopes));
  return findAnomalies.output.parse(found);
}

describe('looking for what stands out', () => {
  it('finds a quiet company quiet, and says what it looked at', async () => {
    await seed();
    const found = await look();
    expect(found.unusual).toEqual([]);
    expect(found.explained).toEqual([]);
    const said = findAnomalies.narrate(found);
    expect(said).toMatch(/^Nothing unexplained stands out, Nov 15 - 21, 2026: API calls/);
    expect(said).toContain('the 2 largest customers');
    expect(findAnomalies.exhibits?.(found)).toEqual([]);
  });

  it('tells what, when, how much and what was expected; with a chart of it and a table', async () => {
    await seed({ [acme.id]: { 4: 61_000 } });
    const found = await look();
    const ours = found.unusual.map(({ what, kind, day, value }) => ({ what, kind, day, value }));
    expect(ours).toContainEqual({
      what: 'API calls of Acme Robotics',
      kind: 'spike',
      day: 'Wed, Nov 18',
      value: '61,000',
    });
    expect(found.listed).toContainEqual({ id: acme.id, label: acme.name, customerId: acme.id });
    expect(findAnomalies.narrate(found)).toMatch(
      /API calls of Acme Robotics were 61,000 on Wed, Nov 18, where [\d,]+ to [\d,]+ was to be expected\./,
    );
    const exhibits = findAnomalies.exhibits?.(found) ?? [];
    expect(exhibits.map(({ kind }) => kind)).toEqual(['chart', 'chart', 'table']);
    const [chart] = exhibits;
    if (chart?.kind !== 'chart') throw new Error('no chart');
    expect(chart.categories).toHaveLength(28);
    expect(chart.band?.high).toHaveLength(28);
    expect(
      Math.max(...chart.series.flatMap(({ values }) => values.map((value) => value ?? 0))),
    ).toBeGreaterThan(60_000);
  });

  it('tells consecutive days as one, with its first day', async () => {
    await seed({ [acme.id]: { 3: 100, 2: 120, 1: 90 }, [bolt.id]: { 3: 100, 2: 120, 1: 90 } });
    const found = await look({ metric: 'api calls' });
    expect(found.unusual).toHaveLength(1);
    expect(found.unusual[0]).toMatchObject({ kind: 'drop', days: 3, when: 'since Thu, Nov 19' });
  });

  it('calls a day of a known incident explained, and names the incident without its links', async () => {
    await seed({ [acme.id]: { 6: 300 }, [bolt.id]: { 6: 300 } });
    await incident(today - 6 * DAY + 14 * 3_600_000, 'API outage, see https://evil.example/x');
    const found = await look({ metric: 'api_calls' });
    expect(found.unusual).toEqual([]);
    expect(found.explained).toHaveLength(1);
    expect(found.explained[0]?.incident).toContain('API outage');
    expect(JSON.stringify(found)).not.toContain('evil.example');
    expect(findAnomalies.narrate(found)).toMatch(
      /Explained by a known incident, "API outage[^"]*": API calls were 600/,
    );
  });

  it('leaves customers out for who may not see them, and needs the right for a customer by name', async () => {
    await seed({ [acme.id]: { 4: 61_000 } });
    const found = await look({}, ['metrics:read']);
    expect(found.customersLookedAt).toBe(0);
    expect(JSON.stringify(found)).not.toContain('Acme');
    expect(findAnomalies.furtherScopes?.({ customer: 'Acme' }, [])).toEqual(['customers:read']);
  });

  it('says that there is too little history rather than guess', async () => {
    await store.db
      .insertInto('usage_daily')
      .values({
        customer_id: acme.id,
        category: 'search',
        bucket_start_at: today - DAY,
        calls: 9_000_000,
        errors_4xx: 0,
        errors_5xx: 0,
      })
      .execute();
    const found = await look({ metric: 'error_rate' });
    expect(found.unusual).toEqual([]);
    expect(findAnomalies.narrate(found)).toContain('There is not enough history to judge error rate.');
  });

  it('judges closed days only: of a week that has just begun the last seven', async () => {
    await seed();
    expect((await look({ metric: 'api_calls', period: 'today' })).period).toBe('Nov 15 - 21, 2026');
    expect((await look({ metric: 'api_calls', period: 'Nov 9 - 12' })).period).toBe('Nov 9 - 12, 2026');
    await expect(look({ period: '2026' })).rejects.toThrow('more than 31 days');
  });

  it('is the same for who asks again', async () => {
    await seed({ [bolt.id]: { 2: 90_000 } });
    expect(await look()).toEqual(await look());
  });
});

describe('sentences that ask for it', () => {
  it.each<[string, { [key: string]: Json }]>([
    ['anything unusual?', {}],
    ['what stands out', {}],
    ['any anomalies in api calls?', { metric: 'api_calls' }],
    ['anything weird with our error rate lately?', { metric: 'error_rate' }],
    ['were there any spikes in signups', { metric: 'signups' }],
  ])('%s', async (text, input) => {
    const reading = await bestReading(findAnomalies, text);
    expect(reading?.input).toEqual(input);
    expect(reading?.confidence).toBeGreaterThanOrEqual(0.8);
  });

  it('takes the days that are named', async () => {
    const reading = await bestReading(findAnomalies, 'anything unusual this week?');
    expect(reading?.input.period).toMatch(/^\d{4}-\d\d-\d\dT.*\/\d{4}/);
  });

  it.each(["what's our MRR?", 'error rate last week', 'show open invoices'])('not %s', async (text) => {
    expect(await bestReading(findAnomalies, text)).toBeNull();
  });
});
