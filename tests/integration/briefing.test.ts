import { beforeEach, describe, expect, it } from 'vitest';
import type { SandboxMessage } from '../../sandbox/client.ts';
import type { Launched } from '../../sandbox/launch.ts';
import { newWorkspace, type Person, peopleOf, personOf } from './workspace.ts';

/** The evening before, so that the morning is still to come. */
const EVENING = '2026-11-23T20:00:00-08:00';
const READERS = ['founder', 'finance', 'success', 'analyst'];

let workspace: Launched;
let people: Record<string, Person[]>;

beforeEach(async () => {
  workspace = await newWorkspace(EVENING);
  people = peopleOf(workspace.client, await workspace.client.state());
  await firstBriefings();
}, 120_000);

const dmOf = async (person: Person) => {
  const { channels } = await workspace.client.state();
  return channels.find((each) => each.type === 'im' && each.members.includes(person.id))?.id ?? '';
};

async function briefings(person: Person): Promise<SandboxMessage[]> {
  const channel = await dmOf(person);
  const messages = await workspace.client.messages({ channel, viewer: person.id });
  return messages.filter((message) => message.is_bot && message.plain.startsWith('Morning briefing'));
}

const mails = async (person: Person) =>
  (await workspace.client.mail()).filter(
    ({ to, subject }) => to.includes(person.user.email) && subject.startsWith('Morning briefing'),
  );

/** A first start gives everybody the briefing that was last due; these tests are about the next. */
async function firstBriefings(): Promise<void> {
  const readers = READERS.flatMap((role) => people[role] ?? []);
  for (let tries = 0; tries < 60; tries += 1) {
    await workspace.client.wait(60_000);
    const counts = await Promise.all(readers.map(async (person) => (await briefings(person)).length));
    if (counts.every((count) => count === 1)) return;
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  throw new Error('the first briefings did not come');
}

async function goTo(now: string): Promise<void> {
  await workspace.client.clock({ now });
  await workspace.client.wait(120_000);
}

describe('the morning', () => {
  it('brings every reader one briefing at eight, by Slack and mail, and none again that day or after a restart', async () => {
    await goTo('2026-11-24T08:00:30-08:00');
    for (const person of READERS.flatMap((role) => people[role] ?? [])) {
      expect([person.user.name, (await briefings(person)).length]).toEqual([person.user.name, 2]);
      expect([person.user.name, (await mails(person)).length]).toEqual([person.user.name, 2]);
    }
    for (const role of ['viewer', 'guest']) {
      expect(await briefings(personOf(people, role))).toEqual([]);
      expect(await mails(personOf(people, role))).toEqual([]);
    }
    await workspace.client.kill();
    await workspace.client.wait(60_000);
    await goTo('2026-11-24T19:00:00-08:00');
    for (const role of READERS) expect(await briefings(personOf(people, role))).toHaveLength(2);
    expect((await workspace.client.effects()).length).toBe(0);
  }, 120_000);

  it('comes by Slack though the mail server fails, and the mail follows once it works', async () => {
    const finance = personOf(people, 'finance');
    await workspace.client.fault({ system: 'mail', kind: 'http_500', count: 100 });
    await goTo('2026-11-24T08:00:05-08:00');
    expect(await briefings(finance)).toHaveLength(2);
    expect(await mails(finance)).toHaveLength(1);
    await workspace.client.clearFaults();
    await goTo('2026-11-24T08:20:00-08:00');
    expect(await briefings(finance)).toHaveLength(2);
    expect(await mails(finance)).toHaveLength(2);
  }, 120_000);

  it('loses no mail twice: one whose answer was lost is not sent again', async () => {
    await workspace.client.fault({ system: 'mail', kind: 'drop_response', count: 3 });
    await goTo('2026-11-24T08:30:00-08:00');
    for (const role of READERS) expect((await mails(personOf(people, role))).length).toBeLessThanOrEqual(2);
    for (const role of READERS) expect(await briefings(personOf(people, role))).toHaveLength(2);
  }, 120_000);
});

describe('a briefing of one’s own', () => {
  it('is moved by saying so, and comes then and not at eight', async () => {
    const finance = personOf(people, 'finance', 1);
    expect(await (await finance.ask('move my briefing to 7:30')).answer()).toContain(
      'Nov 24, 2026, 07:30 PST',
    );
    await goTo('2026-11-24T07:31:00-08:00');
    expect(await briefings(finance)).toHaveLength(2);
    await goTo('2026-11-24T09:00:00-08:00');
    expect(await briefings(finance)).toHaveLength(2);
  }, 120_000);

  it('made by hand does not use up the one of the day, and a thread under it is answered', async () => {
    const founder = personOf(people, 'founder');
    await founder.ask('send me my briefing now');
    expect(await briefings(founder)).toHaveLength(2);
    await goTo('2026-11-24T08:00:30-08:00');
    const all = await briefings(founder);
    expect(all).toHaveLength(3);
    const thread = await founder.ask('show the failed payments', all.at(-1)?.ts);
    expect(await thread.answer()).toMatch(/failed payments/);
  }, 120_000);

  it('is decided from, and does not look alive afterwards', async () => {
    const [asker, decider] = [personOf(people, 'finance', 0), personOf(people, 'finance', 1)];
    await asker.ask("refund Acme's last payment");
    await goTo('2026-11-24T08:00:30-08:00');
    const channel = await dmOf(decider);
    const newest = async () => (await briefings(decider)).at(-1);
    const message = await newest();
    if (!message) throw new Error('no briefing');
    expect(message.plain).toContain('1 request waits for your decision.');
    await decider.press('approval.approve', { channel, message });
    const effects = (await workspace.client.effects()).filter(({ kind }) => kind === 'refund.created');
    expect(effects).toHaveLength(1);
    const after = await newest();
    expect(JSON.stringify(after?.blocks)).not.toContain('approval.approve');
    expect(after?.plain).toContain('approved and done');
  }, 120_000);
});

describe('the day the clocks go forward', () => {
  // The days they go back are in tests/integration/mornings.test.ts.
  it('has it at eight by the wall clock', async () => {
    await workspace.client.reset({ now: '2027-03-13T20:00:00-08:00' });
    people = peopleOf(workspace.client, await workspace.client.state());
    await firstBriefings();
    const analyst = personOf(people, 'analyst');
    await goTo('2027-03-14T07:59:00-07:00');
    expect(await briefings(analyst)).toHaveLength(1);
    await goTo('2027-03-14T08:00:30-07:00');
    expect(await briefings(analyst)).toHaveLength(2);
  }, 120_000);
});
