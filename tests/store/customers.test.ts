import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CustomerDirectory } from '../../src/domain/ports.ts';
import { UserError } from '../../src/lib/errors.ts';
import { createCustomerDirectory } from '../../src/store/customers.ts';
import { openStore, type Store } from '../../src/store/open-store.ts';

let store: Store;
let directory: CustomerDirectory;
const add = (id: string, name: string, domain: string, updatedAt = 1) =>
  store.db
    .insertInto('customers')
    .values({
      id,
      name,
      domain,
      email: `billing@${domain}`,
      country: 'US',
      region: 'CA',
      currency: 'USD',
      segment: 'startup',
      channel: 'web',
      owner_email: null,
      stripe_customer_id: null,
      signed_up_at: 1,
      updated_at: updatedAt,
    })
    .execute();

beforeEach(async () => {
  store = openStore(':memory:');
  directory = createCustomerDirectory(store.db);
  await add('psz_acme', 'Acme Robotics, Inc.', 'acme.io');
  await add('psz_nt1', 'Northwind Trading', 'northwind.example');
  await add('psz_nt2', 'Northwind Traders', 'northwindtraders.example');
  await add('psz_dup1', 'Lumen', 'lumen.example');
  await add('psz_dup2', 'Lumen', 'lumen.test');
});
afterEach(() => store.close());

const refusal = async (reference: string): Promise<UserError> => {
  const error = await directory.resolve(reference).catch((e: unknown) => e);
  if (error instanceof UserError) return error;
  throw new Error(`${reference} was resolved`);
};

describe('resolving a customer', () => {
  it.each(['psz_acme', 'Acme', 'acme robotics', 'acme.io', 'Amce Robotics'])(
    '%s is Acme',
    async (reference) => {
      expect((await directory.resolve(reference)).id).toBe('psz_acme');
    },
  );

  it('offers both names when it could be either', async () => {
    const error = await refusal('northwind');
    expect(error.code).toBe('ambiguous');
    expect(error.choices.map(({ label }) => label).sort()).toEqual([
      'Northwind Traders',
      'Northwind Trading',
    ]);
  });

  it('takes a name written out in full for that one', async () => {
    expect((await directory.resolve('Northwind Trading')).id).toBe('psz_nt1');
  });

  it('tells namesakes apart, so that picking one settles it', async () => {
    const error = await refusal('Lumen');
    expect(error.choices.map(({ label }) => label).sort()).toEqual([
      'Lumen (lumen.example)',
      'Lumen (lumen.test)',
    ]);
    for (const { say } of error.choices) expect((await directory.resolve(say)).name).toBe('Lumen');
  });

  it('says so when there is nobody like that', async () => {
    expect((await refusal('Qqqqqq Zzzzzz')).code).toBe('not_found');
    expect((await refusal('')).code).toBe('not_found');
  });
});

describe('the directory', () => {
  it('knows a customer who signed up a moment ago, and a new name of an old one', async () => {
    expect((await refusal('Halcyon')).code).toBe('not_found');
    await add('psz_new', 'Halcyon', 'halcyon.example');
    expect((await directory.resolve('Halcyon')).id).toBe('psz_new');
    await store.db
      .updateTable('customers')
      .set({ name: 'Meridian', updated_at: 2 })
      .where('id', '=', 'psz_new')
      .execute();
    expect((await directory.resolve('Meridian')).id).toBe('psz_new');
  });

  it('gives a customer by id, or nothing', async () => {
    expect((await directory.get('psz_acme'))?.domain).toBe('acme.io');
    expect(await directory.get('acme')).toBeNull();
  });
});
