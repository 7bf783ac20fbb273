import type { WebClient } from '@slack/web-api';
import type { Answer, RunTurn } from '../agent/turn.ts';
import type { Place, Principal } from '../domain/types.ts';
import { SystemError, UserError } from '../lib/errors.ts';
import type { Logger } from '../lib/logger.ts';
import type { PendingWork } from '../lib/pending-work.ts';
import type { Poster } from './delivery/poster.ts';
import { TurnStream } from './delivery/turn-stream.ts';

const TURN_LIMIT_MS = 3.5 * 60 * 1000;

export interface IncomingText {
  /** The same text from the same person at the same time is the same turn. */
  turnId: string;
  principal: Principal;
  place: Place;
  text: string;
}

/** Runs turns, each answered once and stoppable; `runTurn` keeps those of one thread in order. */
export interface Conversation {
  handle(incoming: IncomingText): Promise<void>;
  /** Runs a turn and gives its answer back instead of posting it; cards still go to their place. */
  answerPrivately(incoming: IncomingText): Promise<Answer>;
  stop(place: { channelId: string; threadTs: string }): void;
}

export function createConversation(parts: {
  runTurn: RunTurn;
  client: WebClient;
  poster: Poster;
  pending: PendingWork;
  logger: Logger;
  simulated: boolean;
}): Conversation {
  const running = new Map<string, Set<AbortController>>();

  async function run(incoming: IncomingText, onStep: (stream: StepEvent) => void): Promise<Answer> {
    const key = threadKey(incoming.place);
    const controller = new AbortController();
    const controllers = running.get(key) ?? new Set();
    running.set(key, controllers.add(controller));
    const signal = AbortSignal.any([controller.signal, AbortSignal.timeout(TURN_LIMIT_MS)]);
    let answer: Answer | null = null;
    let proposals = 0;
    try {
      for await (const event of parts.runTurn({ ...incoming, signal })) {
        if (event.type === 'step') onStep(event);
        else if (event.type === 'answer') answer = event.answer;
        else if (event.type === 'proposal') proposals += 1;
      }
    } catch (error) {
      answer = controller.signal.aborted ? stoppedAnswer(proposals) : failureAnswer(error, parts.logger);
    } finally {
      controllers.delete(controller);
      if (controllers.size === 0) running.delete(key);
    }
    return answer ?? failureAnswer(new Error('the turn ended without an answer'), parts.logger);
  }

  return {
    handle: (incoming) =>
      parts.pending.track(async () => {
        const { turnId, place, principal } = incoming;
        const stream = new TurnStream(parts, {
          turnId,
          place,
          userId: principal.userId,
          simulated: parts.simulated,
        });
        if (!(await stream.begin())) return;
        const answer = await run(incoming, (step) => stream.step(step));
        await stream.finish(answer);
      }),
    answerPrivately: (incoming) => parts.pending.track(() => run(incoming, () => undefined)),
    stop: (place) => {
      for (const controller of running.get(threadKey(place)) ?? []) controller.abort();
    },
  };
}

type StepEvent = Extract<Parameters<TurnStream['step']>[0], { type: 'step' }>;

function threadKey(place: { channelId: string; threadTs: string }): string {
  return `${place.channelId}:${place.threadTs}`;
}

function stoppedAnswer(proposals: number): Answer {
  const text =
    proposals === 0
      ? 'Stopped. Nothing was changed.'
      : 'Stopped. The proposal I had already made still waits for a decision; nothing was changed.';
  return { text, exhibits: [], receipts: [], choices: [], referenceId: null, mode: 'stopped' };
}

/** Nothing raw ever reaches a person: a sentence they can act on, or a reference id. */
export function failureAnswer(error: unknown, logger: Logger): Answer {
  const base = { exhibits: [], receipts: [], mode: 'error' };
  if (error instanceof UserError) {
    const text = [error.message, error.hint].filter(Boolean).join(' ');
    return { ...base, text, choices: [...error.choices], referenceId: null };
  }
  const known =
    error instanceof SystemError ? error : new SystemError('internal', String(error), { cause: error });
  logger.error({ err: error, referenceId: known.referenceId }, 'a turn failed');
  return {
    ...base,
    text: 'Something went wrong on my side and I could not finish this. Nothing was changed. Please try again; if it stays, tell whoever looks after me the reference below.',
    choices: [],
    referenceId: known.referenceId,
  };
}
