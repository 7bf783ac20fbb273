import { describe, expect, it } from 'vitest';
import { fixedClock } from '../../src/lib/clock.ts';
import { thisProcess } from '../../src/lib/holder.ts';
import { silentLogger } from '../../src/lib/logger.ts';
import { PendingWork } from '../../src/lib/pending-work.ts';
import { approvalSweep } from '../../src/schedules/approval-sweep.ts';
import { defineHeartbeat, type Heartbeat } from '../../src/schedules/define-schedule.ts';
import { createScheduleRunner } from '../../src/schedules/runner.ts';
import { sourceSync } from '../../src/schedules/source-sync.ts';
import { openStore } from '../../src/store/open-store.ts';
import { createRunLedger } from '../../src/store/schedule-runs.ts';

/** Due at each of the given instants, once. */
function scheduled(name: string, instants: number[], clock: { now(): number }, log: string[], folds = false) {
  return defineHeartbeat({
    name,
    foldsMissedTurns: folds,
    nextDueAt: async () => instants[0] ?? null,
    run: async () => {
      await new Promise((resolve) => setTimeout(resolve, 1));
      while (instants[0] !== undefined && instants[0] <= clock.now()) instants.shift();
      log.push(`${name}@${clock.now()}`);
    },
  });
}

function runnerOf(heartbeats: readonly Heartbeat[], clock = fixedClock(0), longestBeatMs = 10_000) {
  return createScheduleRunner({
    heartbeats,
    longestBeatMs,
    schedules: [],
    ledger: createRunLedger(openStore(':memory:')),
    holder: thisProcess(),
    clock,
    pending: new PendingWork(),
    logger: silentLogger,
    random: () => 0.5,
    failpoint: () => undefined,
    teamId: 'T1',
  });
}

describe('the runner of heartbeats', () => {
  it('runs what is due, in the order of the instants, and nothing else', async () => {
    const clock = fixedClock(10);
    const log: string[] = [];
    const runner = runnerOf(
      [
        scheduled('b', [9], clock, log),
        scheduled('later', [11], clock, log),
        scheduled('a', [3], clock, log),
      ],
      clock,
    );
    await runner.runDue();
    expect(log).toEqual(['a@10', 'b@10']);
  });

  it('runs a thing once though it is asked twice at the same time', async () => {
    const clock = fixedClock(10);
    const log: string[] = [];
    const runner = runnerOf([scheduled('a', [3], clock, log)], clock);
    await Promise.all([runner.runDue(), runner.runDue()]);
    expect(log).toEqual(['a@10']);
  });

  it('goes on after a schedule that failed', async () => {
    const clock = fixedClock(10);
    const log: string[] = [];
    const failing = defineHeartbeat({
      name: 'failing',
      foldsMissedTurns: false,
      nextDueAt: async () => 1,
      run: async () => {
        throw new Error('no');
      },
    });
    await runnerOf([failing, scheduled('a', [3], clock, log)], clock).runDue();
    expect(log).toEqual(['a@10']);
  });

  it('goes on after one that cannot tell when it is due, and one that hangs, which beats once', async () => {
    const clock = fixedClock(10);
    const log: string[] = [];
    const never = defineHeartbeat({
      name: 'never',
      foldsMissedTurns: false,
      nextDueAt: async () => {
        throw new Error('no');
      },
      run: async () => undefined,
    });
    const hanging = defineHeartbeat({
      name: 'hanging',
      foldsMissedTurns: true,
      nextDueAt: async () => 1,
      run: () => {
        log.push('hangs');
        return new Promise(() => undefined);
      },
    });
    const runner = runnerOf([never, hanging, scheduled('a', [3, 20], clock, log)], clock, 20);
    await runner.runDue();
    clock.set(20);
    await runner.runDue();
    expect(log).toEqual(['hangs', 'a@10', 'a@20']);
    expect(await runner.nextDueAt()).toBeNull();
  });

  it('names the next instant that must not be jumped over, which polls are not', async () => {
    const clock = fixedClock(0);
    const runner = runnerOf(
      [scheduled('poll', [5], clock, [], true), scheduled('sweep', [70, 90], clock, [])],
      clock,
    );
    expect(await runner.nextDueAt()).toBe(70);
  });

  it('wakes by itself each second while it is started', async () => {
    const clock = fixedClock(10);
    const log: string[] = [];
    const runner = runnerOf([scheduled('a', [3], clock, log)], clock);
    runner.start();
    await expect.poll(() => log, { timeout: 3_000 }).toEqual(['a@10']);
    await runner.stop();
  });
});

describe('the heartbeats', () => {
  it('sync the sources when a poll is due, after webhooks left over', async () => {
    const log: string[] = [];
    const schedule = sourceSync(
      {
        nextPollAt: () => 42,
        poll: async () => {
          log.push('poll');
        },
      },
      {
        takeUp: async () => {
          log.push('takeUp');
        },
      },
    );
    expect(await schedule.nextDueAt()).toBe(42);
    await schedule.run();
    expect(log).toEqual(['takeUp', 'poll']);
  });

  it('sweep approvals when the door says so', async () => {
    let swept = 0;
    const schedule = approvalSweep({
      nextDueAt: async () => 7,
      sweep: async () => {
        swept += 1;
      },
    });
    expect([await schedule.nextDueAt(), schedule.foldsMissedTurns]).toEqual([7, false]);
    await schedule.run();
    expect(swept).toBe(1);
  });
});
