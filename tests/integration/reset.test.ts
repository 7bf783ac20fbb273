import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type Launched, launch } from '../../sandbox/launch.ts';
import { NOW, peopleOf, personOf } from './workspace.ts';

let workspace: Launched;

beforeAll(async () => {
  workspace = await launch({ env: { SANDBOX_NOW: NOW } });
}, 120_000);
afterAll(() => workspace?.stop());

const TRUTHS = ['mrr', 'revenue_gross', 'receivables_open', 'failed_payments', 'tickets_open', 'signups'];

const homeSchema = z.object({ plain: z.string() });

/** App Home as it reads, less the minute at which it was looked at. */
function homeText(home: unknown): string {
  return homeSchema.parse(home).plain.replace(/(as of|data through|until) [\d: -]+(UTC|PST)/g, '$1 now');
}

/** All that can be seen from outside of a workspace right after a reset. */
async function reset() {
  const { client } = workspace;
  await client.reset({ now: NOW });
  await client.wait(60_000);
  const { users, channels, now } = await client.state();
  const founder = users[0];
  const dm = channels.find(({ type, members }) => type === 'im' && members.includes(founder?.id ?? ''));
  const messages: Record<string, string[]> = {};
  for (const { id } of channels)
    messages[id] = (await client.messages({ channel: id })).map(({ ts, plain }) => `${ts} ${plain}`);
  const doctor = await client.command({
    user: founder?.id ?? '',
    channel: dm?.id ?? '',
    command: '/psi',
    text: 'doctor',
  });
  const homes: string[] = [];
  for (const { id } of users) {
    await client.views(id, 'home');
    await client.wait(60_000);
    homes.push(homeText((await client.views(id)).home));
  }
  return {
    now,
    seen: {
      users,
      channels,
      messages,
      homes,
      effects: await client.effects(),
      mail: (await client.mail()).map(({ to, subject, text }) => ({ to, subject, text })),
      truths: await Promise.all(TRUTHS.map((query) => client.truth(query))),
      // How much of the store is a log still to be merged depends on how it was written.
      doctor: doctor.response.replace(/The store takes .*/, '').replace(/in up to [^:]*:/g, 'in:'),
    },
  };
}

describe('a reset to a world that was begun before', () => {
  it('leaves what the first one left, and nothing of what happened between', {
    timeout: 180_000,
  }, async () => {
    const first = await reset();
    expect(readdirSync(join(workspace.dataDir, 'kept-worlds'))).toHaveLength(1);
    const { client } = workspace;
    const finance = personOf(peopleOf(client, await client.state()), 'finance');
    await finance.ask("refund Acme's last payment");
    await client.event({ type: 'signup', plan: 'scale' });
    await client.wait(60_000);

    const second = await reset();
    expect(second.seen).toEqual(first.seen);
    expect(Date.parse(second.now) - Date.parse(NOW)).toBeLessThan(300_000);
    expect(await (await finance.ask('what approvals are pending?')).answer()).not.toMatch(/Acme/);
    const mrr = await client.truth('mrr');
    const answer = await (await finance.ask('mrr?')).answer();
    expect(answer).toContain(mrr.value?.toLocaleString('en-US'));
  });
});
