import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Launched, launch } from '../../sandbox/launch.ts';
import { convertMoney } from '../../src/domain/money/arithmetic.ts';
import { buttonOf, NOW, type Person, peopleOf, personOf } from './workspace.ts';

const OCTOBER = { period: '2026-10-01T07:00:00Z/2026-11-01T07:00:00Z' };

let workspace: Launched;
let people: Record<string, Person[]>;

beforeAll(async () => {
  workspace = await launch({ env: { SANDBOX_NOW: NOW } });
  people = peopleOf(workspace.client, await workspace.client.state());
}, 90_000);
afterAll(() => workspace?.stop());

const asker = () => personOf(people, 'finance', 0);
const approver = () => personOf(people, 'finance', 1);
const finalised = async () =>
  (await workspace.client.effects()).filter((effect) => effect.kind === 'invoice.finalized');

/** A press that is waited for longer than a click usually takes. */
async function click(actionId: string, { channel, message }: Awaited<ReturnType<Person['card']>>) {
  const value = buttonOf(message, actionId)?.value;
  await workspace.client.click({
    user: approver().id,
    channel,
    message_ts: message.ts,
    action_id: actionId,
    ...(value ? { value } : {}),
  });
}

interface Row {
  customer_id: string;
  currency: string;
  state: string;
  subtotal_minor: number;
  total_minor: number;
  stripe_invoice_id: string;
  pdf_path: string;
  number: string;
  sequence: number;
}

function read<T>(sql: string): T[] {
  const db = new Database(join(workspace.dataDir, 'psi.db'), { readonly: true });
  try {
    return db.prepare<[], T>(sql).all();
  } finally {
    db.close();
  }
}

/** In dollars at the rate of the month's last day, as the truth counts it. */
function inDollars(row: Row): number {
  if (row.currency === 'USD') return row.subtotal_minor;
  const [rate] = read<{ rate: string }>(
    `SELECT rate FROM fx_rates WHERE currency = '${row.currency}' AND day <= '2026-10-31' ORDER BY day DESC LIMIT 1`,
  );
  return convertMoney({ minor: row.subtotal_minor, currency: row.currency }, 'USD', rate?.rate ?? '').minor;
}

describe('closing October', () => {
  it('refuses a month that is not over', async () => {
    const thread = await asker().ask('close this month');
    expect(await thread.answer()).toMatch(/not over yet/);
    expect(await finalised()).toEqual([]);
  }, 30_000);

  it('bills every customer once, to the cent, through two power cuts and two lost answers', async () => {
    const thread = await asker().ask('close the month');
    expect(await thread.answer()).toMatch(/invoices for calls beyond the plan/);
    expect(await finalised()).toEqual([]);

    // One row first, with the process killed once Stripe has the draft, and again once it is written down.
    const first = await approver().card('approval.row.approve');
    await workspace.client.kill('effect.sent');
    await click('approval.row.approve', first);
    await workspace.client.wait(60_000);
    // Answers are lost on the way as well: of a line, and of finalising.
    await workspace.client.fault({
      system: 'stripe',
      kind: 'drop_response',
      match: 'invoiceitems',
      count: 1,
    });
    await workspace.client.fault({ system: 'stripe', kind: 'drop_response', match: 'finalize', count: 1 });
    await workspace.client.kill('effect.confirmed');
    await click('approval.approve', await approver().card('approval.approve'));
    await workspace.client.wait(120_000);

    const rows = read<Row>(
      `SELECT r.*, n.number, n.sequence FROM run_invoices r
       LEFT JOIN invoice_numbers n ON n.run_invoice_id = r.id ORDER BY n.sequence`,
    );
    expect(rows.length).toBeGreaterThan(20);
    expect(new Set(rows.map(({ state }) => state))).toEqual(new Set(['issued']));
    const truth = await workspace.client.truth('overage_amount', OCTOBER);
    expect(rows.reduce((sum, row) => sum + inDollars(row), 0)).toBe(truth.minor);

    const effects = await finalised();
    expect(effects).toHaveLength(rows.length);
    expect(new Set(effects.map(({ customer }) => customer)).size).toBe(rows.length);
    const drafts = (await workspace.client.effects()).filter(({ kind }) => kind === 'invoice.created');
    expect(drafts).toHaveLength(rows.length);
    for (const effect of effects) {
      const row = rows.find(({ customer_id }) => customer_id === effect.customer);
      expect(effect).toMatchObject({ amount_minor: row?.total_minor, currency: row?.currency });
    }
    expect(rows.map(({ sequence }) => sequence)).toEqual(rows.map((_, index) => index + 1));
    for (const { pdf_path } of rows) expect(readFileSync(pdf_path).subarray(0, 5).toString()).toBe('%PDF-');
    expect(existsSync(join(workspace.dataDir, 'invoices'))).toBe(true);
    expect(await thread.answer()).toMatch(/The month is closed/);

    const explained = await asker().ask(`explain invoice ${rows[0]?.number}`);
    expect(await explained.answer()).toMatch(/Calculated again now, it is the same/);
    expect(await explained.answer()).toMatch(
      /\d usage events, added up one by one: [\d,]+ calls and \S+ the same/,
    );
    const again = await asker().ask('close the month');
    expect(await again.answer()).toMatch(/closed already/);
    expect(await finalised()).toHaveLength(rows.length);
  }, 240_000);

  it('takes the whole close back, the latest first, and closes the month anew with the next numbers', async () => {
    const before = read<Row>('SELECT * FROM run_invoices');
    const thread = await asker().ask('roll back the month close');
    expect(await thread.answer()).toMatch(/invoices of .* to take back/);
    await click('approval.approve', await approver().card('approval.approve'));
    await workspace.client.wait(120_000);
    expect(await thread.answer()).toMatch(/The month is open again/);
    const voided = (await workspace.client.effects()).filter(({ kind }) => kind === 'invoice.voided');
    expect(voided).toHaveLength(before.length);

    const anew = await asker().ask('close the month');
    expect(await anew.answer()).toMatch(/invoices for calls beyond the plan/);
    await click('approval.row.approve', await approver().card('approval.row.approve'));
    await workspace.client.wait(60_000);
    const [next] = read<Row>('SELECT * FROM invoice_numbers ORDER BY sequence DESC LIMIT 1');
    expect(next?.sequence).toBe(before.length + 1);
  }, 240_000);
});
