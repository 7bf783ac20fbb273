import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Launched } from '../../sandbox/launch.ts';
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
