import type { WebClient } from '@slack/web-api';
import type { Answer, RunTurn, TurnRequest } from '../agent/turn.ts';
import type { Place, Principal } from '../domain/types.ts';
import type { Clock } from '../lib/clock.ts';
import { SystemError } from '../lib/errors.ts';
import type { Logger } from '../lib/logger.ts';
import type { PendingWork } from '../lib/pending-work.ts';
import { sleep } from './delivery/call-slack.ts';
import type { Files } from './delivery/files.ts';
import type { Poster } from './delivery/poster.ts';
import { TurnStream } from './delivery/turn-stream.ts';
import { StopMarks } from './stop-marks.ts';
import { plainAnswer, TurnProgress } from './turn-progress.ts';

const TURN_LIMIT_MS = 10 * 60 * 1000;
/** What a stopped turn is given to say how far it came, before its message says that it stopped. */
const STOP_GRACE_MS = 300;

export interface IncomingText {
  /** The same text from the same person at the same time is the same turn. */
  turnId: string;
  principal: Principal;
  place: Place;
  text: string;
  quoted?: TurnRequest['quoted'];
  /** The timestamp of the message: a stop that came after it is meant for it. */
  saidTs?: string;
}

/** Runs turns, each answered once and stoppable; `runTurn` keeps those of one thread in order. */
export interface Conversation {
  handle(incoming: IncomingText): Promise<void>;
  /** Runs a turn and gives its answer back instead of posting it; cards still go to their place. */
  answerPrivately(incoming: IncomingText): Promise<Answer>;
  /**
   * Ends what runs in the thread, and what was said there before `stopTs` and has not begun yet; without a thread,
   * what runs anywhere in the channel.
   * @returns whether anything was running.
   */
  stop(place: { channelId: string; threadTs: string | null }, stopTs: string): boolean;
}

export function createConversation(parts: {
  runTurn: RunTurn;
  clientFor: (teamId: string) => WebClient;
  poster: Poster;
  files: Files;
  clock: Clock;
  pending: PendingWork;
  logger: Logger;
  simulated: boolean;
  keepAnswer(incoming: Pick<IncomingText, 'turnId' | 'place' | 'principal'>, answer: Answer): Promise<void>;
}): Conversation {
  const running = new Map<string, Set<AbortController>>();
  const marks = new StopMarks(parts.clock);

  async function run(incoming: IncomingText, onStep: TurnStream['step']): Promise<Answer> {
    const key = threadKey(incoming.place);
    if (marks.covers(key, incoming.saidTs))
      return plainAnswer(new TurnProgress().whenStopped('asked'), 'rules');
    const controller = new AbortController();
    const controllers = running.get(key) ?? new Set();
    running.set(key, controllers.add(controller));
    try {
      return await stoppable(parts, incoming, controller.signal, onStep);
    } finally {
      controllers.delete(controller);
      if (controllers.size === 0) running.delete(key);
    }
  }

  async function keep(incoming: IncomingText, answer: Answer): Promise<void> {
    await parts.keepAnswer(incoming, answer).catch((error: unknown) => {
      parts.logger.error({ err: error, turnId: incoming.turnId }, 'an answer could not be kept');
    });
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
        // Before it is shown: its buttons are to work from the first moment.
        await keep(incoming, answer);
        await stream.finish(answer);
        await parts.files.attach(turnId, place, answer);
      }),
    answerPrivately: (incoming) =>
      parts.pending.track(async () => {
        const answer = await run(incoming, () => undefined);
        await keep(incoming, answer);
        return answer;
      }),
    stop: (place, stopTs) => {
      const { channelId, threadTs } = place;
      if (threadTs !== null) marks.put(threadKey({ channelId, threadTs }), stopTs);
      const meant = [...running].filter(([key]) =>
        threadTs === null ? key.startsWith(`${channelId}:`) : key === threadKey({ channelId, threadTs }),
      );
      for (const controller of meant.flatMap(([, controllers]) => [...controllers])) controller.abort();
      return meant.length > 0;
    },
  };
}

/** Runs the turn until it has answered or is stopped; then what it had done is the answer, at once. */
async function stoppable(
  parts: { runTurn: RunTurn; logger: Logger },
  incoming: IncomingText,
  stop: AbortSignal,
  onStep: TurnStream['step'],
): Promise<Answer> {
  const limit = AbortSignal.timeout(TURN_LIMIT_MS);
  const signal = AbortSignal.any([stop, limit]);
  const progress = new TurnProgress();
  let answer: Answer | null = null;
  let reported = false;
  const work = (async () => {
    for await (const event of parts.runTurn({ ...incoming, signal })) {
      if (reported) continue;
      progress.note(event);
      if (event.type === 'step') onStep(event);
      else if (event.type === 'answer' && !signal.aborted) answer = event.answer;
    }
  })();
  const stopped = new Promise<void>((resolve) => {
    signal.addEventListener('abort', () => void sleep(STOP_GRACE_MS).then(resolve), { once: true });
  });
  try {
    await Promise.race([work, stopped]);
  } catch (error) {
    return failureAnswer(error, parts.logger);
  } finally {
    reported = true;
    work.catch((error: unknown) => parts.logger.debug({ err: error }, 'a stopped turn ended'));
  }
  if (answer) return answer;
  if (signal.aborted) return plainAnswer(progress.whenStopped(stop.aborted ? 'asked' : 'too_long'), 'rules');
  return failureAnswer(new Error('the turn ended without an answer'), parts.logger);
}

function threadKey(place: { channelId: string; threadTs: string }): string {
  return `${place.channelId}:${place.threadTs}`;
}

/** `runTurn` answers for its own failures; should it break all the same, a person still gets a reference id. */
function failureAnswer(cause: unknown, logger: Logger): Answer {
  const { referenceId } = new SystemError('internal', 'a turn broke off', { cause });
  logger.error({ err: cause, referenceId }, 'a turn broke off');
  return plainAnswer(
    'Something went wrong on my side and I could not finish this. Nothing was changed. Please try again; if it stays, tell whoever looks after me the reference below.',
    'error',
    referenceId,
  );
}
