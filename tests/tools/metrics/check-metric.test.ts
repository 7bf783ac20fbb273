import { describe, expect, it } from 'vitest';
import { checkProse } from '../../../src/agent/output-gate.ts';
import { exponentOf } from '../../../src/domain/money/exponents.ts';
import type { Store } from '../../../src/store/open-store.ts';
import { scripted } from '../../agent/scripted-model.ts';
import { ACME, DAY_MS, NOW_AT, principal, startAgent } from '../../agent/world.ts';

const OCT_10 = Date.parse('2026-10-10T12:00:00Z');
const NOV_10 = Date.parse('2026-11-10T12:00:00Z');

/** $1,000.00 and $80.00 of tax paid in October, $100.00 of it refunded; $500.00 in November. */
function withMoney(store: Store): void {
  const invoice = store.sqlite.prepare(
    `INSERT INTO invoices (id, customer_id, status, currency, subtotal_minor, tax_minor, total_minor, amount_due_minor,
       amount_paid_minor, amount_remaining_minor, attempt_count, created_at, finalized_at, paid_at, seen_at)
     VALUES (?, ?, 'paid', 'USD', ?, ?, ?, ?, ?, 0, 1, ?, ?, ?, ?)`,
  );
  for (const [id, total, tax, at] of [
    ['in_a', 108_000, 8_000, OCT_10],
    ['in_b', 50_000, 0, NOV_10],
  ] as const) {
    invoice.run(id, ACME.id, total - tax, tax, total, total, total, at, at, at, at);
  }
  store.sqlite
    .prepare(
      `INSERT INTO refunds (id, payment_id, customer_id, status, currency, amount_minor, created_at, seen_at)
       VALUES ('re_1', 'ch_1', ?, 'succeeded', 'USD', 10000, ?, ?)`,
    )
    .run(ACME.id, OCT_10 + DAY_MS, OCT_10 + DAY_MS);
}

function agentWithMoney(options: Parameters<typeof startAgent>[0] = {}) {
  const agent = startAgent(options);
  withMoney(agent.store);
  return agent;
}

describe('a doubted number', () => {
  it('stands, with what it is made of, beside other readings of the same records', async () => {
    const agent = agentWithMoney();
    expect((await agent.ask('revenue last month')).text).toContain('$1,000.00');
    const { text, receipts, exhibits } = await agent.ask('are you sure?');
    expect(text).toContain('Gross revenue is $1,000.00 for Oct 1 - 31, 2026');
    expect(text).toContain('1 row (one paid invoice)');
    expect(text).toContain('Invoices paid in the period');
    expect(text).toContain('Net revenue $900.00');
    expect(text).toContain('with tax $1,080.00');
    expect(receipts).toHaveLength(1);
    expect(exhibits[0]).toMatchObject({ kind: 'fields' });
  });

  it('names the rules it was computed by where there are some to choose', async () => {
    const agent = agentWithMoney();
    await agent.ask('mrr');
    expect((await agent.ask('are you sure?')).text).toMatch(/Policy: Stripe: .*\(the default\)/);
  });

  it('is not replaced by the figure of the person, which is quoted as theirs', async () => {
    const agent = agentWithMoney();
    await agent.ask('revenue last month');
    const { text } = await agent.ask('finance says 1.2m');
    expect(text).toContain('Gross revenue is $1,000.00');
    expect(text).toContain('Your figure, "1.2m", is $1,199,000.00 more; it is yours, not mine.');
  });

  it.each([
    ['i think it is $1,080', 'with tax it would be $1,080.00'],
    ['no, it is $900', 'Net revenue it would be $900.00'],
    ['finance says $1,000', 'is the same'],
    ['finance says €1,000', 'another unit or currency'],
  ])('beside "%s" says which reading gives that', async (claim, words) => {
    const agent = agentWithMoney();
    await agent.ask('revenue last month');
    expect((await agent.ask(claim)).text).toContain(words);
  });

  it('of one customer needs the right to see customers', async () => {
    const agent = agentWithMoney();
    await agent.ask('revenue last month for Acme');
    const { text } = await agent.ask('are you sure?', { as: principal('viewer') });
    expect(text).toContain('does not include customer records');
    expect(text).not.toContain('1,000');
  });
});

describe('a model that gives in', () => {
  const looksUp = {
    calls: [{ name: 'query_metric', args: { metric: 'revenue_gross', period: 'last month' } }],
  };
  const checks = {
    calls: [
      { name: 'check_metric', args: { metric: 'revenue_gross', period: 'last month', claimed: '1.2m' } },
    ],
  };

  it.each([
    ['after looking it up', looksUp],
    ['after checking it', checks],
  ])('may not pass the figure of the person off as computed, %s', async (_, call) => {
    const { model } = scripted(call, 'You are right, revenue is $1.2M.', 'Revenue is $1.2M.');
    const { text } = await agentWithMoney({ model }).ask('revenue last month: finance says 1.2m');
    expect(text).toContain('$1,000.00');
    expect(text).not.toMatch(/is \$1\.2M/);
  });

  it('may quote it as theirs', async () => {
    const said = 'Revenue is **$1,000.00**. You have 1.2m; I keep to what is computed.';
    const { model } = scripted(checks, said);
    expect((await agentWithMoney({ model }).ask('finance says revenue was 1.2m')).text).toBe(said);
  });
});

describe('the gate', () => {
  const sources = { texts: ['MRR is $84,120.00'], data: [], tz: 'UTC', nowAt: NOW_AT, exponentOf };
  it.each([
    ['MRR is $84,120.00; you said 90k.', true],
    ['Your figure of 90k is higher.', true],
    ['MRR is 90k.', false],
    ['You said so: MRR is, you are right, 90k.', false],
    ['You said 95k.', false],
  ])('reads "%s"', (prose, ok) => {
    expect(checkProse(prose, { ...sources, theirs: ["i think it's 90k"] }).ok).toBe(ok);
  });
});
