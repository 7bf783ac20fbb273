import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { calculateMetric } from '../../src/domain/metrics/calculate.ts';
import type { Dimension } from '../../src/domain/metrics/metric.ts';
import { createMetricFacts } from '../../src/store/facts.ts';
import { openStore, type Store } from '../../src/store/open-store.ts';

const tz = 'America/Los_Angeles';
const company = { name: 'PsiZero', currency: 'USD', tz };
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const nowAt = Date.parse('2026-11-22T22:30:00Z');
const octoberAt = Date.parse('2026-10-01T07:00:00Z');
const novemberAt = Date.parse('2026-11-01T07:00:00Z');
const october: [number, number] = [octoberAt, novemberAt];

let store: Store;
beforeEach(async () => {
  store = openStore(':memory:');
  await store.db
    .insertInto('customers')
    .values([customer('a', 'US'), customer('b', 'DE'), customer('c', 'DE')])
    .execute();
});
afterEach(() => store.close());

function customer(id: string, country: string) {
  const mail = `a@${id}.example`;
  return {
    ...{ id, name: `Name of ${id}`, domain: `${id}.example`, email: mail, country, region: '' },
    ...{ currency: 'USD', segment: 'smb', channel: 'web', owner_email: null },
    ...{ stripe_customer_id: `cus_${id}`, signed_up_at: 1, updated_at: 1 },
  };
}

interface Ask {
  by?: Dimension;
  filter?: object;
  period?: [number, number];
  sloTarget?: number;
}

function ask(name: string, { by, filter = {}, period = october, sloTarget }: Ask = {}) {
  const asked = { startAt: period[0], endAt: period[1], tz, label: 'asked' };
  const of = sloTarget === undefined ? company : { ...company, sloTarget };
  const request = { period: asked, nowAt, company: of, filter, by: by ?? null };
  return calculateMetric(name, request, createMetricFacts(store));
}

const measured = async (name: string, options?: Ask) => (await ask(name, options)).value;
async function groupsOf(name: string, by: Dimension) {
  const { groups } = await ask(name, { by });
  return Object.fromEntries((groups ?? []).map(({ key, value }) => [key, value]));
}

interface Ticket {
  id: string;
  customer?: string;
  priority?: string;
  opened: number;
  answered?: number;
  closed?: number;
  rated?: number;
  score?: number;
  body?: string;
}

async function addTickets(...tickets: Ticket[]) {
  const values = tickets.map((ticket) => ({
    ...{ id: ticket.id, customer_id: ticket.customer ?? 'a', subject: 'Hello', body: ticket.body ?? '' },
    ...{ status: ticket.closed ? 'closed' : 'open', priority: ticket.priority ?? 'normal' },
    ...{ opened_at: octoberAt + ticket.opened * HOUR, updated_at: 0 },
    first_response_at: ticket.answered === undefined ? null : octoberAt + ticket.answered * HOUR,
    closed_at: ticket.closed === undefined ? null : octoberAt + ticket.closed * HOUR,
    csat_rated_at: ticket.rated === undefined ? null : octoberAt + ticket.rated * HOUR,
    csat_score: ticket.score ?? null,
  }));
  await store.db.insertInto('tickets').values(values).execute();
}

describe('support', () => {
  beforeEach(() =>
    addTickets(
      ...[
        { id: '1', opened: 0, answered: 1, closed: 5, rated: 6, score: 5, body: 'Thanks, all works' },
        { id: '2', opened: 1, answered: 3, closed: 9, priority: 'high', body: 'All calls fail' },
        {
          id: '3',
          customer: 'b',
          opened: 2,
          answered: 32,
          closed: 40,
          rated: 41,
          score: 2,
          body: 'It is slow',
        },
        { id: '4', customer: 'b', opened: -5, answered: -1, priority: 'high' },
        { id: '5', customer: 'b', opened: 700, rated: 800, score: 1 },
      ],
    ),
  );

  it('counts a ticket when it is opened, answered, closed and rated', async () => {
    expect(await measured('tickets_opened')).toBe(4);
    expect(await measured('tickets_closed')).toBe(3);
    expect(await groupsOf('tickets_opened', 'priority')).toEqual({ normal: 3, high: 1 });
  });

  it('gives the median of every single ticket, which is not the mean of the groups', async () => {
    expect(await measured('first_response_time')).toBe(2 * HOUR);
    const groups = await groupsOf('first_response_time', 'customer');
    expect(groups).toEqual({ a: 1.5 * HOUR, b: 30 * HOUR });
    expect(await measured('resolution_time')).toBe(8 * HOUR);
  });

  it('has no value, not zero, where nothing was answered, closed or rated', async () => {
    for (const metric of ['first_response_time', 'resolution_time', 'csat', 'ticket_sentiment']) {
      expect(await measured(metric, { filter: { customerId: 'c' } }), metric).toBeNull();
    }
    expect(await measured('tickets_opened', { filter: { customerId: 'c' } })).toBe(0);
  });

  it('takes the mark of a ticket in the period in which it was given', async () => {
    expect(await measured('csat')).toBe(3.5);
    expect(await groupsOf('csat', 'country')).toEqual({ US: 5, DE: 2 });
    expect(await measured('csat', { period: [novemberAt, nowAt] })).toBe(1);
  });

  it('weighs content against upset tickets and never gives their words away', async () => {
    const answer = await ask('ticket_sentiment');
    expect(answer.value).toBe(-1 / 4);
    expect(JSON.stringify(answer)).not.toMatch(/calls fail|all works|slow/i);
  });

  it('knows how long the open ones have been open', async () => {
    const at = (hours: number): Ask => ({ period: [octoberAt, octoberAt + hours * HOUR + 1] });
    expect(await measured('backlog_age', at(4))).toBe(3.5 * HOUR);
    expect(await measured('backlog_age', { ...at(4), filter: { customerId: 'c' } })).toBeNull();
  });
});

describe('service', () => {
  beforeEach(async () => {
    const incident = (id: string, severity: string, from: number, to: number | null) => ({
      ...{ id, title: id, severity, updated_at: 0 },
      ...{ started_at: octoberAt + from * HOUR, ended_at: to === null ? null : octoberAt + to * HOUR },
    });
    await store.db
      .insertInto('incidents')
      .values([
        incident('before', 'major', -2, 1),
        incident('minor', 'minor', 5, 6),
        incident('twice', 'critical', 5.5, 7.5),
        incident('after', 'major', 743, 747),
        incident('still', 'minor', 1_200, null),
      ])
      .execute();
  });

  it('counts incidents that began, the time they took, and how long those that ended had lasted', async () => {
    expect(await measured('incidents')).toBe(3);
    expect(await groupsOf('incidents', 'severity')).toEqual({ minor: 1, critical: 1, major: 1 });
    // One, one, two and one hour: October has 744.
    expect(await measured('incident_minutes')).toBe(5 * 60);
    expect(await measured('mttr')).toBe(2 * HOUR);
    expect(await groupsOf('mttr', 'severity')).toEqual({ major: 3 * HOUR, critical: 2 * HOUR, minor: HOUR });
  });

  it('burns the error budget by the time that counts as down, against the target', async () => {
    const down = 4 / 744;
    expect(await measured('slo_burn')).toBeCloseTo(down / 0.001, 9);
    expect(await measured('slo_burn', { sloTarget: 0.99 })).toBeCloseTo(down / 0.01, 9);
    const { notes } = await ask('slo_burn', { sloTarget: 0.9995 });
    expect(notes).toContain('The target is 99.95% of the time.');
    expect(await measured('uptime')).toBeCloseTo(1 - down, 12);
  });

  it('has nothing to say of restoring where nothing ended', async () => {
    expect(await measured('mttr', { period: [novemberAt + 6 * HOUR, nowAt] })).toBeNull();
    expect(await measured('incident_minutes', { period: [nowAt - HOUR, nowAt + DAY] })).toBe(60);
  });
});

describe('usage', () => {
  const usage = (customerId: string, day: number, category: string, calls: number) => ({
    ...{ customer_id: customerId, category, calls, errors_4xx: Math.floor(calls / 10), errors_5xx: 0 },
    bucket_start_at: octoberAt + day * DAY,
  });
  beforeEach(async () => {
    await store.db
      .insertInto('usage_daily')
      .values([
        usage('a', 0, 'search', 900),
        usage('a', 20, 'batch', 600),
        usage('b', 3, 'search', 100),
        usage('b', 5, 'embeddings', 0),
      ])
      .execute();
    const plan = (id: string, calls: number | null) => ({
      ...{ id, name: id, included_calls: calls, updated_at: 0 },
      overage_prices: JSON.stringify({ USD: 5_000 }),
    });
    await store.db
      .insertInto('plans')
      .values([plan('growth', 1_000), plan('vast', null)])
      .execute();
    const version = (customerId: string, named: string) => ({
      ...{ subscription_id: `s${customerId}`, version: 1, customer_id: customerId, plan: named },
      ...{ status: 'active', currency: 'USD', unit_amount_minor: 0, quantity: 1, interval: 'month' },
      ...{ interval_count: 1, discount_percent: null, discount_amount_minor: null },
      ...{ discount_duration: null, cancel_at: null, valid_from: 0, valid_to: null, updated_at: 0 },
    });
    await store.db
      .insertInto('subscription_versions')
      .values([version('a', 'growth'), version('b', 'growth'), version('c', 'vast')])
      .execute();
  });

  it('counts each API once, whoever uses it, and each customer once, whatever it uses', async () => {
    expect(await measured('unique_apis')).toBe(2);
    expect(await groupsOf('unique_apis', 'customer')).toEqual({ a: 2, b: 1 });
    expect(await measured('active_api_customers')).toBe(2);
    expect(await groupsOf('active_api_customers', 'category')).toEqual({ search: 2, batch: 1 });
    expect(await measured('calls_per_customer')).toBe(800);
    expect(await measured('calls_per_customer', { filter: { country: 'US' } })).toBe(1_500);
    expect(await measured('calls_per_customer', { filter: { customerId: 'c' } })).toBeNull();
    expect(await measured('error_rate_4xx')).toBe(0.1);
  });

  it('holds calls against what the plans include, added up before they are divided', async () => {
    expect(await groupsOf('quota_use', 'customer')).toEqual({ a: 1.5, b: 0.1 });
    expect(await measured('quota_use')).toBe(0.8);
    expect(await measured('quota_use', { filter: { plan: 'vast' } })).toBeNull();
  });

  it('counts overage from the month’s beginning, so that parts of the month add up to it', async () => {
    const middle = octoberAt + 10 * DAY;
    expect(await measured('overage_calls')).toBe(500);
    expect(await measured('overage_calls', { period: [octoberAt, middle] })).toBe(0);
    expect(await measured('overage_calls', { period: [middle, novemberAt] })).toBe(500);
    expect(await groupsOf('overage_calls', 'customer')).toEqual({ a: 500 });
    expect(await measured('overage_amount')).toBe(2_500);
  });

  it('says kindly that nothing is known of quotas where there is no catalogue', async () => {
    await store.db.deleteFrom('plans').execute();
    await expect(ask('quota_use')).rejects.toThrow('What the plans include is not known');
  });
});
