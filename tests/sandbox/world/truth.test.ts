import { describe, expect, it } from 'vitest';
import { DAY, HOUR } from '../../../sandbox/world/calendar.ts';
import { applyCompanyEvent } from '../../../sandbox/world/company-events.ts';
import { createRefund, issueCreditNote } from '../../../sandbox/world/operations.ts';
import type { World } from '../../../sandbox/world/records.ts';
import { named } from '../../../sandbox/world/stories.ts';
import { TRUTH_QUERIES, truthOf } from '../../../sandbox/world/truth.ts';
import { pickCustomer, pickInvoice } from '../../../sandbox/world/truth-pickers.ts';
import { registerFx, registerTruth } from '../../../sandbox/world/truth-routes.ts';
import type { TruthQuestion } from '../../../sandbox/world/truth-scope.ts';
import { createWorld } from '../../../sandbox/world/world.ts';
import { NOW, sandboxOf, serving, smallWorld } from './given.ts';

const CUSTOMER_KINDS = ['refundable', 'overdue', 'ambiguous', 'healthy', 'atrisk', 'injected', 'nobody'];
const INVOICE_KINDS = ['open', 'overdue', 'draft'];
const nothing: TruthQuestion = { period: null, at: null, customerId: null, currency: null };
const ask = (world: World, query: string, asked: Partial<TruthQuestion> = {}) =>
  truthOf(world, query, { ...nothing, ...asked });
const minor = (world: World, query: string, asked: Partial<TruthQuestion> = {}) =>
  ask(world, query, asked).minor ?? 0;
const month = {
  period: { start: Date.parse('2026-10-01T07:00:00Z'), end: Date.parse('2026-11-01T07:00:00Z') },
};

describe('the truth', () => {
  const world = createWorld({ seed: 7, now: NOW, scale: 1 });

  it('of MRR rises by what a signup pays a month and falls when it leaves', () => {
    const changing = smallWorld();
    const before = minor(changing, 'mrr');
    const { id } = applyCompanyEvent(changing, { type: 'signup', plan: 'growth' });
    expect(minor(changing, 'mrr') - before).toBe(24_900);
    expect(minor(changing, 'mrr', { customerId: id })).toBe(24_900);
    expect(minor(changing, 'arr', { customerId: id })).toBe(298_800);
    changing.advanceTo(NOW + HOUR);
    applyCompanyEvent(changing, { type: 'cancelled', customer: id });
    expect(minor(changing, 'mrr', { customerId: id })).toBe(0);
    expect(minor(changing, 'mrr', { customerId: id, at: NOW + HOUR - 1 })).toBe(24_900);
    const period = { start: NOW, end: NOW + DAY };
    expect(ask(changing, 'churned_customers', { period, customerId: id }).value).toBe(1);
    expect(ask(changing, 'signups', { period, customerId: id }).value).toBe(1);
  });

  it.each([
    ['a forever coupon counts', 'Ibex Outdoor', 22_900 * 0.75],
    ['a repeating coupon does not', 'Juno Wellness', 99_900],
    ['a year is a twelfth a month', 'Palisade Legal', 83_250],
    ['a trial does not', 'Ferro Cycles', 0],
    ['an overdue payment still does', 'Kestrel Aerial', 49_800],
  ])('of MRR: %s', (_, name, expected) => {
    const { id, currency } = named(world, name);
    const rate = Number(world.fxRate(currency, '2026-11-20'));
    expect(minor(world, 'mrr', { customerId: id })).toBe(Math.round(expected * rate));
  });

  it('counts yen without decimals', () => {
    const { id } = named(world, 'Hoshino Foods');
    const rate = Number(world.fxRate('JPY', '2026-11-20'));
    expect(minor(world, 'mrr', { customerId: id })).toBe(Math.round(36_800 * 100 * rate));
  });

  it('of refunds and credit notes is what revenue net lacks', () => {
    const changing = smallWorld();
    const { id } = named(changing, 'Acme Robotics');
    const charge = changing.of('charges', id).at(-1);
    createRefund(changing, { chargeId: charge?.id ?? '', amount: 1_234 });
    issueCreditNote(changing, { invoiceId: charge?.invoiceId ?? '', amount: 200 });
    const net = () => minor(changing, 'revenue_net', { customerId: id });
    expect(minor(changing, 'refunds', { customerId: id })).toBe(1_234);
    expect(net()).toBe(minor(changing, 'revenue_gross', { customerId: id }) - 1_434);
  });

  it.each([
    'mrr',
    'arr',
    'revenue_gross',
    'revenue_net',
    'refunds',
    'receivables_open',
    'receivables_overdue',
  ])('of %s is the sum over customers and over currencies', (query) => {
    const total = minor(world, query, month);
    const customers = world
      .all('customers')
      .map(({ id }) => minor(world, query, { ...month, customerId: id }));
    const currencies = ['USD', 'EUR', 'JPY'].map((currency) => minor(world, query, { ...month, currency }));
    expect(customers.reduce((sum, value) => sum + value, 0)).toBe(total);
    expect(currencies.reduce((sum, value) => sum + value, 0)).toBe(total);
  });

  const ADDING_UP = [
    ...['revenue_gross', 'refunds', 'signups', 'api_calls', 'failed_payments', 'overage_calls'],
    ...['overage_amount', 'tickets_opened', 'tickets_closed', 'incidents', 'incident_minutes'],
  ];
  it.each(ADDING_UP)('of %s adds up over periods that touch', (query) => {
    const middle = Date.parse('2026-10-11T07:00:00Z');
    const { start, end } = month.period;
    const value = (from: number, to: number) => {
      const { value, minor } = ask(world, query, { period: { start: from, end: to } });
      return minor ?? value ?? 0;
    };
    expect(value(start, middle) + value(middle, end)).toBe(value(start, end));
    expect(value(start - 300 * DAY, end)).toBeGreaterThan(0);
  });

  it('of what is owed moves from open to overdue to paid', () => {
    const changing = smallWorld();
    const { id } = named(changing, 'Harrow & Finch');
    const overdue = () => minor(changing, 'receivables_overdue', { customerId: id });
    const open = () => minor(changing, 'receivables_open', { customerId: id });
    expect(open()).toBeGreaterThan(overdue());
    expect(overdue()).toBeGreaterThan(0);
    const before = open();
    applyCompanyEvent(changing, { type: 'payment_succeeded', customer: id });
    expect(open()).toBeLessThan(before);
    expect(minor(changing, 'receivables_open', { customerId: id, at: NOW - 1 })).toBe(before);
  });

  it('of uptime counts overlapping outages once and not the future', () => {
    const changing = smallWorld();
    applyCompanyEvent(changing, { type: 'outage_started' });
    applyCompanyEvent(changing, { type: 'outage_started', severity: 'major' });
    changing.advanceTo(NOW + HOUR);
    const period = { start: NOW - HOUR, end: NOW + 40 * DAY };
    expect(ask(changing, 'uptime', { period })).toMatchObject({ value: 0.5, unit: 'ratio' });
  });

  it('of p95 is a bucket’s upper bound, of errors a share, and null where nothing was called', () => {
    expect(ask(world, 'latency_p95', month).value).toBeGreaterThan(100);
    expect(ask(world, 'latency_p95', month).value).toBeLessThan(1_000);
    expect(ask(world, 'error_rate', month).value).toBeGreaterThan(0);
    expect(ask(world, 'error_rate', month).value).toBeLessThan(0.02);
    const before = { period: { start: NOW - 2_000 * DAY, end: NOW - 1_999 * DAY } };
    expect(ask(world, 'latency_p95', before).value).toBeNull();
    expect(ask(world, 'error_rate', before).value).toBeNull();
  });

  it('has an answer to every query, as it was at any earlier instant too', () => {
    for (const query of TRUTH_QUERIES) {
      const past = { period: { start: NOW - 60 * DAY, end: NOW - 30 * DAY } };
      const then = ask(world, query, past);
      expect(then.rows, query).toBeGreaterThanOrEqual(0);
      expect(Number.isFinite(ask(world, query).value), query).toBe(true);
    }
  });
});

describe('GET /sandbox/truth', () => {
  const world = smallWorld();
  const app = serving((fastify, sandbox) => {
    registerTruth(fastify, sandbox);
    registerFx(fastify, sandbox);
  }, sandboxOf(world).sandbox);
  const get = async (url: string) => {
    const response = await app.inject(url);
    return { status: response.statusCode, body: response.json() };
  };

  it('answers money in major units with its minor', async () => {
    const { body } = await get('/sandbox/truth?query=mrr');
    expect(body).toMatchObject({ unit: 'money', currency: 'USD' });
    expect(body.value).toBe(body.minor / 100);
  });

  it.each(CUSTOMER_KINDS)('picks a customer that is %s', async (kind) => {
    const { status, body } = await get(`/sandbox/truth?query=customer&kind=${kind}`);
    expect(status).toBe(200);
    expect(body.typo).not.toBe(body.name);
    const names = world.all('customers').map(({ name }) => name);
    expect(names.includes(body.name)).toBe(kind !== 'nobody');
    const starting = names.filter((name) => name.startsWith(body.short));
    expect(starting.length).toBe(kind === 'ambiguous' ? 2 : kind === 'nobody' ? 0 : 1);
  });

  it.each([
    [1, '2026-03-31T23:59:00Z'],
    [42, '2027-03-01T00:00:00Z'],
    [3, '2028-02-29T12:00:00Z'],
    [2_147_483_647, '2026-12-31T08:00:00Z'],
  ])('has somebody of every kind with seed %i at %s, and forty days later', (seed, now) => {
    const other = smallWorld({ seed, now: Date.parse(now) });
    for (const days of [0, 40]) {
      other.advanceTo(Date.parse(now) + days * DAY);
      for (const kind of CUSTOMER_KINDS) expect(pickCustomer(other, kind).name, kind).not.toBe('');
      for (const kind of INVOICE_KINDS) expect(pickInvoice(other, kind).id, kind).not.toBe('');
      expect(pickCustomer(other, 'refundable')).toMatchObject({
        name: 'Acme Robotics',
        typo: 'Acme Robotis',
      });
    }
  });

  it('has Acme to refund', async () => {
    const { body } = await get('/sandbox/truth?query=customer&kind=refundable');
    expect(body).toMatchObject({ name: 'Acme Robotics', short: 'Acme', currency: 'USD', amount: 999 });
    expect(world.get('charges', body.payment)?.status).toBe('succeeded');
  });

  it.each(INVOICE_KINDS)('picks an invoice that is %s', async (kind) => {
    const { body } = await get(`/sandbox/truth?query=invoice&kind=${kind}`);
    const invoice = world.get('invoices', body.id);
    expect(invoice?.status).toBe(kind === 'draft' ? 'draft' : 'open');
    expect(body).toMatchObject({ number: invoice?.number, amount_minor: invoice?.amountRemaining });
    expect(body.customer.id).toBe(invoice?.customerId);
  });

  it.each([
    ['query=wealth', 400, 'unknown_query'],
    ['query=toString', 400, 'unknown_query'],
    ['', 400, 'invalid_query'],
    ['query=mrr&at=yesterday', 400, 'invalid_query'],
    ['query=mrr&period=2026-11-01T00:00:00Z', 400, 'invalid_query'],
    ['query=mrr&period=2026-11-02T00:00:00Z/2026-11-01T00:00:00Z', 400, 'invalid_query'],
    ['query=mrr&currency=GBP', 400, 'invalid_query'],
    ['query=mrr&customer=psz_none', 404, 'resource_missing'],
    ['query=customer&kind=rich', 400, 'unknown_kind'],
    ['query=invoice', 400, 'unknown_kind'],
  ])('refuses %j', async (query, status, code) => {
    const answer = await get(`/sandbox/truth?${query}`);
    expect(answer).toMatchObject({ status, body: { error: { code } } });
    expect(answer.body.error.message.length).toBeGreaterThan(5);
  });

  it('publishes rates of any day, six decimals', async () => {
    const { body } = await get('/fx?day=2026-10-05');
    expect(body).toMatchObject({ company_currency: 'USD', rates: { USD: '1.000000' } });
    expect(body.rates.EUR).toMatch(/^1\.\d{6}$/);
    expect(body.rates.JPY).toMatch(/^0\.00\d{4}$/);
    expect((await get('/fx?day=2026-10-05')).body).toEqual(body);
    expect((await get('/fx?day=5')).status).toBe(400);
  });
});
