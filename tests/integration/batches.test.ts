import { join } from 'node:path';
import Database from 'better-sqlite3';
import { beforeEach, describe, expect, it } from 'vitest';
import type { SandboxMessage } from '../../sandbox/client.ts';
import type { Launched } from '../../sandbox/launch.ts';
import { NOW, newWorkspace, type Person, peopleOf, personOf, type Thread } from './workspace.ts';

let workspace: Launched;
let people: Record<string, Person[]>;

beforeEach(async () => {
  workspace = await newWorkspace();
  people = peopleOf(workspace.client, await workspace.client.state());
}, 90_000);

const asker = () => personOf(people, 'success');
const approver = () => personOf(people, 'finance', 0);
const mails = async () => (await workspace.client.effects()).filter((effect) => effect.kind === 'email.sent');

/**
 * A batch of reminders as a process leaves it that dies just before the first row: the next start proposes it. It
 * needs nobody who asks for one in words.
 */
async function batchOf(count: number): Promise<Thread> {
  const thread = await asker().ask('what is overdue');
  const store = new Database(join(workspace.dataDir, 'psi.db'));
  const invoices = store
    .prepare<[number], { id: string }>(`SELECT id FROM invoices WHERE status = 'open' ORDER BY id LIMIT ?`)
    .all(count);
  const requester = { kind: 'user', teamId: 'T', userId: asker().id, name: asker().user.name, email: null };
  const team = store
    .prepare<[], { team_id: string }>('SELECT team_id FROM slack_users LIMIT 1')
    .get()?.team_id;
  store
    .prepare(
      `INSERT INTO batches (id, batch_key, title, intro, tool, inputs, requester, team_id, channel_id, thread_ts,
       refused, created_at, proposed_at) VALUES ('bat_test', 'k', 'Overdue invoices', 'Each is overdue.', ?, ?, ?, ?, ?, ?, '[]', ?, NULL)`,
    )
    .run(
      'send_payment_reminder',
      JSON.stringify(invoices.map(({ id }) => ({ invoice: id }))),
      JSON.stringify({ ...requester, teamId: team, roles: ['success'], tz: asker().user.tz }),
      team,
      thread.channel,
      thread.ts,
      Date.parse(NOW),
    );
  store.close();
  await workspace.client.kill();
  await workspace.client.wait(60_000);
  return thread;
}

const cards = (messages: SandboxMessage[]) =>
  messages.filter((message) => /^Overdue invoices/.test(message.plain) && /Asked for by/.test(message.plain));

function rowButton(message: SandboxMessage, actionId: string, row: number) {
  const value = `bat_test:${row}`;
  const found = message.blocks
    .flatMap((block) => block.elements ?? [])
    .find((element) => element.action_id === actionId && element.value === value);
  return found === undefined ? null : { action_id: actionId, value };
}

async function press(
  person: Person,
  where: { channel: string; message: SandboxMessage },
  actionId: string,
  row: number,
) {
  const click = rowButton(where.message, actionId, row) ?? { action_id: actionId, value: `bat_test:${row}` };
  const answer = await workspace.client.click({
    user: person.id,
    channel: where.channel,
    message_ts: where.message.ts,
    ...click,
  });
  await workspace.client.wait();
  return answer;
}

describe('a batch of reminders', () => {
  it('is one card in the thread and one in each decider’s DM; each row is decided by itself', async () => {
    const thread = await batchOf(4);
    expect(cards(await thread.replies())).toHaveLength(1);
    const mine = await approver().card('approval.row.approve');
    const { modals: none } = await workspace.client.views(approver().id);
    expect(none).toHaveLength(0);

    await press(approver(), mine, 'approval.row.approve', 2);
    expect(await mails()).toHaveLength(1);
    const after = await approver().card('approval.row.approve');
    expect(after.message.ts).toBe(mine.message.ts);
    expect(rowButton(after.message, 'approval.row.approve', 2)).toBeNull();
    for (const row of [1, 3, 4]) expect(rowButton(after.message, 'approval.row.approve', row)).not.toBeNull();
    const [inThread] = cards(await thread.replies());
    expect(inThread && rowButton(inThread, 'approval.row.approve', 2)).toBeNull();

    await press(approver(), after, 'approval.row.reject', 1);
    const all = await approver().card('approval.approve');
    const opened = await press(approver(), all, 'approval.row.edit', 3);
    expect(opened.opened_view_id).toBeTruthy();
    await approver().press('approval.approve', await approver().card('approval.approve'));
    expect(await mails()).toHaveLength(3);
    const replies = await thread.replies();
    expect(
      replies.filter((message) => /Overdue invoices: 3 done, 1 rejected/.test(message.plain)),
    ).toHaveLength(1);
    expect(JSON.stringify(replies)).not.toContain('approval.row.approve');
    expect(cards(replies)).toHaveLength(1);
  }, 90_000);

  it('turns its pages, each copy by itself, and is decided whole with one click', async () => {
    const thread = await batchOf(18);
    const first = await approver().card('approval.page');
    expect(first.message.plain).toContain('rows 1-15 of 18');
    await approver().press('approval.page', first);
    const second = await approver().card('approval.page');
    expect(second.message.ts).toBe(first.message.ts);
    expect(second.message.plain).toContain('rows 16-18 of 18');
    expect(cards(await thread.replies())[0]?.plain).toContain('rows 1-15 of 18');
    await approver().press('approval.approve', second);
    expect(await mails()).toHaveLength(18);
    expect(await thread.answer()).toContain('Overdue invoices: 18 done.');
    expect((await approver().card('approval.page')).message.plain).toContain('rows 16-18 of 18');
  }, 90_000);

  it('stands in App Home with its rows on demand, and a click without the right says so', async () => {
    const thread = await batchOf(3);
    const [inThread] = cards(await thread.replies());
    if (inThread === undefined) throw new Error('no card in the thread');
    await press(asker(), { channel: thread.channel, message: inThread }, 'approval.row.approve', 1);
    expect(await thread.whispers(asker())).toMatch(/somebody else has to approve/);

    const inHome = async (action_id: string, value: string) => {
      const { home } = await workspace.client.views(approver().id);
      await workspace.client.click({ user: approver().id, view_id: String(home?.id), action_id, value });
      await workspace.client.wait();
      return JSON.stringify((await workspace.client.views(approver().id)).home);
    };
    const { home } = await workspace.client.views(approver().id, 'home');
    await workspace.client.wait();
    expect(JSON.stringify(home)).not.toContain('approval.row.approve');
    expect(await inHome('home.rows', 'bat_test:0')).toContain('approval.row.approve');
    const after = await inHome('approval.row.approve', 'bat_test:1');
    expect(await mails()).toHaveLength(1);
    expect(after).not.toContain('"bat_test:1"');
    expect(after).toContain('"bat_test:2"');

    const finance = (await workspace.client.state()).channels.find((each) => each.name === 'finance');
    const { response } = await workspace.client.command({
      user: approver().id,
      channel: finance?.id ?? '',
      command: '/psi',
      text: 'approvals',
    });
    expect(JSON.stringify(response)).toMatch(/Overdue invoices.*2 of 3 rows/);
  }, 90_000);
});
