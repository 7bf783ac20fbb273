import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connectHealth } from '../../src/connect-health.ts';
import type { AccountFacts } from '../../src/domain/health/facts.ts';
import type { Snapshot } from '../../src/domain/health/snapshot.ts';
import { fixedClock } from '../../src/lib/clock.ts';
import { silentLogger } from '../../src/lib/logger.ts';
import { createHealthFacts } from '../../src/store/health-facts.ts';
import { createHealthSnapshots } from '../../src/store/health-snapshots.ts';
import { openStore, type Store } from '../../src/store/open-store.ts';

const company = { name: 'PsiZero', currency: 'USD', tz: 'America/Los_Angeles' };
const NOW = Date.parse('2026-11-22T22:30:00Z');
const DAY = 86_400_000;
const midnight = (daysAgo: number) =>
  Date.parse('2026-11-22T08:00:00Z') - daysAgo * DAY + (daysAgo > 21 ? -3_600_000 : 0);

let store: Store;
beforeEach(() => {
  store = openStore(':memory:');
});
afterEach(() => store.close());

function fill(id: string, calls: (daysAgo: number) => number): void {
  const { sqlite } = store;
  sqlite
    .prepare(
      `INSERT INTO customers (id, name, domain, email, country, region, currency, segment, channel, signed_up_at, updated_at)
       VALUES (?, ?, 'a.example', 'a@a.example', 'US', '', 'USD', 'startup', 'web', ?, 0)`,
    )
    .run(id, `Name of ${id}`, NOW - 300 * DAY);
  sqlite
    .prepare(
      `INSERT INTO subscription_versions (subscription_id, version, customer_id, plan, status, currency,
        unit_amount_minor, quantity, interval, interval_count, valid_from, updated_at)
       VALUES (?, 1, ?, 'growth', 'active', 'USD', 49900, 1, 'month', 1, ?, 0)`,
    )
    .run(`s_${id}`, id, NOW - 300 * DAY);
  const insert = sqlite.prepare(
    'INSERT INTO usage_daily (customer_id, bucket_start_at, category, calls, errors_4xx, errors_5xx) VALUES (?, ?, ?, ?, 0, ?)',
  );
  for (let ago = 0; ago < 200; ago += 1) {
    insert.run(id, midnight(ago), 'search', calls(ago), 1);
    insert.run(id, midnight(ago), 'batch', ago % 2, 0);
  }
}

const room = (at = NOW) => connectHealth({ store, clock: fixedClock(at), company, logger: silentLogger });

describe('facts of health', () => {
  it('are the complete company days, categories added up, today left out', async () => {
    fill('a', (ago) => 1_000 + ago);
    const facts = createHealthFacts(store, company.tz);
    const days = await facts.companyDays(NOW, 30);
    expect(days.bounds).toHaveLength(31);
    expect(days.categories).toEqual(['batch', 'search']);
    const [account] = (await facts.accounts(['a'], days).next()).value ?? [];
    expect(account?.usage.calls).toHaveLength(30);
    expect(account?.usage.calls[29]).toBe(1_001 + 1);
    expect(account?.usage.calls[0]).toBe(1_030);
    expect([account?.usage.reach[29], account?.usage.reach[28]]).toEqual([3, 2]);
  });

  it('know a failed charge by its invoice, and leave out what is not theirs', async () => {
    fill('a', () => 1_000);
    fill('b', () => 1_000);
    store.sqlite
      .prepare(
        `INSERT INTO payments (id, invoice_id, customer_id, status, currency, amount_minor, amount_refunded_minor,
          disputed, created_at, seen_at) VALUES ('ch_1', 'in_1', 'a', 'failed', 'usd', 1, 0, 0, ?, 0)`,
      )
      .run(NOW - DAY);
    const facts = createHealthFacts(store, company.tz);
    const portion: AccountFacts[] =
      (await facts.accounts(null, await facts.companyDays(NOW, 5)).next()).value ?? [];
    expect(portion.map(({ id, failedPayments }) => [id, failedPayments])).toEqual([
      ['a', [{ at: NOW - DAY, invoiceId: 'in_1' }]],
      ['b', []],
    ]);
  });
});

describe('the desk', () => {
  it('gives one account with its trends, and everybody now and before', async () => {
    fill('a', (ago) => (ago < 40 ? 300 : 2_000));
    fill('b', () => 2_000);
    const { desk } = room();
    const [a, b] = [await desk.assess('a', NOW), await desk.assess('b', NOW)];
    expect(a?.score.score).toBeLessThan((b?.score.score ?? 0) - 10);
    expect(a?.trends.map(({ before }) => before !== null)).toEqual([true, true, true]);
    const { now, before } = await desk.standings(NOW, 30);
    expect(now.map(({ customerId, score }) => [customerId, score.score])).toEqual([
      ['a', a?.score.score],
      ['b', b?.score.score],
    ]);
    expect(before.map(({ score }) => score.score)).toEqual([a?.trends[1]?.before, b?.trends[1]?.before]);
    expect(await desk.assess('nobody', NOW)).toBeNull();
  });
});

describe('what is written down at night', () => {
  it('is written once: doing it twice changes nothing, and nobody can change it', async () => {
    fill('a', () => 2_000);
    const { takeSnapshots, desk } = room();
    const first = await takeSnapshots();
    expect(first.written).toBe(1);
    expect(first.filledIn).toBe(8);
    const before = await desk.history('a');
    expect(before).toHaveLength(9);
    expect(before.at(-1)).toMatchObject({
      day: '2026-11-22',
      at: NOW,
      computedAt: NOW,
      version: desk.version(),
    });
    expect((await takeSnapshots()).written).toBe(0);
    expect((await desk.history('a')).slice(-9)).toEqual(before);
    expect(() => store.sqlite.prepare('UPDATE health_snapshots SET score = 1').run()).toThrow(
      /never changed/,
    );
  });

  it('fills in past weeks as they would have been seen then, some each night, and comes to an end', async () => {
    fill('a', (ago) => (ago < 20 ? 200 : 2_000));
    const { takeSnapshots, desk } = room();
    await takeSnapshots();
    const history = await desk.history('a');
    const then = history.find(({ day }) => day === '2026-10-04');
    expect(then?.score).toBeGreaterThan((history.at(-1)?.score ?? 100) + 5);
    expect(then?.computedAt).toBe(NOW);
    expect((await desk.assess('a', then?.at ?? 0))?.score.score).toBe(then?.score);
    for (let night = 1; night < 8; night += 1) await takeSnapshots();
    const weeks = (await desk.history('a')).length;
    expect((await takeSnapshots()).filledIn).toBe(0);
    expect((await desk.history('a')).length).toBe(weeks);
  });

  it('remembers the band of the newest day before, for two weeks, by the same features and weights', async () => {
    fill('a', () => 2_000);
    const { desk } = room();
    const score = (await desk.assess('a', NOW))?.score.score ?? 0;
    const snapshots = createHealthSnapshots(store);
    const was = (day: string, band: Snapshot['band']): Snapshot => ({
      ...{
        customerId: 'a',
        day,
        version: desk.version(),
        at: 0,
        computedAt: 0,
        segment: 'startup',
        features: {},
      },
      ...{ score, confidence: 1, band },
    });
    expect(snapshots.bandsBefore('2026-11-22', desk.version()).size).toBe(0);
    await snapshots.add([
      was('2026-11-20', 'stable'),
      was('2026-11-21', 'warning'),
      was('2026-11-22', 'critical'),
    ]);
    expect(snapshots.bandsBefore('2026-11-22', desk.version())).toEqual(new Map([['a', 'warning']]));
    // What was so weeks ago no longer holds anybody.
    expect(snapshots.bandsBefore('2026-12-24', desk.version()).size).toBe(0);
    expect(snapshots.bandsBefore('2026-11-22', 'another').size).toBe(0);
  });
});
