import { describe, expect, it } from 'vitest';
import { openApi } from '../../../sandbox/psizero/openapi.ts';
import { registerPsizero } from '../../../sandbox/psizero/register.ts';
import { named } from '../../../sandbox/world/stories.ts';
import { sandboxOf, serving, smallWorld } from '../world/given.ts';
import { describes } from './json-schema.ts';

const invoice = {
  number: 'PSI-202610-001',
  currency: 'USD',
  total_minor: 1_200,
  due_on: '2026-12-01',
  url: 'https://invoice.stripe.com/i/1',
  pdf: { file_name: 'PSI-202610-001.pdf', base64: Buffer.from('%PDF-').toString('base64') },
};

function given() {
  const world = smallWorld();
  const { sandbox } = sandboxOf(world);
  const app = serving(registerPsizero, sandbox);
  const headers = { authorization: 'Bearer psizero-token' };
  const url = `/psizero/v1/customers/${named(world, 'Acme Robotics').id}/invoices`;
  return {
    lay: (body: object, key: string | null, to = url) =>
      app.inject({
        method: 'POST',
        url: to,
        headers: { ...headers, ...(key === null ? {} : { 'idempotency-key': key }) },
        payload: body,
      }),
    list: (query = '') => app.inject({ url: `${url}${query}`, headers }),
  };
}

describe('the invoice inbox of the PsiZero API', () => {
  it('takes an invoice once under a key, and shows it as described', async () => {
    const { lay, list } = given();
    const first = await lay(invoice, 'key_1');
    expect(first.statusCode).toBe(200);
    expect((await lay(invoice, 'key_1')).json()).toEqual(first.json());
    await lay({ ...invoice, number: 'PSI-202610-002' }, 'key_2');
    const all = (await list()).json();
    expect(all.data).toHaveLength(2);
    expect(describes(openApi(), '/v1/customers/{id}/invoices', 200, all)).toEqual([]);
    expect((await list('?idempotency_key=key_1')).json().data).toEqual([first.json()]);
  });

  it.each<[string, object, string | null, number]>([
    ['without a key', invoice, null, 400],
    ['without a number', { ...invoice, number: '' }, 'k', 400],
    ['with a field it does not know', { ...invoice, colour: 'red' }, 'k', 400],
  ])('refuses one %s, and keeps nothing', async (_name, body, key, status) => {
    const { lay, list } = given();
    expect((await lay(body, key)).statusCode).toBe(status);
    expect((await list()).json().data).toEqual([]);
  });

  it('knows only customers there are', async () => {
    const { lay } = given();
    expect((await lay(invoice, 'k', '/psizero/v1/customers/psz_nobody/invoices')).statusCode).toBe(404);
  });
});
