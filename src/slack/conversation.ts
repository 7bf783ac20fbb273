import type { WebClient } from '@slack/web-api';
import type { Answer, RunTurn } from '../agent/turn.ts';
import type { Place, Principal } from '../domain/types.ts';
import { SystemError } from '../lib/errors.ts';
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
  clientFor: (teamId: string) => WebClient;
  poster: Poster;
  pending: PendingWork;
  logger: Logger;
  simulated: boolean;
}): Conversation {
  const running = new Map<string, Set<AbortController>>();

  async function run(incoming: IncomingText, onStep: TurnStream['step']): Promise<Answer> {
    const key = threadKey(incoming.place);
    const controller = new AbortController();
    const controllers = running.get(key) ?? new Set();
    running.set(key, controllers.add(controller));
    const signal = AbortSignal.any([controller.signal, AbortSignal.timeout(TURN_LIMIT_MS)]);
    let answer: Answer | null = null;
    try {
      for await (const event of parts.runTurn({ ...incoming, signal })) {
        if (event.type === 'step') onStep(event);
        else if (event.type === 'answer') answer = event.answer;
      }
    } catch (error) {
      answer = failureAnswer(error, parts.logger);
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
        const stream = new TurnStream(
          { ...parts, client: parts.clientFor(place.teamId) },
          {
            turnId,
            place,
            userId: principal.userId,
            simulated: parts.simulated,
          },
        );
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

function threadKey(place: { channelId: string; threadTs: string }): string {
  return `${place.channelId}:${place.threadTs}`;
}

/** `runTurn` answers for its own failures; should it break all the same, a person still gets a reference id. */
function failureAnswer(cause: unknown, logger: Logger): Answer {
  const { referenceId } = new SystemError('internal', 'a turn broke off', { cause });
  logger.error({ err: cause, referenceId }, 'a turn broke off');
  return {
    text: 'Something went wrong on my side and I could not finish this. Nothing was changed. Please try again; if it stays, tell whoever looks after me the reference below.',
    exhibits: [],
    receipts: [],
    choices: [],
    referenceId,
    mode: 'error',
  };
}
