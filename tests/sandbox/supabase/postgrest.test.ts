import { createClient } from '@supabase/supabase-js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { registerSupabase } from '../../../sandbox/supabase/register.ts';
import { DAY } from '../../../sandbox/world/calendar.ts';
import { applyCompanyEvent } from '../../../sandbox/world/company-events.ts';
import { named } from '../../../sandbox/world/stories.ts';
import { createWorld } from '../../../sandbox/world/world.ts';
import { NOW, sandboxOf, serving } from '../world/given.ts';

const world = createWorld({ seed: 7, now: NOW, scale: 1.5 });
const app = serving(registerSupabase, sandboxOf(world).sandbox);
const versions = world.all('subscriptionVersions');
const acme = named(world, 'Acme Robotics').id;
let url = '';

beforeAll(async () => {
  url = `${await app.listen({ port: 0, host: '127.0.0.1' })}/supabase`;
});
afterAll(async () => {
  await app.close();
});

/** Nothing here listens for changes, but on Node 20 the client wants a transport to be named. */
class NoRealtime {
  readonly CONNECTING = 0;
  readonly OPEN = 1;
  readonly CLOSING = 2;
  readonly CLOSED = 3;
  readonly readyState = 3;
  readonly protocol = '';
  readonly url: string;
  onopen = null;
  onmessage = null;
  onclose = null;
  onerror = null;
  constructor(address: string | URL) {
    this.url = String(address);
  }
  close(): void {}
  send(): void {}
  addEventListener(): void {}
  removeEventListener(): void {}
}

function client(key = 'supabase-key') {
  return createClient(url, key, { auth: { persistSession: false }, realtime: { transport: NoRealtime } });
}

const iso = (at: number) => new Date(at).toISOString();

describe('Supabase, asked by supabase-js', () => {
  it('gives a thousand rows at most, and all of them page by page', async () => {
    const total = versions.length;
    expect(total).toBeGreaterThan(1_000);
    const first = await client().from('subscription_data').select('*').order('updated_at').order('id');
    expect(first.data?.length).toBe(1_000);
    const ids = new Set<string>();
    for (let from = 0; from < total; from += 400) {
      const page = await client()
        .from('subscription_data')
        .select('id', { count: 'exact' })
        .order('updated_at')
        .order('id')
        .range(from, from + 399);
      expect(page.count).toBe(total);
      expect(page.status).toBe(206);
      for (const { id } of page.data ?? []) ids.add(id);
    }
    expect(ids).toEqual(new Set(versions.map(({ id }) => id)));
  });

  it('has subscription_data as the world has it', async () => {
    const ibex = named(world, 'Ibex Outdoor').id;
    const { data } = await client()
      .from('subscription_data')
      .select('*')
      .eq('customer_id', ibex)
      .order('version');
    const version = world.of('subscriptionVersions', ibex)[0];
    expect(data?.[0]).toEqual({
      id: version?.id,
      subscription_id: version?.subscriptionId,
      version: 1,
      customer_id: ibex,
      plan: 'growth',
      status: 'active',
      currency: 'EUR',
      unit_amount: 22_900,
      quantity: 1,
      interval: 'month',
      interval_count: 1,
      discount_percent: 25,
      discount_amount: null,
      discount_duration: 'forever',
      cancel_at: null,
      valid_from: iso(version?.validFrom ?? 0),
      valid_to: null,
      updated_at: iso(version?.updatedAt ?? 0),
    });
  });

  it('shows a change at once, by its updated_at', async () => {
    world.advanceTo(NOW + DAY);
    applyCompanyEvent(world, { type: 'ticket_opened', customer: acme, text: 'Just now' });
    const { data } = await client()
      .from('support_tickets')
      .select('subject, body')
      .gte('updated_at', iso(NOW + DAY));
    expect(data).toContainEqual({ subject: 'Just now', body: 'Just now' });
  });

  it.each([
    ['eq', 'status', 'canceled', (status: string) => status === 'canceled'],
    ['neq', 'status', 'canceled', (status: string) => status !== 'canceled'],
    ['like', 'status', '%a_t_ve', (status: string) => status === 'active'],
    ['ilike', 'status', 'PAST*', (status: string) => status === 'past_due'],
    ['in', 'status', '(trialing,"past_due")', (status: string) => ['trialing', 'past_due'].includes(status)],
    ['not.in', 'status', '(active,canceled)', (status: string) => !['active', 'canceled'].includes(status)],
  ])('filters by %s', async (operator, column, value, fits) => {
    const { data, count } = await client()
      .from('subscription_data')
      .select('status', { count: 'exact' })
      .filter(column, operator, value)
      .limit(1_000);
    expect(count).toBe(world.all('subscriptionVersions').filter(({ status }) => fits(status)).length);
    expect(data?.every(({ status }) => fits(status))).toBe(true);
  });

  it('filters by gt, gte, lt and lte of instants and numbers', async () => {
    const at = versions[40]?.validFrom ?? 0;
    const count = async (operator: 'gt' | 'gte' | 'lt' | 'lte') => {
      const table = client().from('subscription_data').select('*', { count: 'exact', head: true });
      return (await table[operator]('valid_from', iso(at).replace('Z', '+00:00'))).count;
    };
    const all = world.all('subscriptionVersions');
    expect(await count('gt')).toBe(all.filter(({ validFrom }) => validFrom > at).length);
    expect(await count('gte')).toBe(all.filter(({ validFrom }) => validFrom >= at).length);
    expect(await count('lt')).toBe(all.filter(({ validFrom }) => validFrom < at).length);
    expect(await count('lte')).toBe(all.filter(({ validFrom }) => validFrom <= at).length);
    const large = await client().from('subscription_data').select('unit_amount').gt('unit_amount', 99_900);
    expect(large.data?.every(({ unit_amount }) => unit_amount > 99_900)).toBe(true);
  });

  it('treats null as SQL does', async () => {
    const table = () => client().from('subscription_data').select('*', { count: 'exact', head: true });
    const all = world.all('subscriptionVersions');
    const current = all.filter(({ validTo }) => validTo === null).length;
    expect((await table().is('valid_to', null)).count).toBe(current);
    expect((await table().not('valid_to', 'is', null)).count).toBe(all.length - current);
    expect((await table().gt('valid_to', iso(0))).count).toBe(all.length - current);
    expect((await table().not('valid_to', 'gt', iso(0))).count).toBe(0);
  });

  it('understands or with nested and, quotes included', async () => {
    const after = versions[300];
    if (!after) throw new Error('too few versions');
    const at = `"${iso(after.updatedAt)}"`;
    const { count } = await client()
      .from('subscription_data')
      .select('*', { count: 'exact', head: true })
      .or(`updated_at.gt.${at},and(updated_at.eq.${at},id.gt."${after.id}")`);
    const beyond = world
      .all('subscriptionVersions')
      .filter(
        ({ updatedAt, id }) =>
          updatedAt > after.updatedAt || (updatedAt === after.updatedAt && id > after.id),
      );
    expect(count).toBe(beyond.length);
  });

  it('orders, with nulls where they were asked for', async () => {
    const ask = (ascending: boolean, nullsFirst?: boolean) =>
      client().from('user_profiles').select('last_seen_at').order('last_seen_at', { ascending, nullsFirst });
    expect((await ask(true, true)).data?.[0]?.last_seen_at).toBeNull();
    expect((await ask(false, false)).data?.[0]?.last_seen_at).not.toBeNull();
    const seen = (await ask(true, false).limit(50)).data?.map(({ last_seen_at }) => last_seen_at) ?? [];
    expect(seen).toEqual([...seen].sort());
  });

  it('selects and renames columns', async () => {
    const { data } = await client()
      .from('user_profiles')
      .select('mail:email, role')
      .eq('customer_id', acme)
      .limit(1);
    expect(Object.keys(data?.[0] ?? {})).toEqual(['mail', 'role']);
  });

  it('gives one row as an object, and says so when there is not one', async () => {
    const table = () => client().from('user_profiles').select('*').eq('customer_id', acme);
    expect((await table().eq('role', 'owner').single()).data).toMatchObject({
      customer_id: acme,
      role: 'owner',
    });
    const many = await table().single();
    expect(many).toMatchObject({
      status: 406,
      error: { code: 'PGRST116', details: 'The result contains 3 rows' },
    });
    expect((await table().eq('role', 'nobody').maybeSingle()).data).toBeNull();
  });

  it('counts without rows', async () => {
    const answer = await client().from('support_tickets').select('*', { count: 'exact', head: true });
    expect(answer).toMatchObject({ count: world.all('tickets').length, data: null, error: null });
  });

  it.each([
    ['a table there is not', () => client().from('secrets').select('*'), 404, 'PGRST205'],
    ['a column there is not', () => client().from('user_profiles').select('shoe_size'), 400, '42703'],
    ['a filter on none', () => client().from('user_profiles').select('*').eq('shoe_size', 44), 400, '42703'],
    ['an order by none', () => client().from('user_profiles').select('*').order('shoe_size'), 400, '42703'],
    [
      'an operator there is not',
      () => client().from('user_profiles').select('*').filter('id', 'near', 'x'),
      400,
      'PGRST100',
    ],
    [
      'no instant',
      () => client().from('user_profiles').select('*').gt('updated_at', 'yesterday'),
      400,
      '22007',
    ],
    ['no number', () => client().from('subscription_data').select('*').gt('quantity', 'many'), 400, '22P02'],
    [
      'a range beyond the end',
      () => client().from('user_profiles').select('*', { count: 'exact' }).range(90_000, 90_010),
      416,
      'PGRST103',
    ],
    ['a write', () => client().from('user_profiles').insert({ id: 'x' }), 403, '42501'],
  ])('refuses %s', async (_, ask, status, code) => {
    const answer = await ask();
    expect(answer.status).toBe(status);
    expect(answer.error).toMatchObject({ code, message: expect.any(String) });
  });

  it('refuses a wrong key and a missing one', async () => {
    const { status, error } = await client('wrong').from('user_profiles').select('*');
    expect(status).toBe(401);
    expect(error?.message).toBe('Invalid API key');
    expect((await fetch(`${url}/rest/v1/user_profiles`)).status).toBe(401);
    const mixed = await fetch(`${url}/rest/v1/user_profiles`, {
      headers: { apikey: 'supabase-key', authorization: 'Bearer wrong' },
    });
    expect(await mixed.json()).toMatchObject({ code: 'PGRST301' });
  });

  it('answers Range headers', async () => {
    const headers = { apikey: 'supabase-key', range: '5-9', prefer: 'count=exact' };
    const response = await fetch(`${url}/rest/v1/support_tickets?order=id`, { headers });
    expect(response.status).toBe(206);
    expect(response.headers.get('content-range')).toBe(`5-9/${world.all('tickets').length}`);
    expect(await response.json()).toHaveLength(5);
  });
});
