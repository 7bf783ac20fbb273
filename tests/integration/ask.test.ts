import { beforeAll, describe, expect, it } from 'vitest';
import { figuresIn, shows } from '../../evals/figures.ts';
import type { SandboxState } from '../../sandbox/client.ts';
import type { Launched } from '../../sandbox/launch.ts';
import { newWorkspace, type Person, peopleOf, personOf } from './workspace.ts';

let workspace: Launched;
let state: SandboxState;
let people: Record<string, Person[]>;

beforeAll(async () => {
  workspace = await newWorkspace();
  state = await workspace.client.state();
  people = peopleOf(workspace.client, state);
}, 90_000);

async function expectShows(answer: string, query: string, parameters: Record<string, string> = {}) {
  const truth = await workspace.client.truth(query, parameters);
  const figures = figuresIn(answer);
  expect(
    figures.some((figure) => shows(figure, truth)),
    `${query}=${truth.value} in: ${answer}`,
  ).toBe(true);
}

describe('asking', () => {
  it("answers how's MRR with the true number, as of when, and a receipt that re-runs", async () => {
    const thread = await personOf(people, 'finance').ask("how's MRR?");
    const answer = await thread.answer();
    await expectShows(answer, 'mrr');
    expect(answer).toMatch(/as of/i);
    const card = await thread.card('receipt.show');
    const opened = await thread.person.press('receipt.show', card);
    expect(opened.opened_view_id).toBeTruthy();
    const { modals } = await workspace.client.views(thread.person.id);
    const text = JSON.stringify(modals.at(-1));
    expect(text).toMatch(/Why this number/);
    expect(text).toMatch(/Stripe|stripe/);
    expect(text).toMatch(/Still the same/);
  });

  it('shows its steps while it works, and nothing is left streaming', async () => {
    const thread = await personOf(people, 'analyst').ask('how many api calls did we serve yesterday?');
    const replies = await thread.replies();
    expect(replies.some((message) => JSON.stringify(message).includes('complete'))).toBe(true);
    expect(replies.every((message) => !message.streaming)).toBe(true);
  });

  it("lists who hasn't paid us", async () => {
    const answer = await (await personOf(people, 'finance').ask("who hasn't paid us?")).answer();
    const overdue = await workspace.client.pick('customer', 'overdue');
    expect(answer).toContain(String(overdue.name));
  });

  it('compares revenue last month with the month before', async () => {
    const answer = await (
      await personOf(people, 'founder').ask('revenue last month vs the month before')
    ).answer();
    await expectShows(answer, 'revenue_gross', { period: '2026-10-01T07:00:00Z/2026-11-01T07:00:00Z' });
    await expectShows(answer, 'revenue_gross', { period: '2026-09-01T07:00:00Z/2026-10-01T07:00:00Z' });
  });

  it('follows up in the thread without a mention', async () => {
    // Somebody who lives in the company's time zone, so that their October is the company's.
    const finance = personOf(people, 'founder');
    const channel = state.channels.find((each) => each.name === 'finance');
    const thread = await finance.askIn(channel?.id ?? '', '@Psi revenue last month');
    await expectShows(await thread.answer(), 'revenue_gross', {
      period: '2026-10-01T07:00:00Z/2026-11-01T07:00:00Z',
    });
    await finance.askIn(thread.channel, 'and the month before', thread.ts);
    await expectShows(await thread.answer(), 'revenue_gross', {
      period: '2026-09-01T07:00:00Z/2026-10-01T07:00:00Z',
    });
  });

  it('offers both names when a customer is ambiguous, and answers the one picked', async () => {
    const ambiguous = await workspace.client.pick('customer', 'ambiguous');
    const thread = await personOf(people, 'success').ask(`tell me about ${ambiguous.short}`);
    const card = await thread.card('choice.pick');
    await thread.person.press('choice.pick', card);
    const answer = await thread.answer();
    expect(answer).toMatch(/You picked/);
  });

  it('says so when it does not know a customer, without inventing one', async () => {
    const nobody = await workspace.client.pick('customer', 'nobody');
    const answer = await (await personOf(people, 'success').ask(`how is ${nobody.name} doing?`)).answer();
    expect(answer).toMatch(/no customer|not find|don't know|do not know|could not find/i);
  });

  it('refuses a quarter that does not exist', async () => {
    const answer = await (await personOf(people, 'finance').ask('revenue in Q5')).answer();
    expect(answer).toMatch(/Q5/);
    expect(answer).toMatch(/quarter|Q1|Q4/);
  });

  it('tells nothing internal to a guest, nor in a channel a guest can read', async () => {
    const guest = personOf(people, 'guest');
    const truth = await workspace.client.truth('mrr');
    const dm = await (await guest.ask("how's MRR?")).answer();
    expect(figuresIn(dm).some((figure) => shows(figure, truth))).toBe(false);
    const shared = state.channels.find((each) => each.is_ext_shared);
    const founder =
      people.founder?.find((each) => shared?.members.includes(each.id)) ?? personOf(people, 'founder');
    const answer = await (await founder.askIn(shared?.id ?? '', "@Psi how's MRR?")).answer();
    expect(figuresIn(answer).some((figure) => shows(figure, truth))).toBe(false);
    expect(answer).toMatch(/direct message|DM/i);
  });

  it('helps by role: a viewer is not offered refunds', async () => {
    const viewer = await (await personOf(people, 'viewer').ask('help')).answer();
    const finance = await (await personOf(people, 'finance').ask('help')).answer();
    expect(finance).toMatch(/refund/i);
    expect(viewer).not.toMatch(/refund/i);
  });

  it('answers /psi to the asker alone', async () => {
    const finance = personOf(people, 'finance');
    const channel = state.channels.find((each) => each.name === 'finance');
    const { ok, response } = await workspace.client.command({
      user: finance.id,
      channel: channel?.id ?? '',
      command: '/psi',
      text: "how's mrr",
    });
    expect(ok).toBe(true);
    await expectShows(response, 'mrr');
    const doctor = await workspace.client.command({
      user: finance.id,
      channel: channel?.id ?? '',
      command: '/psi',
      text: 'doctor',
    });
    expect(doctor.response).toMatch(/stripe/i);
  });

  it('shows in App Home what waits, the numbers of today and how fresh the sources are', async () => {
    const finance = personOf(people, 'finance');
    await workspace.client.views(finance.id, 'home');
    await workspace.client.wait();
    const { home } = await workspace.client.views(finance.id);
    const text = JSON.stringify(home);
    expect(text).toMatch(/Waiting for you/);
    expect(text).toMatch(/Sources/);
    await expectShows(text, 'mrr');
  });
});

describe('on a bad day', () => {
  const answersOnce = async (question: string) => {
    const thread = await personOf(people, 'founder').ask(question);
    const replies = await thread.replies();
    expect(replies.map((message) => message.plain)).toHaveLength(1);
    await expectShows(await thread.answer(), 'mrr');
  };

  it('answers a duplicated event once', async () => {
    await workspace.client.fault({ system: 'slack', kind: 'duplicate', count: 1 });
    await answersOnce("what's our mrr");
  });

  it.each(['chat.startStream', 'chat.stopStream', 'chat.appendStream'])(
    'answers once when the answer to %s is lost',
    async (method) => {
      await workspace.client.fault({ system: 'slack', kind: 'drop_response', match: method, count: 1 });
      await answersOnce("what's our mrr");
      await workspace.client.clearFaults();
    },
  );

  it.each([
    ['rate_limit', 'chat.startStream'],
    ['rate_limit', 'chat.stopStream'],
    ['http_500', 'chat.startStream'],
    ['stream_expired', 'chat.stopStream'],
  ])('answers once through %s at %s', async (kind, match) => {
    await workspace.client.fault({ system: 'slack', kind, match, count: 1 });
    await answersOnce("what's our mrr");
    await workspace.client.clearFaults();
  });

  it('comes back when Slack drops the connection', async () => {
    await workspace.client.fault({ system: 'slack', kind: 'disconnect', count: 1 });
    await answersOnce("what's our mrr");
  }, 60_000);

  it('says which source is behind when one cannot be reached', async () => {
    await workspace.client.fault({ system: 'psizero', kind: 'http_500', count: 10_000 });
    await workspace.client.clock({ advance: 'PT3H' });
    const answer = await (await personOf(people, 'analyst').ask('api calls today')).answer();
    await workspace.client.clearFaults();
    expect(answer).toMatch(/behind|ends|stale|not been read|data through/i);
  });

  it('finishes after kill -9 what it was asked before', async () => {
    const founder = personOf(people, 'founder');
    await workspace.client.fault({
      system: 'slack',
      kind: 'slow',
      match: 'chat.startStream',
      ms: 1500,
      count: 1,
    });
    const posted = await workspace.client.say({ user: founder.id, dm: true, text: "how's mrr today" });
    await new Promise((resolve) => setTimeout(resolve, 400));
    await workspace.client.kill();
    await workspace.client.wait(60_000);
    const replies = (
      await workspace.client.messages({ channel: posted.channel, thread_ts: posted.ts })
    ).filter((message) => message.is_bot);
    expect(replies).toHaveLength(1);
    await expectShows(replies.map((message) => message.plain).join('\n'), 'mrr');
  }, 90_000);
});
