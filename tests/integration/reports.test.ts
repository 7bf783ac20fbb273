import { beforeAll, describe, expect, it } from 'vitest';
import type { Launched } from '../../sandbox/launch.ts';
import { newWorkspace, type Person, peopleOf, personOf, type Thread } from './workspace.ts';

let workspace: Launched;
let people: Record<string, Person[]>;
const channels: Record<string, string> = {};

beforeAll(async () => {
  workspace = await newWorkspace();
  const state = await workspace.client.state();
  people = peopleOf(workspace.client, state);
  for (const { id, name } of state.channels) if (name) channels[name] = id;
  await workspace.client.wait(60_000);
}, 90_000);

/** What Psi has posted by the clock in a channel, as everybody there sees it. */
async function reportsIn(channel: string): Promise<string[]> {
  const messages = await workspace.client.messages({ channel });
  return messages
    .filter((message) => message.is_bot && /\(.*America\/.*, for /.test(message.plain))
    .map(({ plain }) => plain);
}

describe('a report that comes by the clock', () => {
  let numbers: Thread;

  it('is made in conversation, with its zone and its next time', async () => {
    numbers = await personOf(people, 'founder').ask('every weekday at 7 drop the numbers in here');
    expect(await numbers.answer()).toContain('Weekdays at 07:00 America/Los_Angeles; next Mon Nov 23, 07:00');
    const mrr = await personOf(people, 'finance').ask('post mrr in #finance every monday 9am');
    expect(await mrr.answer()).toContain('Mondays at 09:00 America/New_York; next Mon Nov 23, 09:00');
    const list = await personOf(people, 'finance').ask("what's scheduled?");
    expect(await list.answer()).toMatch(
      /1 report is scheduled:\n1\. [“"]mrr[”"] in #finance: Mondays at 09:00/,
    );
  }, 60_000);

  it.each<[string, string, number, RegExp]>([
    [
      'post mrr in #ext-brightpath every monday 9am',
      'success',
      0,
      /People from outside the company can read along/,
    ],
    ['post open invoices in #general every monday 9am', 'finance', 0, /Not everybody in #general may see/],
    [
      'post mrr in #leadership every monday 9am',
      'viewer',
      0,
      /no channel #leadership that both of us are in/,
    ],
    ['send me mrr every 5 minutes', 'finance', 0, /at most once an hour/],
    ['send me mrr weekly', 'finance', 0, /On which day/],
    ['send me mrr every day at 4', 'finance', 0, /04:00 in the morning or 16:00/],
  ])(
    'is not made of "%s"',
    async (text, role, nth, expected) => {
      const person = personOf(people, role, nth);
      expect(await (await person.ask(text)).answer()).toMatch(expected);
    },
    60_000,
  );

  it('comes once at its time, though the bot is killed around it', async () => {
    const before = (await workspace.client.state()).bot.pid;
    await workspace.client.kill('schedule.ran');
    await workspace.client.clock({ now: '2026-11-23T10:00:00-08:00' });
    await workspace.client.wait(60_000);
    expect((await workspace.client.state()).bot.pid).not.toBe(before);
    const inFinance = await reportsIn(channels.finance ?? '');
    expect(inFinance).toHaveLength(1);
    expect(inFinance[0]).toMatch(
      /Mrr \(Mondays at 09:00 America\/New_York, for Priya Raman\)[\s\S]*MRR is \$/,
    );
    const inDm = await reportsIn(numbers.channel);
    expect(inDm).toHaveLength(1);
    expect(inDm[0]).toMatch(/MRR is[\s\S]*revenue[\s\S]*signups?[\s\S]*tickets?/i);
    expect(inDm[0]).toContain('Nov 22');
  }, 120_000);

  it('is moved and stopped in words, and says yesterday of its own day', async () => {
    const moved = await personOf(people, 'founder').ask('move it to 8', numbers.ts);
    expect(await moved.answer()).toContain('Weekdays at 08:00 America/Los_Angeles; next Tue Nov 24, 08:00');
    await workspace.client.clock({ now: '2026-11-24T08:30:00-08:00' });
    await workspace.client.wait(60_000);
    const posted = await reportsIn(numbers.channel);
    expect(posted).toHaveLength(2);
    expect(posted.at(-1)).toContain('Nov 23');
    const stopped = await personOf(people, 'founder').ask('stop the numbers report');
    expect(await stopped.answer()).toContain('Stopped');
    await workspace.client.clock({ now: '2026-11-25T08:30:00-08:00' });
    await workspace.client.wait(60_000);
    expect(await reportsIn(numbers.channel)).toHaveLength(2);
  }, 120_000);
});
