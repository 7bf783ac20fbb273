import { describe, expect, it } from 'vitest';
import { openApi } from '../../../sandbox/psizero/openapi.ts';
import { registerPsizero } from '../../../sandbox/psizero/register.ts';
import { DAY, HOUR } from '../../../sandbox/world/calendar.ts';
import { applyCompanyEvent } from '../../../sandbox/world/company-events.ts';
import { named } from '../../../sandbox/world/stories.ts';
import { NOW, sandboxOf, serving, smallWorld } from '../world/given.ts';
import { describes } from './json-schema.ts';

interface Answer {
  status: number;
  data: Record<string, unknown>[];
  next_cursor: string;
  has_more: boolean;
  [more: string]: unknown;
}

function given() {
  const world = smallWorld();
  const { sandbox, delivered } = sandboxOf(world);
  const app = serving(registerPsizero, sandbox);
  const get = async (path: string, token = 'psizero-token'): Promise<Answer> => {
    const response = await app.inject({
      url: `/psizero${path}`,
      headers: { authorization: `Bearer ${token}` },
    });
    return { status: response.statusCode, ...response.json() };
  };
  /** Follows the cursor to the end. */
  const all = async (path: string, limit: number, cursor = '') => {
    const rows: Record<string, unknown>[] = [];
    for (;;) {
      const page = await get(`${path}?limit=${limit}&cursor=${cursor}`);
      expect(page.status).toBe(200);
      expect(page.data.length).toBeLessThanOrEqual(limit);
      rows.push(...page.data);
      cursor = page.next_cursor;
      if (!page.has_more) return { rows, cursor };
    }
  };
  return { world, delivered, app, get, all };
}

/** What tells a usage row from all others. */
function keyOf({ customer_id, bucket_start_at, category }: Record<string, unknown>): string {
  return [customer_id, bucket_start_at, category].join();
}

const LISTS = ['/v1/customers', '/v1/usage_metrics', '/v1/api_performance', '/v1/incidents'];

describe('the PsiZero API', () => {
  it.each(['', 'Bearer nonsense', 'psizero-token'])('refuses %j as authorization', async (authorization) => {
    const { app } = given();
    const response = await app.inject({ url: '/psizero/v1/customers', headers: { authorization } });
    expect(response.statusCode).toBe(401);
    expect(response.json()).toMatchObject({ error: { code: 'unauthorized' } });
  });

  it('gives every customer, usage row, hour and incident once, in pages', async () => {
    const { world, all } = given();
    const customers = await all('/v1/customers', 7);
    expect(customers.rows.length).toBe(world.all('customers').length);
    expect(new Set(customers.rows.map(({ id }) => id)).size).toBe(customers.rows.length);
    const usage = await all('/v1/usage_metrics', 5_000);
    const rows = world.usage({ fromAt: 0, toAt: NOW + 1 });
    const wanted = rows.map((row) =>
      [row.customerId, new Date(row.bucketStartAt).toISOString(), row.category].join(),
    );
    expect(new Set(usage.rows.map(keyOf))).toEqual(new Set(wanted));
    expect(usage.rows.length).toBe(rows.length);
    const hours = await all('/v1/api_performance', 3_000);
    expect(hours.rows.length).toBe(world.performance({ fromAt: 0, toAt: NOW + 1 }).length);
    expect((await all('/v1/incidents', 2)).rows.length).toBe(world.all('incidents').length);
  });

  it.each([1, 3, 50])('gives the same usage in pages of any size (%i)', async (limit) => {
    const { get, all } = given();
    const start = await get('/v1/usage_metrics?limit=20000');
    const cursor = Buffer.from(JSON.stringify([NOW - 3 * DAY, ''])).toString('base64url');
    const since = (row: Record<string, unknown>) => Date.parse(String(row.updated_at)) >= NOW - 3 * DAY;
    expect((await all('/v1/usage_metrics', limit, cursor)).rows).toEqual(start.data.filter(since));
  });

  it.each(LISTS)('%s, asked again with its cursor, gives nothing until something changes', async (path) => {
    const { world, all } = given();
    const { cursor } = await all(path, 5_000);
    expect(await all(path, 5_000, cursor)).toEqual({ rows: [], cursor });
    applyCompanyEvent(world, { type: 'outage_started' });
    world.advanceTo(NOW + 2 * HOUR);
    applyCompanyEvent(world, { type: 'signup', plan: 'scale', name: 'Newcomer' });
    const changed = await all(path, 5_000, cursor);
    expect(changed.rows.length).toBeGreaterThan(0);
    for (const row of changed.rows)
      expect(Date.parse(String(row.updated_at))).toBeGreaterThanOrEqual(NOW - HOUR);
  });

  it('gives a reader who follows the cursor what it would have read at once', async () => {
    const { world, all } = given();
    const { id } = named(world, 'Acme Robotics');
    const rows = new Map<unknown, unknown>();
    const hours = new Map<unknown, unknown>();
    let [usageCursor, hourCursor] = ['', ''];
    for (let step = 0; step < 12; step += 1) {
      const usage = await all('/v1/usage_metrics', 900, usageCursor);
      const performance = await all('/v1/api_performance', 900, hourCursor);
      for (const row of usage.rows) rows.set(keyOf(row), row);
      for (const row of performance.rows) hours.set(row.bucket_start_at, row);
      [usageCursor, hourCursor] = [usage.cursor, performance.cursor];
      world.advanceTo(NOW + (step + 1) * 5 * HOUR + step * 1_234_567);
      if (step % 3 === 0) applyCompanyEvent(world, { type: 'usage', customer: id, calls: 1_000 + step });
      if (step === 7) applyCompanyEvent(world, { type: 'cancelled', customer: id });
    }
    for (const row of (await all('/v1/usage_metrics', 900, usageCursor)).rows) rows.set(keyOf(row), row);
    for (const row of (await all('/v1/api_performance', 900, hourCursor)).rows)
      hours.set(row.bucket_start_at, row);
    const whole = await all('/v1/usage_metrics', 20_000);
    expect([...rows.values()].length).toBe(whole.rows.length);
    for (const row of whole.rows) expect(rows.get(keyOf(row))).toEqual(row);
    for (const row of (await all('/v1/api_performance', 5_000)).rows)
      expect(hours.get(row.bucket_start_at)).toEqual(row);
  });

  it.each([
    '/v1/customers?cursor=%22nonsense',
    '/v1/customers?cursor=bm9wZQ',
    '/v1/customers?limit=0',
    '/v1/customers?limit=many',
    '/v1/customers?colour=red',
    '/v1/fx_rates',
    '/v1/fx_rates?from_day=2026-10-02&to_day=2026-10-01',
    '/v1/fx_rates?from_day=2026-02-30&to_day=2026-10-01',
  ])('refuses %s by name', async (path) => {
    const { status, error } = await given().get(path);
    expect(status).toBe(400);
    expect(error).toMatchObject({ code: expect.stringMatching(/^invalid_/), message: expect.any(String) });
  });

  it('says so where there is nothing', async () => {
    expect((await given().get('/v1/secrets')).status).toBe(404);
  });

  it('publishes rates of days past, both ends included, and none of tomorrow', async () => {
    const { world, get } = given();
    const { data } = await get('/v1/fx_rates?from_day=2026-11-18&to_day=2026-11-30');
    expect(data.length).toBe(9);
    expect(data).toContainEqual({
      day: '2026-11-19',
      currency: 'EUR',
      rate: world.fxRate('EUR', '2026-11-19'),
    });
    expect(data.at(-1)?.day).toBe('2026-11-20');
  });
});

describe('its OpenAPI description', () => {
  it('is served without a token', async () => {
    const response = await given().app.inject('/psizero/openapi.json');
    expect(response.json()).toEqual(JSON.parse(JSON.stringify(openApi())));
    expect(response.json().openapi).toBe('3.1.0');
  });

  const lists = Object.keys(openApi().paths).filter((path) => !path.includes('{'));
  it.each(lists)('describes what %s serves, to the last field', async (path) => {
    const { get } = given();
    const rates = path === '/v1/fx_rates' ? '?from_day=2026-11-01&to_day=2026-11-05' : '?limit=40';
    const { status, ...body } = await get(`${path}${rates}`);
    expect(status).toBe(200);
    expect(body.data.length).toBeGreaterThan(0);
    expect(describes(openApi(), path, 200, body)).toEqual([]);
    expect(describes(openApi(), path, 200, { ...body, extra: 1 })).not.toEqual([]);
    const refused = await get(path, 'wrong');
    expect(describes(openApi(), path, 401, { error: refused.error })).toEqual([]);
  });
});

describe('its webhooks', () => {
  it('tell of customers, usage and incidents, and of nothing else', () => {
    const { world, delivered } = given();
    const acme = named(world, 'Acme Robotics').id;
    applyCompanyEvent(world, { type: 'signup', plan: 'starter', name: 'Newcomer' });
    applyCompanyEvent(world, { type: 'usage', customer: acme, calls: 10 });
    applyCompanyEvent(world, { type: 'outage_started' });
    applyCompanyEvent(world, { type: 'outage_ended' });
    applyCompanyEvent(world, { type: 'card_updated', customer: acme });
    const bodies = delivered.map(({ body }) => JSON.parse(body));
    expect(bodies.map(({ type }) => type)).toEqual([
      'customer.created',
      'usage.reported',
      'incident.started',
      'incident.ended',
    ]);
    for (const [index, { system, path, id }] of delivered.entries()) {
      expect({ system, path }).toEqual({ system: 'psizero', path: '/webhooks/psizero' });
      expect(bodies[index]).toMatchObject({ id, created_at: new Date(NOW).toISOString() });
    }
    expect(bodies[0].data).toMatchObject({ name: 'Newcomer' });
    expect(bodies[1].data).toEqual({ customer_id: acme });
    expect(new Set(delivered.map(({ id }) => id)).size).toBe(4);
  });
});
