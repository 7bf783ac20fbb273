import { describe, expect, it } from 'vitest';
import type { Answer, RunTurn, TurnEvent } from '../../src/agent/turn.ts';
import type { Place, Principal } from '../../src/domain/types.ts';
import { fixedClock } from '../../src/lib/clock.ts';
import { silentLogger } from '../../src/lib/logger.ts';
import { PendingWork } from '../../src/lib/pending-work.ts';
import { createConversation } from '../../src/slack/conversation.ts';
import { createDeliveryClient } from '../../src/slack/delivery/call-slack.ts';
import { createPoster } from '../../src/slack/delivery/poster.ts';
import { openStore } from '../../src/store/open-store.ts';

const place: Place = { teamId: 'T1', channelId: 'D1', threadTs: '100.1', kind: 'dm', internalOnly: true };
const principal: Principal = {
  kind: 'user',
  teamId: 'T1',
  userId: 'U1',
  name: 'Ada',
  email: null,
  roles: ['founder'],
  tz: 'UTC',
};
const step = (title: string, status: 'in_progress' | 'complete' | 'error', changes = false): TurnEvent => ({
  type: 'step',
  id: title,
  title,
  status,
  changes,
});
const answer: Answer = {
  text: 'done',
  exhibits: [],
  receipts: [],
  choices: [],
  referenceId: null,
  mode: 'm',
};

/** Tells the given events, then hangs until it is aborted, or for ever. */
function turnThat(events: TurnEvent[], hangs: 'until_aborted' | 'for_ever'): RunTurn {
  return async function* run({ signal }) {
    yield* events;
    await new Promise<void>((resolve) => {
      if (hangs === 'until_aborted') signal.addEventListener('abort', () => resolve());
    });
    yield { type: 'answer', answer: { ...answer, text: 'an apology of the agent' } };
  };
}

function setup(runTurn: RunTurn) {
  const client = createDeliveryClient('xoxb', 'http://127.0.0.1:9/');
  const clock = fixedClock(Date.parse('2026-11-22T12:00:00Z'));
  const { db } = openStore(':memory:');
  return createConversation({
    runTurn,
    clientFor: () => client,
    poster: createPoster({ clientFor: () => client, db, clock, logger: silentLogger }),
    files: { attach: async () => undefined },
    clock,
    pending: new PendingWork(),
    logger: silentLogger,
    simulated: false,
    keepAnswer: async () => undefined,
  });
}

async function stopped(events: TurnEvent[], hangs: 'until_aborted' | 'for_ever' = 'until_aborted') {
  const conversation = setup(turnThat(events, hangs));
  const answering = conversation.answerPrivately({
    turnId: 't',
    principal,
    place,
    text: 'go',
    saidTs: '100.1',
  });
  await new Promise((resolve) => setTimeout(resolve, 20));
  const startedAt = performance.now();
  const wasRunning = [conversation.stop(place, '100.2'), conversation.stop(place, '100.3')];
  const { text } = await answering;
  return { text, wasRunning, took: performance.now() - startedAt };
}

describe('a stopped turn', () => {
  it.each<[string, TurnEvent[], string]>([
    ['before anything', [], 'I stopped. I had not looked anything up yet, and nothing was changed.'],
    [
      'half way',
      [step('Revenue', 'complete'), step('MRR', 'in_progress')],
      'I stopped. Done: Revenue. Not finished: MRR. Nothing was changed.',
    ],
    ['after a failure', [step('Tickets', 'error')], 'I stopped. Did not work: Tickets. Nothing was changed.'],
    [
      'after a proposal',
      [step('Refund', 'complete'), { type: 'proposal', approvalId: 'apr_1' }],
      'I stopped. Done: Refund. Nothing was changed. The proposal I had made still stands: nothing happens unless somebody approves it on its card, and you can reject it there.',
    ],
    [
      'after a setting',
      [step('Briefing at 9', 'complete', true)],
      'I stopped. Done: Briefing at 9. What you had asked me to set is set: Briefing at 9.',
    ],
  ])('says what was done and what was not: %s', async (_when, events, words) => {
    expect((await stopped(events)).text).toBe(words);
  });

  it('answers within a second although its look-up never ends, and a second stop changes nothing', async () => {
    const { text, took, wasRunning } = await stopped([step('MRR', 'in_progress')], 'for_ever');
    expect(text).toBe('I stopped. Not finished: MRR. Nothing was changed.');
    expect(took).toBeLessThan(1000);
    expect(wasRunning).toEqual([true, true]);
  });
});

describe('a stop', () => {
  const quick: RunTurn = async function* run() {
    yield { type: 'answer', answer };
  };
  const ask = (conversation: ReturnType<typeof setup>, saidTs: string) =>
    conversation.answerPrivately({ turnId: saidTs, principal, place, text: 'go', saidTs });

  it('that overtakes its message keeps the turn from beginning, and leaves later ones alone', async () => {
    const conversation = setup(quick);
    expect(conversation.stop(place, '100.5')).toBe(false);
    expect((await ask(conversation, '100.4')).text).toMatch(/^I stopped/);
    expect((await ask(conversation, '100.6')).text).toBe('done');
  });

  it('in one thread leaves others running, and one outside any thread ends them all', async () => {
    const conversation = setup(turnThat([], 'until_aborted'));
    const other = { ...place, threadTs: '200.1' };
    const mine = conversation.answerPrivately({ turnId: 'a', principal, place, text: 'go' });
    const theirs = conversation.answerPrivately({ turnId: 'b', principal, place: other, text: 'go' });
    conversation.stop(place, '300.1');
    expect((await mine).text).toMatch(/^I stopped/);
    expect(conversation.stop({ channelId: 'D1', threadTs: null }, '300.2')).toBe(true);
    expect((await theirs).text).toMatch(/^I stopped/);
    expect(conversation.stop({ channelId: 'D1', threadTs: null }, '300.3')).toBe(false);
  });
});
