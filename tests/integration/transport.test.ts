import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Launched, launch } from '../../sandbox/launch.ts';
import { buttonOf, NOW, type Person, peopleOf, personOf } from './workspace.ts';

let workspace: Launched;
let people: Record<string, Person[]>;

async function open(env: Record<string, string>): Promise<void> {
  workspace = await launch({ env: { SANDBOX_NOW: NOW, ...env } });
  people = peopleOf(workspace.client, await workspace.client.state());
}

const refunds = async () =>
  (await workspace.client.effects()).filter((effect) => effect.kind === 'refund.created');

describe('where Slack delivers by signed HTTP', () => {
  beforeAll(() => open({ SANDBOX_SLACK_MODE: 'http' }), 90_000);
  afterAll(() => workspace?.stop());

  it('a question is answered, a proposal edited in a form, and its replacement approved, once', async () => {
    const [asker, approver] = [personOf(people, 'finance', 0), personOf(people, 'finance', 1)];
    const question = await asker.ask('what is MRR?');
    expect(await question.answer()).toMatch(/MRR/);

    const thread = await asker.ask("refund Acme's last payment");
    const opened = await asker.press('approval.edit', await thread.card('approval.edit'));
    const viewId = opened.opened_view_id ?? '';
    const values = { amount: { amount: 'a lot' } };
    const refused = await workspace.client.submit({ user: asker.id, view_id: viewId, values });
    expect(Object.values(refused.errors ?? {}).join()).not.toBe('');

    const mended = { amount: { amount: '5.00' } };
    const taken = await workspace.client.submit({ user: asker.id, view_id: viewId, values: mended });
    expect(taken.errors ?? {}).toEqual({});
    await workspace.client.wait();
    expect(await refunds()).toHaveLength(0);

    await workspace.client.fault({ system: 'slack', kind: 'duplicate', match: 'interactive' });
    await approver.press('approval.approve');
    expect((await refunds()).map((effect) => effect.amount_minor)).toEqual([500]);
    const said = { user: approver.id, channel: question.channel, command: '/psi', text: 'doctor' };
    expect((await workspace.client.command({ ...said, user: asker.id })).response).toMatch(
      /Slack is connected/,
    );
  }, 60_000);

  it('what is forged or overheard is refused, and nobody can reach Psi without the secret', async () => {
    const before = (await workspace.client.effects()).length;
    for (const path of ['events', 'interactions', 'commands']) {
      const response = await fetch(`${workspace.botUrl}/slack/${path}`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'x-slack-request-timestamp': String(Math.floor(Date.parse(NOW) / 1000)),
          'x-slack-signature': `v0=${'0'.repeat(64)}`,
        },
        body: JSON.stringify({ type: 'event_callback', event_id: 'Ev1', event: { type: 'message' } }),
      });
      expect(response.status).toBe(401);
    }
    expect(await workspace.client.effects()).toHaveLength(before);
  }, 60_000);
});

describe('with a second workspace', () => {
  beforeAll(async () => {
    await open({ SANDBOX_SECOND_TEAM: '1' });
    await install();
  }, 90_000);
  afterAll(() => workspace?.stop());

  const member = (id: string) => {
    const user = Object.values(people)
      .flat()
      .find((person) => person.id === id);
    if (!user) throw new Error(`there is no ${id}`);
    return user;
  };
  const rita = () => member('U0RITALAB21');

  /** As a founder's browser goes: to Psi, to Slack, and back. */
  async function install(): Promise<void> {
    const begun = await fetch(`${workspace.botUrl}/slack/install`, { redirect: 'manual' });
    const slack = await fetch(begun.headers.get('location') ?? '', { redirect: 'manual' });
    const cookie = begun.headers.get('set-cookie')?.split(';')[0] ?? '';
    const back = await fetch(slack.headers.get('location') ?? '', { headers: { cookie } });
    expect(await back.text()).toContain('Psi is installed in PsiZero Labs');
  }

  /** Everything with an Approve button that these people can see. */
  async function cardsOf(some: Person[]): Promise<number> {
    const seen = await Promise.all(
      some.map((person) =>
        workspace.client.get<{ messages: Parameters<typeof buttonOf>[0][] }>('/sandbox/messages', {
          viewer: person.id,
        }),
      ),
    );
    return seen
      .flatMap(({ messages }) => messages)
      .filter((message) => buttonOf(message, 'approval.approve') !== undefined).length;
  }

  it('answers there as here, and shows the proposals of one workspace to nobody of the other', async () => {
    const answer = await (await rita().ask('what is MRR?')).answer();
    expect(answer).toMatch(/MRR/);

    const ours = ['founder', 'finance'].flatMap((role) => people[role] ?? []);
    const labs = [rita(), member('U0OLELABS22')];
    const here = ours.filter((person) => !labs.some((one) => one.id === person.id));
    await rita().ask("refund Acme's last payment");
    expect(await cardsOf(labs)).toBeGreaterThan(0);
    expect(await cardsOf(here)).toBe(0);
    const waiting = await (await personOf(people, 'founder').ask("what's waiting for me?")).answer();
    expect(waiting).not.toMatch(/Acme/);

    // About one payment there is one open proposal: the newer replaces the older, wherever each was made.
    await personOf(people, 'finance').ask("refund Acme's last payment");
    expect(await cardsOf(here)).toBeGreaterThan(0);
    expect(await cardsOf(labs)).toBe(0);
  }, 90_000);

  it('is served after a restart, and forgotten when it removes Psi', async () => {
    await workspace.client.kill();
    await workspace.client.wait();
    expect(await (await rita().ask('how many active customers?')).answer()).toMatch(/customers/);
    await workspace.client.post('/sandbox/uninstall', { team: 'T0PSILABS' });
    await workspace.client.wait();
    const lost = await rita().ask('what is MRR?');
    expect(await lost.replies()).toEqual([]);
    expect(await (await personOf(people, 'founder').ask('what is MRR?')).answer()).toMatch(/MRR/);
  }, 90_000);
});
