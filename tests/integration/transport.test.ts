import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Launched, launch } from '../../sandbox/launch.ts';
import { NOW, type Person, peopleOf, personOf } from './workspace.ts';

let workspace: Launched;
let people: Record<string, Person[]>;

beforeAll(async () => {
  workspace = await launch({ env: { SANDBOX_NOW: NOW, SANDBOX_SLACK_MODE: 'http' } });
  people = peopleOf(workspace.client, await workspace.client.state());
}, 90_000);
afterAll(() => workspace?.stop());

const refunds = async () =>
  (await workspace.client.effects()).filter((effect) => effect.kind === 'refund.created');

describe('where Slack delivers by signed HTTP', () => {
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
  });

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
  });
});
