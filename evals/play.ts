import { type Launched, launch } from '../sandbox/launch.ts';
import { tools } from '../src/tools/index.ts';
import { type EvalCase, InvalidCase, onlyAsks } from './cases.ts';
import { type CaseResult, notPlayed, type RunResult } from './results.ts';
import { runCase, type Transcript } from './run-case.ts';
import { figuresShown, plainOf, scoreCase } from './score.ts';
import type { PlacedCase } from './splits.ts';

export interface PlayOptions {
  /** How often each case is played. */
  runs: number;
  /** How many workspaces stand side by side. */
  workers: number;
  /** What the workspaces are started with: the model, where one is configured. */
  env: Record<string, string>;
  onResult(result: CaseResult): void;
}

/** A world that was only asked is asked on, but not for so long that its day goes by. */
const LONGEST_MS = 8 * 60_000;
const READY_WITHIN_MS = 120_000;

/**
 * Plays every case `runs` times over several workspaces and answers the results in the order of the cases, with the
 * mode the bot ran in. Cases that change a world come last, each begins in a world nobody has changed.
 */
export async function play(
  placed: readonly PlacedCase[],
  options: PlayOptions,
): Promise<{ results: CaseResult[]; mode: string }> {
  const waiting = [...placed].sort((a, b) => Number(onlyAsks(b.testCase)) - Number(onlyAsks(a.testCase)));
  const done = new Map<string, CaseResult>();
  const modes: string[] = [];
  const rooms = new Set<Room>();
  async function work(): Promise<void> {
    const room = new Room(options.env);
    rooms.add(room);
    try {
      for (let next = take(waiting, room.now); next; next = take(waiting, room.now)) {
        const result = await playCase(next, room, options.runs);
        done.set(result.id, result);
        options.onResult(result);
      }
      modes.push(room.mode);
    } finally {
      await room.close();
    }
  }
  const leave = () => void Promise.all([...rooms].map((room) => room.close())).then(() => process.exit(130));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, leave);
  const count = Math.max(1, Math.min(options.workers, placed.length));
  const ended = await Promise.allSettled(Array.from({ length: count }, work));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, leave);
  for (const outcome of ended) if (outcome.status === 'rejected') throw outcome.reason;
  return {
    results: placed.flatMap(({ testCase }) => done.get(testCase.id) ?? []),
    mode: modes.find((mode) => mode !== '') ?? 'rules',
  };
}

/** The next case, one of the day the workspace is in where there is one: no world has to be made for it. */
function take(waiting: PlacedCase[], now: string | null): PlacedCase | undefined {
  const first = waiting[0];
  const fitting = waiting.findIndex(
    ({ testCase }) => testCase.now === now && first && onlyAsks(testCase) === onlyAsks(first.testCase),
  );
  return waiting.splice(Math.max(0, fitting), 1)[0];
}

async function playCase({ testCase, split }: PlacedCase, room: Room, runs: number): Promise<CaseResult> {
  const result: CaseResult = { id: testCase.id, area: testCase.area, split, runs: [] };
  while (result.runs.length < runs) result.runs.push(await playOnce(testCase, room));
  return result;
}

async function playOnce(testCase: EvalCase, room: Room): Promise<RunResult> {
  try {
    const workspace = await room.ready(testCase.now);
    const seen = await runCase(testCase, workspace.client, workspace.dataDir);
    if (leftTraces(testCase, seen)) room.spoil();
    return {
      ...scoreCase(seen),
      invalid: null,
      answered: seen.answered,
      figures: figuresShown(seen),
      said: plainOf(seen),
      steps: seen.steps,
      calls: [...seen.calls, ...seen.refused],
      truths: seen.truths.map(({ query, truth }) => ({ query, value: truth.value, unit: truth.unit })),
      effects: seen.effects.map(({ kind, customer, amount_minor, currency }) => ({
        ...{ kind, customer, amount_minor, currency },
      })),
      ms: seen.ms,
      answers: seen.answers,
      usage: seen.usage,
    };
  } catch (error) {
    if (!room.everReady) throw error;
    // Nothing was said yet to a case that is invalid, but its setup may have happened.
    if (!(error instanceof InvalidCase) || testCase.setup.length > 0) room.spoil();
    return notPlayed(error instanceof InvalidCase ? { invalid: error.message } : { fail: String(error) });
  }
}

const CHANGING: ReadonlySet<string> = new Set(
  tools.filter((tool) => tool.effect !== 'read').map((tool) => tool.name),
);

/** Something remains in the workspace that a later case could stumble over. */
function leftTraces(testCase: EvalCase, seen: Transcript): boolean {
  return (
    !onlyAsks(testCase) ||
    seen.carded ||
    seen.effects.length > 0 ||
    seen.calls.some(({ tool }) => CHANGING.has(tool))
  );
}

/** One workspace at a time: launched when first needed, reset when it has been changed, and made anew when it broke. */
class Room {
  #workspace: Launched | null = null;
  #clean = false;
  #madeAt = 0;
  /** The instant its world began at. */
  now: string | null = null;
  mode = '';

  constructor(private readonly env: Record<string, string>) {}

  /** The workspace, in a world of `now` that nobody has changed. */
  async ready(now: string): Promise<Launched> {
    const fresh = this.#clean && this.now === now && performance.now() - this.#madeAt < LONGEST_MS;
    if (this.#workspace && fresh) return this.#workspace;
    const workspace = (await this.#reset(now)) ?? (await this.#launch(now));
    this.#clean = true;
    this.#madeAt = performance.now();
    this.now = now;
    return workspace;
  }

  /** False where no workspace ever came up: then nothing can be played at all. */
  get everReady(): boolean {
    return this.mode !== '';
  }

  spoil(): void {
    this.#clean = false;
  }

  async close(): Promise<void> {
    const workspace = this.#workspace;
    this.#workspace = null;
    await workspace?.stop();
  }

  async #reset(now: string): Promise<Launched | null> {
    if (!this.#workspace) return null;
    try {
      await this.#workspace.client.reset({ now });
      // Waiting before anything is done lets the sandbox keep this beginning for the next reset.
      await this.#workspace.client.wait(60_000);
      return this.#workspace;
    } catch {
      await this.close();
      return null;
    }
  }

  async #launch(now: string): Promise<Launched> {
    const workspace = await launch({
      env: { ...this.env, SANDBOX_NOW: now },
      timeoutMs: READY_WITHIN_MS,
    });
    this.#workspace = workspace;
    this.mode = workspace.mode;
    return workspace;
  }
}
