import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { applyCompanyEvent } from '../../sandbox/world/company-events.ts';
import { everything, expectedRows, storedRows } from './same-as-world.ts';
import { connectBot, openWorkspace, serveOutside } from './workspace.ts';

const ALL = ['stripe', 'supabase', 'psizero'] as const;
const HOUR = 3_600_000;
const SCALE = 0.03;
const CUSTOMERS = { source: 'psizero', name: 'customers' } as const;

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function workspace(options: { webhooks: boolean }) {
  const opened = await openWorkspace(SCALE, options);
  closing.push(opened.close);
  return opened;
}
type Workspace = Awaited<ReturnType<typeof workspace>>;

function eventfulDays({ world }: Workspace): void {
  const paying = world.all('customers').filter((customer) => {
    const [subscription] = world.of('subscriptions', customer.id).filter(({ status }) => status === 'active');
    return subscription !== undefined;
  });
  const [first, second, third] = paying;
  applyCompanyEvent(world, { type: 'signup', plan: 'growth' });
  applyCompanyEvent(world, { type: 'ticket_opened', customer: first?.id, text: 'Our key stopped working' });
  applyCompanyEvent(world, { type: 'plan_changed', customer: first?.id, plan: 'scale' });
  applyCompanyEvent(world, { type: 'cancelled', customer: second?.id });
  applyCompanyEvent(world, {
    type: 'payment_failed',
    customer: third?.id,
    decline_code: 'insufficient_funds',
  });
  applyCompanyEvent(world, { type: 'usage', customer: first?.id, calls: 12_345 });
  applyCompanyEvent(world, { type: 'outage_started' });
  applyCompanyEvent(world, { type: 'dispute_opened', customer: third?.id });
}

describe('reading the sources', () => {
  it('brings in every record as the company has it, and reading again changes nothing', async () => {
    const { sources, store, world } = await workspace({ webhooks: false });
    await sources.refresh(ALL);
    expect(storedRows(store)).toEqual(expectedRows(world));
    const once = everything(store);
    store.sqlite.exec('DELETE FROM sync_cursors');
    await sources.refresh(ALL);
    expect(everything(store)).toBe(once);
  });

  it('follows what happens, though no webhook comes', async () => {
    const opened = await workspace({ webhooks: false });
    const { sources, store, world } = opened;
    await sources.refresh(ALL);
    eventfulDays(opened);
    world.advanceTo(world.now() + 75 * HOUR);
    await sources.refresh(ALL);
    expect(storedRows(store)).toEqual(expectedRows(world));
  });

  it('is complete after more than 30 days of absence, when Stripe has forgotten the events', async () => {
    const opened = await workspace({ webhooks: false });
    const { sources, store, world } = opened;
    await sources.refresh(ALL);
    world.advanceTo(world.now() + 45 * 24 * HOUR);
    await sources.refresh(ALL);
    expect(storedRows(store)).toEqual(expectedRows(world));
  });

  it('goes on after a restart where it stopped', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'psi-sync-'));
    closing.push(async () => rmSync(folder, { recursive: true }));
    const outside = await serveOutside(SCALE);
    closing.push(outside.close);
    const first = await connectBot(outside, join(folder, 'psi.db'));
    await first.sources.refresh(ALL);
    await first.close();
    outside.world.advanceTo(outside.world.now() + 30 * HOUR);
    const second = await connectBot(outside, join(folder, 'psi.db'));
    closing.push(second.close);
    await second.sources.refresh(ALL);
    expect(storedRows(second.store)).toEqual(expectedRows(outside.world));
  });
});

describe('webhooks', () => {
  it('show what happened without anybody asking the sources', async () => {
    const opened = await workspace({ webhooks: true });
    const { sources, store, world, pending } = opened;
    await sources.refresh(ALL);
    eventfulDays(opened);
    await opened.delivered();
    await pending.drained();
    const { tickets: _tickets, user_profiles: _profiles, ...expected } = expectedRows(world);
    const { tickets: _storedTickets, user_profiles: _storedProfiles, ...stored } = storedRows(store);
    expect(stored).toEqual(expected);
  });

  it('may come twice, late and in the wrong order', async () => {
    const opened = await workspace({ webhooks: true });
    const { sources, store, world, faults, pending } = opened;
    await sources.refresh(ALL);
    faults.add({ system: 'stripe', kind: 'out_of_order', match: null, count: 5, ms: 0 });
    faults.add({ system: 'stripe', kind: 'duplicate', match: null, count: 5, ms: 0 });
    eventfulDays(opened);
    world.advanceTo(world.now() + 30 * HOUR);
    await opened.delivered();
    await pending.drained();
    await sources.refresh(ALL);
    expect(storedRows(store)).toEqual(expectedRows(world));
  });
});

describe('trouble outside', () => {
  it.each([
    ['stripe', 'http_500'],
    ['stripe', 'rate_limit'],
    ['stripe', 'disconnect'],
    ['stripe', 'drop_response'],
    ['stripe', 'malformed'],
  ] as const)('of %s, once (%s), is got over', async (system, kind) => {
    const { sources, store, world, faults } = await workspace({ webhooks: false });
    faults.add({ system, kind, match: '/v1/invoices', count: 1, ms: 0 });
    await sources.readNow([CUSTOMERS]);
    await sources.refresh(['stripe']);
    const [stored, expected] = [storedRows(store), expectedRows(world)];
    for (const table of ['invoices', 'payments', 'subscriptions', 'refunds'])
      expect(stored[table]).toEqual(expected[table]);
    expect((await sources.freshness(['stripe']))[0]).toMatchObject({ stale: false });
  });

  it('that lasts makes the source stale, keeps its rows, and is told', async () => {
    const { sources, store, world, faults } = await workspace({ webhooks: false });
    await sources.readNow([CUSTOMERS]);
    await sources.refresh(['stripe', 'supabase']);
    const before = everything(store);
    faults.add({ system: 'stripe', kind: 'http_500', match: null, count: 1_000, ms: 0 });
    world.advanceTo(world.now() + HOUR);
    await sources.refresh(['stripe']);
    expect(everything(store)).toBe(before);
    expect(await sources.freshness(['stripe', 'supabase'])).toMatchObject([
      { stale: true },
      { stale: false },
    ]);
    const [stripe] = await sources.status();
    expect(stripe?.lastError?.message).toMatch(/Stripe/);
  });
});

describe('asking for fresh data', () => {
  it('waits only so long for a source that does not answer', async () => {
    const outside = await serveOutside(0.01);
    closing.push(outside.close);
    const bot = await connectBot(outside, ':memory:', { patienceMs: 50 });
    await bot.sources.poll();
    outside.world.advanceTo(outside.world.now() + HOUR);
    outside.faults.add({ system: 'stripe', kind: 'slow', match: '/v1/events', count: 1, ms: 1_500 });
    await bot.sources.refresh(['stripe']);
    expect((await bot.sources.freshness(['stripe']))[0]?.throughAt).toBeLessThan(outside.world.now());
    await bot.sources.readNow([{ source: 'stripe', name: 'ledger' }]);
    expect((await bot.sources.freshness(['stripe']))[0]?.throughAt).toBe(outside.world.now());
    await bot.close();
  });

  it('while a source is read for the first time is told how far that is', async () => {
    const outside = await serveOutside(0.02);
    closing.push(outside.close);
    outside.faults.add({ system: 'stripe', kind: 'slow', match: '/v1/charges', count: 1, ms: 1_000 });
    const bot = await connectBot(outside, ':memory:', { firstPatienceMs: 300 });
    closing.push(bot.close);
    await bot.sources.readNow([CUSTOMERS]);
    await expect(bot.sources.refresh(['stripe'])).rejects.toMatchObject({
      code: 'not_ready',
      message: expect.stringMatching(
        /^Reading Stripe for the first time: [\d,]+ rows, back to \w+ 20\d\d\.$/,
      ),
    });
    const reading = (await bot.sources.status()).find(({ source }) => source === 'stripe')?.firstReading;
    expect(reading?.rows).toBeGreaterThan(0);
    await bot.sources.readNow([{ source: 'stripe', name: 'ledger' }]);
    await bot.sources.refresh(['stripe']);
    expect((await bot.sources.status())[0]?.firstReading).toBeNull();
  });

  it('says what to check when a source refuses the key', async () => {
    const outside = await serveOutside(0.01);
    closing.push(outside.close);
    const bot = await connectBot(outside, ':memory:', { supabaseKey: 'wrong' });
    closing.push(bot.close);
    await bot.sources.poll();
    const status = (await bot.sources.status()).find(({ source }) => source === 'supabase');
    expect(status?.lastError?.message).toMatch(/Supabase refused .*401.*check its key/);
    expect(status?.lastSuccessAt).toBeNull();
  });

  it('does not read again at once what tells of its changes, and always what does not', async () => {
    const opened = await workspace({ webhooks: false });
    await opened.sources.refresh(ALL);
    let requests = 0;
    opened.onRequest(() => {
      requests += 1;
    });
    await opened.sources.refresh(['stripe', 'psizero']);
    expect(requests).toBe(0);
    await opened.sources.refresh(['supabase']);
    expect(requests).toBe(3);
  });

  it('reads once for all who ask at the same time, and once more for all who ask meanwhile', async () => {
    const opened = await workspace({ webhooks: false });
    await opened.sources.refresh(ALL);
    let requests = 0;
    opened.onRequest(() => {
      requests += 1;
    });
    const ask = () => Array.from({ length: 10 }, () => opened.sources.refresh(['supabase']));
    const atOnce = ask();
    await new Promise(setImmediate);
    const meanwhile = ask();
    await Promise.all([...atOnce, ...meanwhile]);
    expect(requests).toBe(6);
  });
});
