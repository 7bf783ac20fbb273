import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { applyCompanyEvent } from '../../sandbox/world/company-events.ts';
import type { World } from '../../sandbox/world/records.ts';
import type { QualityResult } from '../../src/domain/quality/check.ts';
import { doubtSentences } from '../../src/domain/quality/doubts.ts';
import { openWorkspace } from '../connectors/workspace.ts';

const ALL = ['stripe', 'supabase', 'psizero'] as const;
const notOk = (results: readonly QualityResult[]) =>
  results
    .filter(({ state }) => state !== 'ok')
    .map(({ source, check, words }) => `${source} ${check}: ${words}`);

/** What happens to any company is no fault of its data. */
const EVENTS = [
  { type: 'signup', plan: 'growth' },
  { type: 'payment_failed', decline_code: 'insufficient_funds' },
  { type: 'cancelled', at_period_end: false },
  { type: 'plan_changed', plan: 'scale' },
  { type: 'usage_drop', percent: 80, days: 5 },
  { type: 'usage', calls: 250_000 },
  { type: 'dispute_opened' },
  { type: 'ticket_opened', text: 'Hello' },
];
const customersOf = (world: World) =>
  world
    .all('customers')
    .filter(({ id }) => world.of('subscriptions', id).some(({ status }) => status === 'active'));

describe('a healthy company raises no false alarm', () => {
  it.each([
    [7, '2026-11-22T22:30:00Z', 0.3],
    [1, '2026-11-20T18:30:00Z', 0.3],
    [11, '2026-03-08T11:30:00Z', 0.2],
    [23, '2026-11-01T09:05:00Z', 0.2],
    [42, '2026-01-01T08:00:30Z', 0.1],
    [5, '2027-02-28T23:59:00Z', 0.1],
  ])('seed %i at %s', async (seed, now, scale) => {
    const { sources, quality, world, close } = await openWorkspace(scale, {
      webhooks: false,
      seed,
      now: Date.parse(now),
    });
    try {
      await sources.refresh(ALL);
      expect(notOk(await quality.run())).toEqual([]);
      for (const [index, event] of EVENTS.entries()) {
        const customer = customersOf(world)[index * 3]?.id;
        applyCompanyEvent(world, { ...event, ...(event.type === 'signup' ? {} : { customer }) });
      }
      world.advanceTo(world.now() + 9.5 * 86_400_000);
      await sources.refresh(ALL);
      expect(notOk(await quality.run())).toEqual([]);
    } finally {
      await close();
    }
  });
});

describe('what is wrong is found', () => {
  let workspace: Awaited<ReturnType<typeof openWorkspace>>;
  beforeAll(async () => {
    workspace = await openWorkspace(0.1, { webhooks: false });
    await workspace.sources.refresh(ALL, 'checks');
  });
  afterAll(() => workspace.close());
  beforeEach(() => workspace.store.sqlite.exec('SAVEPOINT planted'));
  afterEach(() => workspace.store.sqlite.exec('ROLLBACK TO planted; RELEASE planted'));

  const INVOICE = "(SELECT id FROM invoices WHERE status = 'paid' ORDER BY created_at LIMIT 1)";
  it.each([
    [
      'stripe',
      'nulls',
      `UPDATE invoices SET paid_at = NULL WHERE id = ${INVOICE}`,
      /1 of [\d,]+ invoices lacks/,
    ],
    [
      'stripe',
      'nulls',
      "UPDATE payments SET decline_code = NULL WHERE status = 'failed'",
      /failed payments gives? no reason|give no reason/,
    ],
    ['stripe', 'nulls', "UPDATE subscriptions SET ended_at = NULL WHERE status = 'canceled'", /no end/],
    [
      'stripe',
      'duplicates',
      `UPDATE invoices SET number = 'X-1' WHERE status = 'paid'`,
      /share their number/,
    ],
    [
      'stripe',
      'duplicates',
      `INSERT INTO payments SELECT id || 'b', payment_intent_id, invoice_id, customer_id, status, currency, amount_minor, amount_refunded_minor, decline_code, method, disputed, created_at, seen_at, card_fingerprint, card_details FROM payments WHERE invoice_id = ${INVOICE}`,
      /1 of [\d,]+ paid invoices was paid more than once/,
    ],
    [
      'stripe',
      'references',
      "UPDATE payments SET customer_id = 'cus_nobody' WHERE rowid <= 3",
      /3 of [\d,]+ payments name a customer nobody knows/,
    ],
    [
      'stripe',
      'references',
      "UPDATE invoices SET customer_id = 'cus_nobody' WHERE rowid = 1",
      /1 of [\d,]+ invoices names a customer nobody knows/,
    ],
    ['stripe', 'references', "UPDATE refunds SET payment_id = 'ch_gone'", /payment that is not here/],
    [
      'stripe',
      'reconciliation',
      `UPDATE payments SET amount_minor = amount_minor - 1 WHERE invoice_id = ${INVOICE}`,
      /does not add up/,
    ],
    [
      'stripe',
      'reconciliation',
      `UPDATE invoices SET lines_total_minor = lines_total_minor + 1 WHERE id = ${INVOICE}`,
      /1 of [\d,]+ invoices is not the sum of its lines, discounts and tax/,
    ],
    [
      'stripe',
      'reconciliation',
      "DELETE FROM balance_transactions WHERE id = (SELECT id FROM balance_transactions WHERE category = 'charge' ORDER BY created_at LIMIT 1)",
      /1 of [\d,]+ payments is not in Stripe's balance with its amount; 1 of 3 currencies has a balance/,
    ],
    [
      'stripe',
      'reconciliation',
      "UPDATE balance_transactions SET amount_minor = amount_minor - 1, net_minor = net_minor - 1 WHERE category = 'refund'",
      /\d+ of \d+ refunds (is|are) not in Stripe's balance/,
    ],
    [
      'stripe',
      'reconciliation',
      "UPDATE balance_transactions SET fee_minor = fee_minor + 1 WHERE category = 'charge' AND currency = 'EUR'",
      /movements of Stripe's balance are not their amount less their fee/,
    ],
    [
      'stripe',
      'references',
      "INSERT INTO balance_transactions SELECT 'txn_odd', 'ch_gone', category, currency, converted, 0, 0, 0, created_at FROM balance_transactions WHERE category = 'charge' LIMIT 1",
      /1 of [\d,]+ movements of Stripe's balance names a payment or refund that is not here/,
    ],
    ['stripe', 'volume', 'DELETE FROM performance_hourly; DELETE FROM payments WHERE rowid % 2 = 0', null],
    [
      'supabase',
      'nulls',
      "UPDATE tickets SET closed_at = NULL WHERE status = 'closed'",
      /closed without a date/,
    ],
    [
      'supabase',
      'nulls',
      'UPDATE tickets SET csat_rated_at = NULL',
      /rated tickets have no date of their rating, or no mark/,
    ],
    [
      'supabase',
      'duplicates',
      "INSERT INTO tickets SELECT id || 'b', customer_id, subject, body, status, priority, opened_at, first_response_at, closed_at, updated_at, NULL, NULL FROM tickets LIMIT 1",
      /2 of [\d,]+ tickets stand there twice/,
    ],
    ['supabase', 'duplicates', 'UPDATE subscription_versions SET valid_to = NULL', /two versions in force/],
    [
      'supabase',
      'references',
      'DELETE FROM customers WHERE id IN (SELECT customer_id FROM tickets)',
      /tickets name a customer nobody knows/,
    ],
    [
      'supabase',
      'reconciliation',
      'UPDATE subscription_versions SET unit_amount_minor = 1 WHERE valid_to IS NULL',
      /differ from Stripe/,
    ],
    ['psizero', 'nulls', "UPDATE customers SET email = '' WHERE rowid = 2", /1 of [\d,]+ customers lacks/],
    [
      'psizero',
      'duplicates',
      "INSERT INTO customers SELECT id || 'b', name, domain, email, country, region, currency, segment, channel, owner_email, NULL, signed_up_at, updated_at FROM customers LIMIT 1",
      /same name and domain/,
    ],
    [
      'psizero',
      'references',
      "UPDATE usage_daily SET customer_id = 'psz_nobody' WHERE customer_id = (SELECT customer_id FROM usage_daily ORDER BY bucket_start_at DESC LIMIT 1)",
      /customers? nobody knows/,
    ],
    [
      'psizero',
      'reconciliation',
      'UPDATE usage_daily SET calls = calls * 2 WHERE bucket_start_at = (SELECT MAX(bucket_start_at) - 86400000 FROM usage_daily)',
      /1 of \d+ days of usage differs/,
    ],
    [
      'psizero',
      'volume',
      'DELETE FROM performance_hourly WHERE bucket_start_at > (SELECT MAX(bucket_start_at) - 90000000 FROM performance_hourly)',
      /0 hours of performance, where 24 are usual/,
    ],
    [
      'psizero',
      'volume',
      'DELETE FROM usage_daily WHERE bucket_start_at > (SELECT MAX(bucket_start_at) - 180000000 FROM usage_daily)',
      /0 usage rows/,
    ],
  ] as const)('%s %s: %s', async (source, check, sql, words) => {
    const { store, quality } = workspace;
    store.sqlite.exec(sql);
    const results = await quality.run();
    const found = results.find((result) => result.source === source && result.check === check);
    if (words === null) {
      // Half of a small number is no news; the other source's loss is its own.
      expect(found?.state).toBe('ok');
      return;
    }
    expect(found?.words).toMatch(words);
    expect(['warn', 'fail']).toContain(found?.state);
    expect(await quality.results([source])).toContainEqual(found);
  });

  it('an invoice whose lines change at Stripe is found, a single cent of it, and marks every answer', async () => {
    const { world, sources, quality } = workspace;
    const invoice = world.all('invoices').findLast(({ status }) => status === 'paid');
    applyCompanyEvent(world, { type: 'invoice_misstated', invoice: invoice?.id, amount: 1 });
    world.advanceTo(world.now() + 60_000);
    await sources.refresh(ALL);
    const results = await quality.run();
    expect(notOk(results)).toEqual([
      expect.stringMatching(/^stripe reconciliation: 1 of [\d,]+ invoices is not the sum of its lines/),
    ]);
    expect(doubtSentences(results)).toEqual([expect.stringMatching(/^Stripe data is in doubt: 1 of/)]);
    applyCompanyEvent(world, { type: 'invoice_misstated', invoice: invoice?.id, amount: -1 });
  });

  it('what cannot be checked is unknown, not well', async () => {
    const { store, quality } = workspace;
    store.sqlite.exec("DELETE FROM sync_cursors WHERE source = 'psizero'");
    const results = await quality.run();
    const states = new Map(results.map(({ source, check, state }) => [`${source} ${check}`, state]));
    expect(states.get('psizero nulls')).toBe('unknown');
    expect(states.get('stripe references')).toBe('unknown');
    expect(states.get('stripe nulls')).toBe('ok');
  });
});

it('all checks together take well under a third of a second for the usual company', async () => {
  const { sources, quality, close } = await openWorkspace(1, { webhooks: false });
  await sources.refresh(ALL);
  await quality.run();
  const started = performance.now();
  const results = await quality.run();
  const took = performance.now() - started;
  const swept = performance.now();
  await sources.sweep();
  process.stderr.write(`quality ${took.toFixed(0)} ms, sweep ${(performance.now() - swept).toFixed(0)} ms\n`);
  await close();
  expect(notOk(results)).toEqual([]);
  expect(took).toBeLessThan(300);
}, 60_000);
