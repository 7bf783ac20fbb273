import { afterEach, describe, expect, it } from 'vitest';
import type { Answer, TurnEvent } from '../../src/agent/turn.ts';
import type { Place } from '../../src/domain/types.ts';
import { silentLogger } from '../../src/lib/logger.ts';
import { createDeliveryClient } from '../../src/slack/delivery/call-slack.ts';
import { createPoster } from '../../src/slack/delivery/poster.ts';
import { TurnStream } from '../../src/slack/delivery/turn-stream.ts';
import { openStore } from '../../src/store/open-store.ts';
import { type SlackWorld, startSlack } from '../sandbox/slack/world.ts';

const MAYA = 'U0MAYAOKA01';
const DM = 'D0MAYAOKA01';
const MINUTE = 60_000;
const open: SlackWorld[] = [];

afterEach(async () => {
  for (const world of open.splice(0)) await world.close();
});

/** A turn in Maya's DM, against the simulated Slack and its clock. */
async function setup() {
  const world = await startSlack();
  open.push(world);
  const clock = { now: () => world.world.now() };
  const client = createDeliveryClient('xoxb-test', `${world.origin}/api/`);
  const { db } = openStore(':memory:');
  const poster = createPoster({ clientFor: () => client, db, clock, logger: silentLogger });
  const statuses: string[] = [];
  world.slack.feed.subscribe((change) => {
    if (change.type === 'thread_state') statuses.push(change.thread.sessionStatus);
  });
  const asked = await world.post('/sandbox/messages', { user: MAYA, text: 'go' });
  const threadTs = String(asked.ts);
  const place: Place = { teamId: 'T1', channelId: DM, threadTs, kind: 'dm', internalOnly: true };
  const begin = async () => {
    const turn = { turnId: 'turn1', place, userId: MAYA, simulated: false };
    const stream = new TurnStream({ client, poster, clock, logger: silentLogger }, turn);
    return (await stream.begin()) ? stream : null;
  };
  const stream = await begin();
  if (!stream) throw new Error('a new turn was taken for an old one');
  const replies = async () => (await world.messages(`channel=${DM}&thread_ts=${threadTs}`)).slice(1);
  return {
    stream,
    statuses,
    begin,
    replies,
    fault: (kind: 'stream_expired' | 'rate_limit' | 'http_500' | 'drop_response', match: string) =>
      world.faults.add({ system: 'slack', kind, match, ms: 0, count: 1 }),
    later: (ms: number) => world.world.advanceTo(world.world.now() + ms),
    /** What the far end has seen once everything that was said before is sent. */
    settled: async (condition: () => Promise<boolean>) => {
      const until = performance.now() + 4000;
      while (!(await condition()) && performance.now() < until)
        await new Promise((resolve) => setTimeout(resolve, 15));
    },
  };
}

const step = (id: string, status: 'in_progress' | 'complete'): Extract<TurnEvent, { type: 'step' }> => ({
  type: 'step',
  id,
  title: `Step ${id}`,
  status,
});
const answer: Answer = {
  text: 'The answer.',
  exhibits: [],
  receipts: [],
  choices: [],
  referenceId: null,
  mode: 'm',
};

describe('a turn that outlasts a stream', () => {
  it('goes on below in a new message, with the steps under way', async () => {
    const { stream, replies, later, settled } = await setup();
    stream.step(step('1', 'complete'));
    stream.step(step('2', 'in_progress'));
    await settled(async () => (await replies())[0]?.plain.includes('Step 2') ?? false);
    later(4 * MINUTE + 1000);
    stream.step(step('3', 'in_progress'));
    await settled(async () => (await replies()).length === 2);
    const [first, second] = await replies();
    expect(first).toMatchObject({ streaming: false });
    expect(first?.plain).toMatch(/Continued below/);
    expect(second).toMatchObject({ streaming: true });
    expect(second?.plain).toMatch(/Step 2[\s\S]*Step 3/);
    expect(second?.plain).not.toMatch(/Step 1/);
    await stream.finish(answer);
    const [, done, more] = await replies();
    expect(done?.plain).toMatch(/The answer\./);
    expect(done?.streaming).toBe(false);
    expect(more).toBeUndefined();
  });

  it('turns over as often as it must', async () => {
    const { stream, replies, later, settled } = await setup();
    for (const round of [1, 2, 3]) {
      stream.step(step(String(round), 'in_progress'));
      await settled(async () => (await replies()).length === round);
      later(4 * MINUTE + 1000);
    }
    await stream.finish(answer);
    expect((await replies()).map((message) => /The answer/.test(message.plain))).toEqual([
      false,
      false,
      true,
    ]);
  });

  it('goes on below although Slack had closed the old message by itself', async () => {
    const { stream, replies, later, settled } = await setup();
    stream.step(step('1', 'complete'));
    await settled(async () => (await replies()).length === 1);
    later(6 * MINUTE);
    stream.step(step('2', 'in_progress'));
    await settled(async () => (await replies()).length === 2);
    await stream.finish(answer);
    const [first, second] = await replies();
    expect(first?.plain).toMatch(/Step 1[\s\S]*Continued below/);
    expect(second?.plain).toMatch(/The answer/);
  });

  it('answers in the same message when it was closed just before the end', async () => {
    const { stream, replies, settled, fault } = await setup();
    stream.step(step('1', 'in_progress'));
    await settled(async () => (await replies()).length === 1);
    fault('stream_expired', 'chat.stopStream');
    await stream.finish(answer);
    expect((await replies()).map((message) => message.plain)).toEqual([expect.stringMatching(/The answer/)]);
  });
});

describe('an answer that Slack has rendered', () => {
  it('is not written over when only its confirmation was lost', async () => {
    const { stream, replies, settled, fault } = await setup();
    stream.step(step('1', 'complete'));
    await settled(async () => (await replies()).length === 1);
    fault('drop_response', 'chat.stopStream');
    await stream.finish(answer);
    const [only, another] = await replies();
    expect(another).toBeUndefined();
    expect(only?.plain).toMatch(/Step 1[\s\S]*The answer/);
    expect(only?.edited_ts ?? null).toBeNull();
  });

  it('is not given again when the turn is taken up anew', async () => {
    const { stream, begin, replies } = await setup();
    await stream.finish(answer);
    expect(await begin()).toBeNull();
    expect(await replies()).toHaveLength(1);
  });
});

describe('the session', () => {
  it('is processing while the turn runs, so that Stop shows, and active afterwards', async () => {
    const { stream, statuses, settled } = await setup();
    await settled(async () => statuses.includes('processing'));
    expect(statuses.at(-1)).not.toBe('active');
    await stream.finish(answer);
    expect(statuses).toContain('processing');
    expect(statuses.at(-1)).toBe('active');
  });
});
