import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Launched } from '../../sandbox/launch.ts';
import { projectRoot } from '../../src/lib/paths.ts';
import { createJournal } from '../../src/store/journal.ts';
import { openStore, type Store } from '../../src/store/open-store.ts';
import { newWorkspace, type Person, peopleOf, personOf } from './workspace.ts';

let workspace: Launched;
let people: Record<string, Person[]>;
let store: Store;

beforeAll(async () => {
  workspace = await newWorkspace();
  people = peopleOf(workspace.client, await workspace.client.state());
  store = openStore(join(workspace.dataDir, 'psi.db'));
}, 90_000);
afterAll(async () => {
  await store?.close();
});

/** By "USD receivable", as the truth names them. */
async function journalBalances(): Promise<Record<string, number>> {
  const { now } = await workspace.client.state();
  const { rows } = await createJournal(store).trialBalance(Date.parse(now) + 1);
  const open = rows.filter(({ balanceMinor }) => balanceMinor !== 0n);
  return Object.fromEntries(
    open.map(({ currency, account, balanceMinor }) => [`${currency} ${account}`, Number(balanceMinor)]),
  );
}

const truth = async () => (await workspace.client.truth('trial_balance')).groups;

describe('the journal of two years', () => {
  it('ties to the world to the cent, account by account, and again posts nothing', async () => {
    const finance = personOf(people, 'finance', 0);
    const thread = await finance.ask('export the journal of last month');
    expect(await thread.answer()).toMatch(/ties to Stripe/);
    expect(await journalBalances()).toEqual(await truth());
    const count = () =>
      store.sqlite.prepare<[], { n: number }>('SELECT COUNT(*) AS n FROM journal_entries').get()?.n;
    const before = count();
    await finance.ask('export the journal of last month');
    expect(count()).toBe(before);
  }, 60_000);
});

interface Owed {
  id: string;
  number: string;
  amount_remaining_minor: number;
  currency: string;
  name: string;
}

const major = (minor: number, currency: string) =>
  currency === 'JPY' ? String(minor) : (minor / 100).toFixed(2);

/** As an operator does it, in a process of its own beside the running bot. */
function importStatement(lines: readonly string[][]): string {
  const file = join(workspace.dataDir, 'statement.csv');
  writeFileSync(file, lines.map((cells) => cells.map((cell) => `"${cell}"`).join(',')).join('\n'));
  return execFileSync(process.execPath, [join(projectRoot(), 'dist/src/cli.js'), 'import-bank', file], {
    env: { ...process.env, PSI_DATA_DIR: workspace.dataDir },
    encoding: 'utf8',
  });
}

describe('a bank statement', () => {
  it('is imported once, read at night, paid row by row, and the books still tie', async () => {
    const owed = store.sqlite
      .prepare<[], Owed>(
        `SELECT i.id, i.number, i.amount_remaining_minor, i.currency, c.name FROM invoices i
         JOIN customers c ON c.id = i.customer_id WHERE i.status = 'open' AND i.amount_remaining_minor > 0
         ORDER BY i.finalized_at DESC LIMIT 2`,
      )
      .all();
    const lines = owed.map((one) => [
      ...['2026-11-22', major(one.amount_remaining_minor, one.currency), one.currency],
      ...[`Invoice ${one.number}`, one.name],
    ]);
    const all = [
      ['Date', 'Amount', 'Currency', 'Reference', 'Name'],
      ...lines,
      ['2026-11-21', '3.33', 'USD', '=cmd', 'Nobody'],
    ];
    expect(importStatement(all)).toMatch(/^3 new, 0 known.*3 incoming lines wait/);
    expect(importStatement(all)).toMatch(/^0 new, 3 known/);
    await workspace.client.clock({ advance: 'PT16H' });
    await workspace.client.wait();
    const approver = personOf(people, 'finance', 0);
    const { message } = await approver.card('approval.approve');
    expect(message.plain).toContain('2 with one clear reading');
    expect(message.plain).toMatch(/Nothing fits 1 bank line/);
    await approver.press('approval.approve');
    const paid = (await workspace.client.effects()).filter(({ kind }) => kind === 'invoice.paid');
    expect(paid.map(({ amount_minor }) => amount_minor).sort()).toEqual(
      owed.map((one) => one.amount_remaining_minor).sort(),
    );
    await workspace.client.clock({ advance: 'PT26H' });
    const thread = await approver.ask('show the trial balance of this month');
    expect(await thread.answer()).toMatch(/ties to Stripe/);
    expect(await journalBalances()).toEqual(await truth());
  }, 120_000);
});
