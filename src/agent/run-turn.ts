import { spoken } from '../domain/language/find-skill.ts';
import { buildLexicon } from '../domain/language/lexicon.ts';
import { METRICS } from '../domain/metrics/index.ts';
import { SystemError } from '../lib/errors.ts';
import { toolsFor } from '../tools/scopes.ts';
import { EventQueue } from './event-queue.ts';
import { buildGraph } from './graph.ts';
import { readMemory } from './memory.ts';
import type { AgentDeps, TurnRuntime } from './runtime.ts';
import type { Answer, RunTurn, TurnEvent, TurnRequest } from './turn.ts';

const MAX_STEPS = 40;

/** The one way to ask Psi something: `for await (const event of runTurn(request))`. Never throws. */
export function createRunTurn(deps: AgentDeps): RunTurn {
  const runtimes = new Map<string, TurnRuntime>();
  const lexicon = buildLexicon(
    deps.tools.flatMap((tool) => tool.examples.map((example) => example.say)),
    [...METRICS.flatMap((metric) => metric.synonyms), ...deps.skills.skills().flatMap(spoken)],
  );
  const graph = buildGraph({
    deps,
    runtimeOf(turnId) {
      const runtime = runtimes.get(turnId);
      if (!runtime) throw new SystemError('internal', 'the turn is not running');
      return runtime;
    },
  });
  const inThread = oneAtATime();

  async function work(request: TurnRequest, emit: (event: TurnEvent) => void): Promise<void> {
    if (await replay(deps, request, emit)) return;
    const permitted = toolsFor(deps.tools, request.principal, deps.scopesOf);
    const model = deps.models.current();
    runtimes.set(request.turnId, {
      request,
      permitted,
      model,
      lexicon,
      read: null,
      offered: [],
      offeredFor: null,
      ownWords: [],
      previous: [],
      usage: { calls: 0, inputTokens: 0, outputTokens: 0 },
      emit,
    });
    try {
      await graph.invoke(emptyState(request.turnId), { signal: request.signal, recursionLimit: MAX_STEPS });
    } finally {
      runtimes.delete(request.turnId);
    }
  }

  return async function* runTurn(request) {
    const events = new EventQueue<TurnEvent>();
    const thread = `${request.place.teamId} ${request.place.channelId} ${request.place.threadTs}`;
    const running = inThread(thread, () => work(request, (event) => events.push(event)))
      .catch((error: unknown) => events.push({ type: 'answer', answer: apology(error, request, deps) }))
      .finally(() => events.close());
    yield* events;
    await running;
  };
}

/** A turn that already proposed something is told again, not done again. */
async function replay(
  deps: AgentDeps,
  request: TurnRequest,
  emit: (event: TurnEvent) => void,
): Promise<boolean> {
  const memory = readMemory(await deps.transcript.find(request.turnId, 'assistant'));
  if (!memory || memory.proposals.length === 0) return false;
  for (const approvalId of memory.proposals) emit({ type: 'proposal', approvalId });
  const answer = {
    text: memory.text,
    exhibits: [],
    receipts: [],
    choices: [],
    referenceId: null,
    mode: 'rules',
  };
  emit({ type: 'answer', answer });
  return true;
}

function apology(error: unknown, request: TurnRequest, deps: AgentDeps): Answer {
  const empty = { exhibits: [], receipts: [], choices: [], mode: 'rules' };
  if (request.signal.aborted) return { ...empty, text: 'Stopped. Nothing was changed.', referenceId: null };
  const failure =
    error instanceof SystemError ? error : new SystemError('internal', 'a turn failed', { cause: error });
  deps.logger.error({ err: error, referenceId: failure.referenceId, turnId: request.turnId }, 'turn failed');
  const text = `Something went wrong on our side, and nothing was changed. Reference: ${failure.referenceId}`;
  return { ...empty, text, referenceId: failure.referenceId };
}

/** Turns of one thread follow each other: the second reads what the first said. */
function oneAtATime() {
  const tails = new Map<string, Promise<void>>();
  return async (key: string, work: () => Promise<void>): Promise<void> => {
    const before = tails.get(key) ?? Promise.resolve();
    const mine = before.then(work, work);
    tails.set(key, mine);
    try {
      await mine;
    } finally {
      if (tails.get(key) === mine) tails.delete(key);
    }
  };
}

function emptyState(turnId: string) {
  return {
    turnId,
    utterance: null,
    messages: [],
    requested: [],
    admitted: [],
    records: [],
    rounds: 0,
    draft: '',
    choices: [],
    offers: [],
    interpretation: null,
    mode: 'rules',
    corrected: false,
    trouble: null,
    notice: null,
  };
}
