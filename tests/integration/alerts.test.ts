import { describe, expect, it } from 'vitest';
import type { SandboxMessage } from '../../sandbox/client.ts';
import type { Launched } from '../../sandbox/launch.ts';
import { newWorkspace, type Person, peopleOf, personOf } from './workspace.ts';

let workspace: Launched;
let people: Record<string, Person[]>;
let channels: Map<string, string>;

async function takeStock(): Promise<void> {
  const state = await workspace.client.state();
  people = peopleOf(workspace.client, state);
  channels = new Map(state.channels.map((channel) => [channel.name, channel.id]));
}

async function fresh(): Promise<void> {
  workspace = await newWorkspace();
  await takeStock();
  // The first question waits for the first look.
  await personOf(people, 'finance').ask('any alerts?');
}

/** Alert cards of a channel, with the lines in no thread. */
async function cardsIn(name: string): Promise<SandboxMessage[]> {
  const messages = await workspace.client.messages({ channel: channels.get(name) ?? '' });
  return messages.filter((message) => message.is_bot && (message.thread_ts ?? message.ts) === message.ts);
}

async function everywhere(): Promise<SandboxMessage[]> {
  const all = await Promise.all([...channels.keys()].map(cardsIn));
  return all.flat().filter((message) => JSON.stringify(message.blocks).includes('alert.'));
}

const healthy = async () => {
  const { id, name } = await workspace.client.pick('customer', 'healthy');
  return { id: String(id), name: String(name) };
};

describe('alerts', () => {
  it('begin with a few grouped cards, not with history, and none where a guest reads', async () => {
    await fresh();
    expect((await everywhere()).length).toBeLessThanOrEqual(3);
    expect((await cardsIn('finance'))[0]?.plain).toMatch(/customers have failed payments/);
    expect((await cardsIn('customers'))[0]?.plain).toMatch(/API calls fell by \d+%/);
    expect(await cardsIn('ext-brightpath')).toEqual([]);
  }, 60_000);

  it('tell finance of a failed payment within five seconds, and that it is over when it is paid', async () => {
    await fresh();
    const { id, name } = await healthy();
    const before = await cardsIn('finance');
    const startedAt = performance.now();
    const { client } = workspace;
    await client.event({ type: 'payment_failed', customer: id, decline_code: 'expired_card' });
    let card: SandboxMessage | undefined;
    while (!card && performance.now() - startedAt < 5_000) {
      card = (await cardsIn('finance')).find((message) => !before.some(({ ts }) => ts === message.ts));
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    expect(card?.plain).toMatch(new RegExp(`^${name}'s? payment of .+ failed: the card has expired`));
    expect(card?.plain).toMatch(/First failure this month; invoice \S+ is open/);

    await client.event({ type: 'payment_succeeded', customer: id });
    await client.wait();
    const now = (await cardsIn('finance')).find(({ ts }) => ts === card?.ts);
    expect(now?.plain).toMatch(/^Over: /);
    const thread = await client.messages({
      channel: channels.get('finance') ?? '',
      thread_ts: card?.ts ?? '',
    });
    expect(thread.at(-1)?.plain).toMatch(/Over: Invoice \S+ has been paid/);
  }, 60_000);

  it('are taken, explained, asked about and snoozed from the card, by those the policy names', async () => {
    await fresh();
    const { client } = workspace;
    const channel = channels.get('customers') ?? '';
    const card = async () => {
      const [message] = await cardsIn('customers');
      if (!message) throw new Error('no card');
      return { channel, message };
    };
    const success = personOf(people, 'success');
    await success.press('alert.own', await card());
    expect((await card()).message.plain).toContain('Lena Fischer has it');
    await personOf(people, 'analyst').press('alert.why', await card());
    const { modals } = await client.views(personOf(people, 'analyst').id);
    expect(JSON.stringify(modals.at(-1))).toMatch(/Nov 21, 2026: [\d,]+ calls/);
    await success.press('alert.ask', await card());
    const asked = await client.messages({ channel, thread_ts: (await card()).message.ts });
    expect(asked.at(-1)?.plain).toMatch(/calls fell \d+% over 28 days/);
    const snooze = JSON.stringify((await card()).message.blocks).match(/"tomorrow:[^"]+"/)?.[0] ?? '""';
    await client.post('/sandbox/actions', {
      ...{ user: success.id, channel, message_ts: (await card()).message.ts },
      ...{ action_id: 'alert.snooze', selected: JSON.parse(snooze) },
    });
    await client.wait();
    expect((await card()).message.plain).toMatch(/Snoozed until/);
    await client.clock({ advance: 'PT20H' });
    await client.wait();
    expect((await card()).message.plain).not.toMatch(/Snoozed until/);
    const thread = await client.messages({ channel, thread_ts: (await card()).message.ts });
    expect(thread.at(-1)?.plain).toMatch(/The snooze is over/);
    await client.views(success.id, 'home');
    await client.wait();
    expect(JSON.stringify((await client.views(success.id)).home)).toMatch(/Needs a look/);
    const listed = await client.command({ user: success.id, channel, command: '/psi', text: 'alerts mine' });
    expect(JSON.stringify(listed)).toMatch(/Alerts you have taken/);
  }, 90_000);

  it('are at most five messages for five hundred failed payments at once', async () => {
    await fresh();
    const before = (await everywhere()).length;
    const { client } = workspace;
    const customers = await customerIds();
    for (let start = 0; start < 500; start += 25) {
      const batch = Array.from({ length: 25 }, (_, n) => customers[(start + n) % customers.length] ?? '');
      await Promise.all(
        batch.map((customer) =>
          client
            .event({ type: 'payment_failed', customer, decline_code: 'insufficient_funds' })
            .catch(() => null),
        ),
      );
    }
    // Webhooks come one at a time: it is enough to have seen most customers.
    const named = async () =>
      (await cardsIn('finance')).map((card) => Number(/^([\d,]+) customers have/.exec(card.plain)?.[1] ?? 0));
    const until = performance.now() + 60_000;
    while (Math.max(...(await named())) < 150 && performance.now() < until) {
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
    expect(Math.max(...(await named()))).toBeGreaterThanOrEqual(150);
    const posted = (await everywhere()).length - before;
    expect(posted).toBeGreaterThan(0);
    expect(posted).toBeLessThanOrEqual(5);
  }, 120_000);

  it('are posted once though the bot is killed as the payment fails', async () => {
    await fresh();
    const { id, name } = await healthy();
    const { client } = workspace;
    await Promise.allSettled([client.event({ type: 'payment_failed', customer: id }), client.kill()]);
    await client.wait(60_000);
    await personOf(people, 'finance').ask('any alerts?');
    await client.kill();
    await client.wait(60_000);
    await personOf(people, 'finance').ask('any alerts?');
    const told = (await cardsIn('finance')).filter((message) => message.plain.startsWith(name));
    expect(told).toHaveLength(1);
  }, 120_000);
});

/** Live customers, by what Psi itself would be told. */
async function customerIds(): Promise<string[]> {
  const { default: Database } = await import('better-sqlite3');
  const db = new Database(`${workspace.dataDir}/psi.db`, { readonly: true });
  try {
    return db
      .prepare<[], { id: string }>(
        'SELECT DISTINCT customer_id AS id FROM subscriptions WHERE ended_at IS NULL',
      )
      .all()
      .map((row) => row.id);
  } finally {
    db.close();
  }
}
