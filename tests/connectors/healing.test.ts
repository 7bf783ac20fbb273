import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { applyCompanyEvent } from '../../sandbox/world/company-events.ts';
import { describeSweep, mendedIn } from '../../src/domain/sweep.ts';
import { expectedRows, storedRows } from './same-as-world.ts';
import { openWorkspace } from './workspace.ts';

const ALL = ['stripe', 'supabase', 'psizero'] as const;
const HOUR = 3_600_000;

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function workspace(options: { webhooks: boolean; scale?: number }) {
  const opened = await openWorkspace(options.scale ?? 0.03, options);
  closing.push(opened.close);
  await opened.sources.refresh(ALL);
  return opened;
}

describe('a sweep', () => {
  it('finds nothing to mend where nothing is wrong', async () => {
    const { sources, store, world } = await workspace({ webhooks: false });
    world.advanceTo(world.now() + 30 * HOUR);
    const reports = await sources.sweep();
    expect(reports.map(({ source, error }) => [source, error])).toEqual(ALL.map((source) => [source, null]));
    expect(reports.map(mendedIn)).toEqual([0, 0, 0]);
    expect(storedRows(store)).toEqual(expectedRows(world));
  });

  it('finds what is missing, out of date and no longer there, mends it, and counts it by table', async () => {
    const { sources, store, world } = await workspace({ webhooks: false });
    const { sqlite } = store;
    sqlite.exec(`
      DELETE FROM payments WHERE id IN (SELECT id FROM payments ORDER BY created_at DESC LIMIT 2);
      UPDATE invoices SET status = 'open', paid_at = NULL WHERE id = (SELECT id FROM invoices WHERE status = 'paid' ORDER BY created_at DESC LIMIT 1);
      INSERT INTO refunds SELECT 're_ghost', id, customer_id, 'succeeded', currency, 5, NULL, created_at, created_at FROM payments ORDER BY created_at DESC LIMIT 1;
      DELETE FROM tickets WHERE id = (SELECT id FROM tickets LIMIT 1);
      UPDATE subscription_versions SET unit_amount_minor = 1 WHERE rowid = 3;
      UPDATE usage_daily SET calls = calls + 1 WHERE rowid = (SELECT rowid FROM usage_daily ORDER BY bucket_start_at DESC LIMIT 1);
      DELETE FROM performance_hourly WHERE bucket_start_at = (SELECT MAX(bucket_start_at) - 7200000 FROM performance_hourly);
    `);
    const reports = await sources.sweep();
    const found = Object.fromEntries(
      reports.flatMap(({ tables }) =>
        tables
          .filter(({ missing, stale, surplus }) => missing + stale + surplus > 0)
          .map(({ table, missing, stale, surplus }) => [table, [missing, stale, surplus]]),
      ),
    );
    expect(found).toEqual({
      payments: [2, 0, 0],
      invoices: [0, 1, 0],
      refunds: [0, 0, 1],
      tickets: [1, 0, 0],
      subscription_versions: [0, 1, 0],
      usage_daily: [0, 1, 0],
      performance_hourly: [1, 0, 0],
    });
    expect(storedRows(store)).toEqual(expectedRows(world));
    const [stripe] = reports;
    expect(stripe && describeSweep(stripe, 'America/Los_Angeles')).toMatch(
      /^Stripe: .*1 invoice was out of date.*2 payments were missing.*1 refund was no longer there; mended Nov 20, 2026, 10:30/,
    );
    expect(sources.lastSweeps()).toEqual(reports);
  });

  it('mends an old invoice that was settled long after it was made', async () => {
    const { sources, store, world } = await workspace({ webhooks: false });
    const old = store.sqlite
      .prepare<[], { id: string }>(
        "SELECT id FROM invoices WHERE status = 'paid' ORDER BY created_at LIMIT 1",
      )
      .get();
    store.sqlite.prepare("UPDATE invoices SET status = 'open', paid_at = NULL WHERE id = ?").run(old?.id);
    expect(mendedIn((await sources.sweep(['stripe']))[0] ?? never())).toBe(1);
    expect(storedRows(store).invoices).toEqual(expectedRows(world).invoices);
  });

  it('removes nothing when half of a source seems to be gone', async () => {
    const { sources, store } = await workspace({ webhooks: false });
    const tickets = () => store.sqlite.prepare('SELECT COUNT(*) FROM tickets').pluck().get();
    store.sqlite.exec(`
      WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 60)
      INSERT INTO tickets SELECT 'ghost' || i, customer_id, subject, body, status, priority, opened_at, NULL, NULL, 1, NULL, NULL
      FROM n, (SELECT * FROM tickets LIMIT 1);
    `);
    const before = tickets();
    const [report] = await sources.sweep(['supabase']);
    expect(report?.error).toMatch(/60 of \d+ tickets seem gone/);
    expect(tickets()).toBe(before);
  });

  it('that cannot reach its source says so and changes nothing', async () => {
    const { sources, store, faults } = await workspace({ webhooks: false });
    store.sqlite.exec('DELETE FROM credit_notes');
    faults.add({ system: 'stripe', kind: 'http_500', match: null, count: 1_000, ms: 0 });
    const [report] = await sources.sweep(['stripe']);
    expect(report?.error).toMatch(/Stripe/);
    expect(report && describeSweep(report, 'UTC')).toMatch(/was not finished: Stripe/);
  });
});

describe('webhooks in any order, some of them twice, some never, and one sweep', () => {
  it('leave the store as the source is', async () => {
    const opened = await workspace({ webhooks: false, scale: 0.02 });
    const { world, store, sources, intake, pending, capture } = opened;
    const paying = world
      .all('customers')
      .filter(({ id }) => world.of('subscriptions', id).some(({ status }) => status === 'active'));
    const pick = (n: number) => paying[n % paying.length]?.id;
    const happening = fc.array(fc.tuple(fc.nat(5), fc.nat(30)), { minLength: 3, maxLength: 10 });
    const voidOne = async () => {
      const open = world.all('invoices').find(({ status }) => status === 'open');
      if (open) await opened.stripe.client.invoices.voidInvoice(open.id);
    };
    await fc.assert(
      fc.asyncProperty(happening, fc.infiniteStream(fc.nat(99)), async (history, dice) => {
        const sent = capture();
        for (const [what, who] of history) {
          const customer = pick(who);
          const event = [
            { type: 'payment_failed', customer, decline_code: 'insufficient_funds' },
            { type: 'payment_succeeded', customer },
            { type: 'plan_changed', customer, plan: who % 2 ? 'scale' : 'growth' },
            { type: 'ticket_opened', customer, text: 'Where is my invoice' },
            { type: 'dispute_opened', customer },
          ][what];
          try {
            if (event === undefined) await voidOne();
            else applyCompanyEvent(world, event);
          } catch {
            // Not everything can happen to everybody.
          }
          world.advanceTo(world.now() + (who % 3) * 20_000);
        }
        const roll = () => Number(dice.next().value);
        const deliveries = sent()
          .flatMap((delivery) => (roll() < 30 ? [] : roll() < 25 ? [delivery, delivery] : [delivery]))
          .map((delivery) => ({ delivery, order: roll() }))
          .sort((a, b) => a.order - b.order);
        for (const { delivery } of deliveries) {
          if (delivery.system === 'mail') continue;
          expect(intake.receive(delivery.system, Buffer.from(delivery.body), delivery.signature)).toBe(200);
          if (roll() < 50) await pending.drained();
        }
        await pending.drained();
        await sources.sweep();
        expect(storedRows(store)).toEqual(expectedRows(world));
      }),
      { numRuns: 8 },
    );
  }, 60_000);
});

function never(): never {
  throw new Error('no report');
}
