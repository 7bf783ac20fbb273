import { AsyncResource } from 'node:async_hooks';
import type { Approval } from '../approvals/types.ts';
import type { SkillRunSummary, SkillRuns } from '../domain/ports.ts';
import type { Principal } from '../domain/types.ts';
import { UserError } from '../lib/errors.ts';
import { ledgerTransaction } from '../store/ledger.ts';
import {
  newestSkillRuns,
  readSkillRun,
  type SkillRunRow,
  skillRunsIn,
  takeSkillRun,
  untoldSkillRuns,
  updateSkillRun,
} from '../store/skill-runs.ts';
import { awaited } from './awaited.ts';
import { drive, knownSkill } from './drive.ts';
import type { EngineDeps, ToldEnd } from './engine.ts';
import { claim, isHeld } from './run-lease.ts';
import { inputOf, placeOf, starterOf, summaryOf, waitsOf } from './run-rows.ts';
import { admitRun, type StartRequest } from './start-run.ts';
import { RunStopped, stepContext } from './step-context.ts';

const LOOK_AGAIN_MS = 250;
const KEPT_FAILED_MS = 7 * 86_400_000;

/** Runs of skills, as the surfaces see them beside the port. */
export interface SkillEngine extends SkillRuns {
  /** Once at start: takes up what the process before left running, parked or untold. */
  resumeAll(): Promise<void>;
  /** Resumes whatever this change of an approval sets free. Call it from `door.onChange`. */
  onApproval(approval: Approval): Promise<void>;
  /** Ends a run for good and takes back what it has begun. @throws UserError when this person may not, or it has ended. */
  stop(runId: string, by: Principal): Promise<SkillRunSummary>;
  /** Told once of the end of every run that nobody waited for; a listener that throws is told again after a restart. */
  onEnded(listener: (end: ToldEnd) => Promise<void>): void;
  /** Waits that are over, outcomes that stay unknown, runs whose process is gone. */
  sweep(): Promise<void>;
  /** The next instant at which `sweep` has something to do. */
  nextDueAt(): number | null;
}

export function createSkillRuns(deps: EngineDeps): SkillEngine {
  const { store, clock, pending, logger } = deps;
  const inHand = new Map<string, { controller: AbortController; ended: Promise<unknown> }>();
  // A run that a chat turn starts must not take itself for a part of the turn's graph: its interrupts would end that.
  const apart = new AsyncResource('skill-run');
  const listeners: ((end: ToldEnd) => Promise<void>)[] = [];

  /** Works on it, if it is free. False when it is in another's hands or there is nothing to do. */
  function takeUp(id: string, from: Parameters<typeof claim>[2]): Promise<boolean> {
    return pending.track(async () => {
      const held = inHand.get(id);
      if (held) {
        await held.ended;
        return true;
      }
      const controller = new AbortController();
      const working = workOn(id, from, controller);
      inHand.set(id, { controller, ended: working });
      const begun = await working.finally(() => inHand.delete(id));
      if (begun) await afterWork(id);
      return begun;
    });
  }

  async function workOn(
    id: string,
    from: Parameters<typeof claim>[2],
    controller: AbortController,
  ): Promise<boolean> {
    const row = await claim(deps, id, from);
    if (row !== null) await apart.runInAsyncScope(() => drive(deps, row, controller));
    return row !== null;
  }

  /** What settled between the look before parking and the parking itself. */
  async function afterWork(id: string): Promise<void> {
    if (!store.sqlite.open) return;
    const row = readSkillRun(store, id);
    if (row?.state === 'parked') await resumeIfFree(row);
    else if (row?.ended_at != null) await tell(row);
  }

  async function resumeIfFree(row: SkillRunRow): Promise<void> {
    const now = clock.now();
    const { open } = await awaited(deps.house().door, waitsOf(row), now);
    if (open === 0 || (row.wait_until !== null && now >= row.wait_until)) await takeUp(row.id, ['parked']);
    else await lookLater(row);
  }

  async function lookLater(row: SkillRunRow): Promise<void> {
    const { lookAt } = await awaited(deps.house().door, waitsOf(row), clock.now());
    const next = Math.min(lookAt ?? Number.POSITIVE_INFINITY, row.wait_until ?? Number.POSITIVE_INFINITY);
    const look_at = Number.isFinite(next) ? next : null;
    if (look_at === row.look_at) return;
    await ledgerTransaction(store, () => updateSkillRun(store, row.id, row.fence, { look_at }));
  }

  async function tell(row: SkillRunRow): Promise<void> {
    if (row.tells === 0 || row.told_at !== null || listeners.length === 0) return;
    const end = {
      runId: row.id,
      skill: row.skill,
      place: placeOf(row),
      starter: starterOf(row),
      text: tellingOf(row),
    };
    try {
      for (const listener of listeners) await listener(end);
      await ledgerTransaction(store, () =>
        updateSkillRun(store, row.id, row.fence, { told_at: clock.now() }),
      );
    } catch (error) {
      logger.error({ err: error, run: row.id }, 'the end of a skill run could not be told');
    }
  }

  /** Until it is no longer running, whichever process has it. */
  async function untilSettled(id: string, from: Parameters<typeof claim>[2]): Promise<void> {
    let allowed = from;
    for (;;) {
      const worked = await takeUp(id, allowed);
      const row = readSkillRun(store, id);
      if (worked || row === null || row.state !== 'running') return;
      allowed = [];
      await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
    }
  }

  async function start(request: StartRequest): Promise<SkillRunSummary> {
    const row = await admitRun(deps, request);
    const goesOn = row.state === 'running' || row.state === 'failed' || row.state === 'stopped';
    if (!goesOn || row.stopped_by !== null) return summaryOf(row);
    const stop = () => inHand.get(row.id)?.controller.abort(new RunStopped('Stopped before it was done.'));
    request.signal.throwIfAborted();
    request.signal.addEventListener('abort', stop, { once: true });
    const work = untilSettled(row.id, ['failed', 'stopped']);
    try {
      if (!(await inTime(work, request.waitMs))) {
        work.catch((error: unknown) => logger.error({ err: error, run: row.id }, 'a skill run stopped'));
        await tellItsEnd(row.id);
      }
    } finally {
      request.signal.removeEventListener('abort', stop);
    }
    return summaryOf(readSkillRun(store, row.id) ?? row);
  }

  /** Nobody waits for it any more: its end is told in its place. */
  async function tellItsEnd(id: string): Promise<void> {
    const row = await ledgerTransaction(store, () => {
      const now = readSkillRun(store, id);
      return now !== null && updateSkillRun(store, id, now.fence, { tells: 1 }) ? now : null;
    });
    if (row?.ended_at != null) await tell({ ...row, tells: 1 });
  }

  async function stop(runId: string, by: Principal): Promise<SkillRunSummary> {
    const row = readSkillRun(store, runId);
    if (row === null) throw new UserError('not_found', 'There is no such run.');
    if (starterOf(row).userId !== by.userId && !by.roles.includes('founder')) {
      throw new UserError('not_allowed', 'Only whoever started it, or a founder, may stop it.');
    }
    const stopped = await ledgerTransaction(store, () => {
      const now = readSkillRun(store, runId);
      if (now === null || (now.state !== 'running' && now.state !== 'parked')) return null;
      return takeSkillRun(store, runId, now.fence, {
        state: 'stopped',
        stopped_by: by.userId,
        summary: `Stopped by ${by.name}${now.step === null ? '' : ` at "${titleOf(now)}"`}.`,
        waits: null,
        wait_until: null,
        look_at: null,
        owner: null,
        leased_until: null,
        ended_at: clock.now(),
      });
    });
    if (stopped === null) throw new UserError('conflict', 'It has ended already.');
    const working = inHand.get(runId);
    working?.controller.abort(new RunStopped(`Stopped by ${by.name}.`));
    await working?.ended;
    await pending.track(() => takeBack(stopped));
    deps.checkpoints.forget(runId);
    await deps.audit({
      actor: by.userId,
      action: 'skill.stopped',
      subject: `run:${runId}`,
      details: { skill: row.skill },
    });
    await tell(stopped);
    return summaryOf(readSkillRun(store, runId) ?? stopped);
  }

  /** The steps that had begun, newest first. */
  async function takeBack(run: SkillRunRow): Promise<void> {
    const skill = knownSkill(deps, run);
    const reached = skill.steps.findIndex((step) => step.name === run.step);
    const input = skill.input.parse(inputOf(run));
    const done = await deps.checkpoints.results(run.id);
    for (const step of skill.steps.slice(0, reached + 1).toReversed()) {
      if (step.compensate === undefined) continue;
      const about = { step: step.name, principal: starterOf(run), done, waitIsOver: true };
      try {
        await step.compensate(
          input,
          stepContext(deps, run, { ...about, signal: AbortSignal.timeout(60_000) }),
        );
      } catch (error) {
        logger.error({ err: error, run: run.id, step: step.name }, 'a step could not be taken back');
      }
    }
  }

  const titleOf = (row: SkillRunRow): string =>
    deps.skills.find((skill) => skill.name === row.skill)?.steps.find((step) => step.name === row.step)
      ?.title ??
    row.step ??
    '';

  async function each(
    rows: readonly SkillRunRow[],
    work: (row: SkillRunRow) => Promise<unknown>,
  ): Promise<void> {
    // One run that cannot be read must not keep the others from going on.
    for (const row of rows) {
      await work(row).catch((error: unknown) =>
        logger.error({ err: error, run: row.id }, 'a skill run stopped'),
      );
    }
  }

  return {
    skills: () => deps.cards,
    start,
    stop,
    list: async (filter) => newestSkillRuns(store, filter).map(summaryOf),
    onEnded: (listener) => {
      listeners.push(listener);
    },
    onApproval: async (approval) => {
      if (approval.state === 'pending' || approval.state === 'approved' || approval.state === 'applying')
        return;
      // Not waited for: the door tells its other listeners meanwhile.
      void pending.track(() => each(skillRunsIn(store, ['parked']), resumeIfFree));
    },
    resumeAll: () =>
      pending.track(async () => {
        await each(skillRunsIn(store, ['running']), (row) => takeUp(row.id, []));
        await each(skillRunsIn(store, ['parked']), async (row) => {
          try {
            knownSkill(deps, row);
          } catch {
            // Said now, not in days, when the last answer comes.
            await takeUp(row.id, ['parked']);
            return;
          }
          await resumeIfFree(row);
        });
        await each(untoldSkillRuns(store), tell);
        prune();
      }),
    sweep: () =>
      pending.track(async () => {
        const now = clock.now();
        const due = skillRunsIn(store, ['parked']).filter(
          (row) => row.look_at !== null && row.look_at <= now,
        );
        await each(due, resumeIfFree);
        const left = skillRunsIn(store, ['running']).filter(
          (row) => !inHand.has(row.id) && !isHeld(deps, row),
        );
        await each(left, (row) => takeUp(row.id, []));
      }),
    nextDueAt: () => {
      const parked = skillRunsIn(store, ['parked']).flatMap((row) => row.look_at ?? []);
      const left = skillRunsIn(store, ['running'])
        .filter((row) => !inHand.has(row.id))
        .map((row) => (isHeld(deps, row) ? (row.leased_until ?? clock.now()) : clock.now()));
      const instants = [...parked, ...left];
      return instants.length === 0 ? null : Math.min(...instants);
    },
  };

  /** What is kept of runs that ended long ago, or that the store does not know. */
  function prune(): void {
    for (const id of deps.checkpoints.runIds()) {
      const row = readSkillRun(store, id);
      if (row === null) deps.checkpoints.forget(id);
      else if (row.ended_at !== null && !mayGoOn(row)) deps.checkpoints.forget(id);
    }
  }

  /** It failed or was cut off a while ago at most: whoever started it may start it again by its key. */
  function mayGoOn(row: SkillRunRow): boolean {
    const final = row.state === 'done' || row.stopped_by !== null;
    return !final && (row.ended_at ?? 0) > clock.now() - KEPT_FAILED_MS;
  }
}

function tellingOf(row: SkillRunRow): string {
  if (row.state === 'failed') return `${row.skill} did not get to its end. ${row.summary ?? ''}`.trim();
  return row.summary ?? `${row.skill} is done.`;
}

/** False when the time was over first. */
async function inTime(work: Promise<void>, waitMs: number | undefined): Promise<boolean> {
  if (waitMs === undefined) return work.then(() => true);
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), waitMs);
  });
  try {
    return await Promise.race([work.then(() => true), late]);
  } finally {
    clearTimeout(timer);
  }
}
