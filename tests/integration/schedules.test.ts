import { beforeAll, describe, expect, it } from 'vitest';
import type { Launched } from '../../sandbox/launch.ts';
import { newWorkspace, type Person, peopleOf, personOf } from './workspace.ts';

let workspace: Launched;
let people: Record<string, Person[]>;

beforeAll(async () => {
  workspace = await newWorkspace();
  people = peopleOf(workspace.client, await workspace.client.state());
  // A first start has briefings to make; a command asked meanwhile may be answered too late to be its response.
  await workspace.client.wait(60_000);
}, 90_000);

async function runs(who: Person, text = 'runs'): Promise<string> {
  const channel = (await workspace.client.state()).channels.find((each) => each.name === 'general');
  const answer = await workspace.client.command({
    user: who.id,
    channel: channel?.id ?? '',
    command: '/psi',
    text,
  });
  return String(answer.response);
}

describe('what runs by the clock', () => {
  it('is run each night at its own instant, once, though the bot is killed at every step of it', async () => {
    const founder = personOf(people, 'founder');
    expect(await runs(founder)).toMatch(
      /Housekeeping: every day at 03:30 Los Angeles time; next .*; not run yet/,
    );
    const failpoints = (await workspace.client.failpoints()).failpoints.filter((name) =>
      name.startsWith('schedule.'),
    );
    expect(failpoints).toHaveLength(3);
    for (const at of failpoints) {
      const before = (await workspace.client.state()).bot.pid;
      await workspace.client.kill(at);
      await workspace.client.clock({ advance: 'P1D' });
      await workspace.client.wait(60_000);
      expect((await workspace.client.state()).bot.pid, `${at} was reached`).not.toBe(before);
    }
    const turns = (await runs(founder, 'runs housekeeping'))
      .split('\n')
      .filter((line) => line.startsWith('•'));
    expect(turns.map((line) => /^• (\S+ \S+) UTC: (\w+)/.exec(line)?.slice(1))).toEqual([
      ['2026-11-25 11:30', 'done'],
      ['2026-11-24 11:30', 'done'],
      ['2026-11-23 11:30', 'done'],
    ]);
  }, 180_000);
});
