import type { Principal } from '../domain/types.ts';
import { SystemError, UserError } from '../lib/errors.ts';
import type { SkillRunRow } from '../store/skill-runs.ts';
import { awaited } from './awaited.ts';
import type { AnyStep, Skill, StepOutcome, StepResults } from './define-skill.ts';
import type { EngineDeps } from './engine.ts';
import { buildRunGraph, type Position } from './run-graph.ts';
import { keepLease, writeAsHolder } from './run-lease.ts';
import { inputOf, starterOf, waitsOf } from './run-rows.ts';
import { LeaseLost, RunStopped, runWithin, stepContext } from './step-context.ts';

const RESPONSE_TIMEOUT_MS = 3 * 86_400_000;

/**
 * Works on a run that was claimed until it parks or ends, and writes down which. Never rejects: what goes wrong
 * ends the run, except that a run another process took over is left to it.
 */
export async function drive(deps: EngineDeps, run: SkillRunRow, controller: AbortController): Promise<void> {
  const letGo = keepLease(deps, run, (error) => controller.abort(error));
  try {
    const skill = knownSkill(deps, run);
    const end = await advance(deps, run, skill, controller.signal);
    if (end !== null) await finish(deps, run, { state: 'done', summary: skill.summarize(end) });
  } catch (error) {
    await settleError(deps, run, controller.signal.aborted ? controller.signal.reason : error);
  } finally {
    letGo();
  }
}

/** Throws when this version of Psi does not know the skill, or the step the run is at. */
export function knownSkill(deps: Pick<EngineDeps, 'skills'>, run: SkillRunRow): Skill {
  const skill = deps.skills.find((candidate) => candidate.name === run.skill);
  if (skill === undefined) {
    throw new UserError('unsupported', `This version of Psi has no skill called ${run.skill}.`);
  }
  if (run.step !== null && !skill.steps.some((step) => step.name === run.step)) {
    throw new UserError(
      'unsupported',
      `The run was at the step ${run.step}, which ${run.skill} does not have in this version of Psi.`,
    );
  }
  return skill;
}

/** What the steps came to; null when the run has parked. */
async function advance(
  deps: EngineDeps,
  run: SkillRunRow,
  skill: Skill,
  signal: AbortSignal,
): Promise<StepResults | null> {
  const said: { words: string | null } = { words: run.summary };
  const work = async (step: AnyStep, done: StepResults, waitIsOver: boolean) => {
    await writeAsHolder(deps, run, { step: step.name });
    const outcome = await runStep(deps, run, step, { done, waitIsOver, signal });
    if (outcome.kind === 'park') said.words = outcome.words ?? null;
    deps.failpoint('skill.step_done');
    return outcome;
  };
  const thread = deps.checkpoints.adopt(run.id, run.fence);
  const graph = buildRunGraph(skill, deps.checkpoints.saver, thread, work);
  let answered: string | null = null;
  for (let position = await graph.position(); ; position = await graph.position()) {
    signal.throwIfAborted();
    if (position.at === 'end') return complete(skill, position.done);
    let waitIsOver = false;
    if (position.at === 'waiting') {
      const wait = await waitOf(deps, run, skill, position);
      if (wait.open > 0 && !wait.over) {
        await park(deps, run, position.approvalIds, wait, said.words);
        return null;
      }
      const asked = String(position.approvalIds);
      if (asked === answered) throw new SystemError('internal', 'a step waits for what has settled');
      answered = asked;
      waitIsOver = wait.over;
      deps.failpoint('skill.resumed');
    }
    await graph.advance(position, waitIsOver);
  }
}

/** A node that was renamed while a run stood before it ends the graph without a word: it is noticed here. */
function complete(skill: Skill, done: StepResults): StepResults {
  const missing = skill.steps.find((step) => done[step.name] === undefined);
  if (missing === undefined) return done;
  throw new UserError(
    'unsupported',
    `The run ended before the step ${missing.name}: its steps have other names in this version of Psi.`,
  );
}

async function runStep(
  deps: EngineDeps,
  run: SkillRunRow,
  step: AnyStep,
  about: { done: StepResults; waitIsOver: boolean; signal: AbortSignal },
): Promise<StepOutcome> {
  const principal = await startersRights(deps, run);
  const input = parsedInput(deps, run);
  const outcome = await runWithin(step, about.signal, (signal) =>
    step.run(input, stepContext(deps, run, { ...about, step: step.name, principal, signal })),
  );
  if (outcome.kind === 'park' && about.waitIsOver) {
    throw new UserError('conflict', 'Nobody decided in the time there was, so it was not waited for again.');
  }
  return outcome;
}

/** The starter as they are now. Throws when they have left, or have lost the right meanwhile. */
async function startersRights(deps: EngineDeps, run: SkillRunRow): Promise<Principal> {
  const starter = starterOf(run);
  const now = await deps.starterNow(starter);
  const skill = knownSkill(deps, run);
  if (now === null || !deps.scopesOf(now).includes(skill.scope)) {
    throw new UserError('not_allowed', `${starter.name} started it and has no right to it any more.`);
  }
  return now;
}

function parsedInput(deps: EngineDeps, run: SkillRunRow): { [key: string]: unknown } {
  const parsed = knownSkill(deps, run).input.safeParse(inputOf(run));
  if (!parsed.success) {
    throw new UserError(
      'unsupported',
      `What ${run.skill} was started with does not fit this version of Psi.`,
    );
  }
  return parsed.data;
}

interface Wait {
  open: number;
  over: boolean;
  until: number;
  lookAt: number;
}

async function waitOf(
  deps: EngineDeps,
  run: SkillRunRow,
  skill: Skill,
  { approvalIds }: Extract<Position, { at: 'waiting' }>,
): Promise<Wait> {
  const now = deps.clock.now();
  const { open, doubtful, lookAt } = await awaited(deps.house().door, approvalIds, now);
  const same = run.wait_until !== null && String(waitsOf(run)) === String(approvalIds);
  const until =
    same && run.wait_until !== null ? run.wait_until : now + (skill.responseTimeoutMs ?? RESPONSE_TIMEOUT_MS);
  return { open, over: open > 0 ? now >= until : doubtful, until, lookAt: Math.min(until, lookAt ?? until) };
}

async function park(
  deps: EngineDeps,
  run: SkillRunRow,
  approvalIds: readonly string[],
  wait: Wait,
  words: string | null,
): Promise<void> {
  await writeAsHolder(deps, run, {
    state: 'parked',
    waits: JSON.stringify(approvalIds),
    wait_until: wait.until,
    look_at: wait.lookAt,
    summary:
      words ?? `Waits for ${approvalIds.length === 1 ? 'a decision' : `${approvalIds.length} decisions`}.`,
    tells: 1,
    owner: null,
    leased_until: null,
  });
  deps.failpoint('skill.parked');
}

async function finish(
  deps: EngineDeps,
  run: SkillRunRow,
  end: { state: 'done' | 'failed' | 'stopped'; summary: string; referenceId?: string },
): Promise<void> {
  const { state, summary, referenceId = null } = end;
  await writeAsHolder(deps, run, {
    state,
    summary,
    reference_id: referenceId,
    waits: null,
    wait_until: null,
    look_at: null,
    owner: null,
    leased_until: null,
    ended_at: deps.clock.now(),
  });
  // A run that failed may be started again by its key, and goes on where it failed.
  if (state === 'done') deps.checkpoints.forget(run.id);
}

async function settleError(deps: EngineDeps, run: SkillRunRow, error: unknown): Promise<void> {
  if (error instanceof LeaseLost) {
    deps.logger.warn({ run: run.id, skill: run.skill }, 'a skill run went on in another process');
    return;
  }
  try {
    await finish(deps, run, endOf(deps, run, error));
  } catch (failure) {
    if (failure instanceof LeaseLost) return;
    // The lease lapses, and the run goes on from its checkpoint.
    deps.logger.error({ err: failure, run: run.id }, 'the end of a skill run could not be written down');
  }
}

function endOf(deps: EngineDeps, run: SkillRunRow, error: unknown) {
  if (error instanceof RunStopped) return { state: 'stopped' as const, summary: error.message };
  if (error instanceof UserError) {
    if (error.code === 'unsupported') deps.logger.error({ err: error, run: run.id }, 'a skill run is lost');
    return { state: 'failed' as const, summary: [error.message, error.hint].filter(Boolean).join(' ') };
  }
  const known =
    error instanceof SystemError ? error : new SystemError('internal', 'a step failed', { cause: error });
  const { referenceId } = known;
  deps.logger.error({ err: error, referenceId, run: run.id, skill: run.skill }, 'a skill run failed');
  const what =
    known.code === 'timeout' ? 'A step took too long and was stopped.' : 'Something went wrong on our side.';
  return { state: 'failed' as const, summary: `${what} Reference: ${referenceId}`, referenceId };
}
