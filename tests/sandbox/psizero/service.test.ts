import { describe, expect, it } from 'vitest';
import { openApi } from '../../../sandbox/psizero/openapi.ts';
import { registerPsizero } from '../../../sandbox/psizero/register.ts';
import { named } from '../../../sandbox/world/stories.ts';
import { truthOf } from '../../../sandbox/world/truth.ts';
import { sandboxOf, serving, smallWorld } from '../world/given.ts';
import { describes } from './json-schema.ts';

function given() {
  const world = smallWorld();
  const { sandbox } = sandboxOf(world);
  const app = serving(registerPsizero, sandbox);
  const customer = named(world, 'Acme Robotics').id;
  const url = (id: string) => `/psizero/v1/customers/${id}/service`;
  const authorization = 'Bearer psizero-token';
  const get = async (id = customer) => {
    const response = await app.inject({ url: url(id), headers: { authorization } });
    return { status: response.statusCode, body: response.json() };
  };
  const put = async (body: unknown, key: string | null = 'k1', id = customer) => {
    const headers = {
      authorization,
      'content-type': 'application/json',
      ...(key === null ? {} : { 'idempotency-key': key }),
    };
    const response = await app.inject({
      method: 'PUT',
      url: url(id),
      headers,
      payload: JSON.stringify(body),
    });
    return { status: response.statusCode, body: response.json() };
  };
  const level = (customerId: string | null) =>
    truthOf(world, 'service_level', { period: null, at: null, customerId, currency: null });
  return { customer, get, put, level, sandbox };
}

describe("a customer's service", () => {
  it('is full for whoever was never restricted', async () => {
    const { get, customer } = given();
    const { status, body } = await get();
    expect(status).toBe(200);
    expect(body).toEqual({ customer_id: customer, level: 'full', reason: null, since: null, last_key: null });
    expect(describes(openApi(), '/v1/customers/{id}/service', 200, body)).toEqual([]);
  });

  it('changes once a key, and the truth with it', async () => {
    const { put, get, level, customer } = given();
    expect((await put({ level: 'throttled', reason: 'Unpaid' })).body).toMatchObject({ level: 'throttled' });
    // The same request again is the same change.
    expect((await put({ level: 'throttled', reason: 'Unpaid' })).body).toMatchObject({ last_key: 'k1' });
    expect(level(customer)).toMatchObject({ value: 2, groups: { throttled: 1 } });
    expect(level(null)).toMatchObject({ value: 1 });
    await put({ level: 'full', reason: 'Paid' }, 'k2');
    expect((await get()).body).toMatchObject({ level: 'full', last_key: 'k2' });
    expect(level(null)).toMatchObject({ value: 0 });
  });

  it.each([
    ['no key', { level: 'throttled', reason: 'x' }, null, 400],
    ['a level there is not', { level: 'slow', reason: 'x' }, 'k1', 400],
    ['no reason', { level: 'throttled' }, 'k1', 400],
  ])('refuses %s and changes nothing', async (_name, body, key, status) => {
    const { put, get } = given();
    expect((await put(body, key)).status).toBe(status);
    expect((await get()).body).toMatchObject({ level: 'full' });
  });

  it('is nobody’s who does not exist', async () => {
    const { get, put } = given();
    expect((await get('psz_nobody')).status).toBe(404);
    expect((await put({ level: 'warned', reason: 'x' }, 'k1', 'psz_nobody')).status).toBe(404);
  });
});
