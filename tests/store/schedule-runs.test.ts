import { describe, expect, it } from 'vitest';
import type { ScheduleRun } from '../../src/domain/schedule/run.ts';
import { openStore } from '../../src/store/open-store.ts';
import { type Claimant, createRunLedger } from '../../src/store/schedule-runs.ts';

const turn = { schedule: 's', subject: 'a', dueAt: 1_000 };

function setUp() {
  const ledger = createRunLedger(openStore(':memory:'));
  const claimant = (more: Partial<Claimant> = {}): Claimant => ({
    nowAt: 1_000,
    holder: 'first',
    leaseUntil: 2_000,
    schedules: ['s'],
    isMine: () => false,
    isGone: () => false,
    ...more,
  });
  const claim = async (more: Partial<Claimant> = {}): Promise<ScheduleRun> => {
    const run = await ledger.claim(claimant(more));
    if (run === null) throw new Error('nothing to claim');
    return run;
  };
  return { ledger, claimant, claim };
}

describe('the ledger of turns', () => {
  it('keeps a turn as it is, however often it is planned', async () => {
    const { ledger, claim } = setUp();
    await ledger.plan([{ ...turn, state: 'due', summary: null }], 'wait');
    const run = await claim();
    await ledger.finish(run, { summary: 'fine', nowAt: 1_500 });
    await ledger.plan([{ ...turn, state: 'due', summary: null }], 'wait');
    await ledger.plan([{ ...turn, state: 'skipped', summary: 'missed' }], 'wait');
    expect(
      ledger.claimable({
        ...run,
        nowAt: 9e9,
        holder: 'x',
        leaseUntil: 9e9,
        schedules: ['s'],
        isMine: () => false,
        isGone: () => true,
      }),
    ).toBe(0);
    expect(ledger.latestDueAt('s', 'a')).toBe(1_000);
  });

  it('gives a turn to one of those who claim it at the same time', async () => {
    const { ledger, claimant } = setUp();
    await ledger.plan([{ ...turn, state: 'due', summary: null }], 'wait');
    const claims = await Promise.all(['a', 'b', 'c'].map((holder) => ledger.claim(claimant({ holder }))));
    expect(claims.filter((run) => run !== null)).toHaveLength(1);
  });

  it.each<[string, (ledger: ReturnType<typeof createRunLedger>, run: ScheduleRun) => Promise<boolean>]>([
    ['renew its lease', (ledger, run) => ledger.renew(run, 9_000)],
    ['write a result', (ledger, run) => ledger.finish(run, { summary: 'late', nowAt: 3_000 })],
    [
      'write a failure',
      (ledger, run) =>
        ledger.fail(run, { error: 'late', referenceId: 'ref-x', nextAttemptAt: null, nowAt: 3_000 }),
    ],
    ['give the turn back', (ledger, run) => ledger.release(run)],
  ])('lets no holder whose turn was taken over %s', async (_what, write) => {
    const { ledger, claim } = setUp();
    await ledger.plan([{ ...turn, state: 'due', summary: null }], 'wait');
    const lost = await claim();
    const taken = await claim({ nowAt: 2_000, holder: 'second', leaseUntil: 4_000 });
    expect(taken.fence).toBeGreaterThan(lost.fence);
    expect(await write(ledger, lost)).toBe(false);
    expect(await ledger.finish(taken, { summary: 'mine', nowAt: 3_000 })).toBe(true);
    expect(await write(ledger, taken)).toBe(false);
  });

  it('gives a turn that is held to nobody before its lease is over', async () => {
    const { ledger, claim, claimant } = setUp();
    await ledger.plan([{ ...turn, state: 'due', summary: null }], 'wait');
    const run = await claim();
    expect(await ledger.claim(claimant({ nowAt: 1_999 }))).toBeNull();
    expect(await ledger.renew(run, 5_000)).toBe(true);
    expect(await ledger.claim(claimant({ nowAt: 4_999 }))).toBeNull();
    expect(await ledger.claim(claimant({ nowAt: 5_000, isMine: () => true }))).toBeNull();
    expect((await ledger.claim(claimant({ nowAt: 5_000 })))?.attempt).toBe(2);
  });

  it('leaves the turns of schedules it was not asked for alone', async () => {
    const { ledger, claimant } = setUp();
    await ledger.plan([{ ...turn, state: 'due', summary: null }], 'wait');
    expect(await ledger.claim(claimant({ schedules: ['other'] }))).toBeNull();
    expect(await ledger.claim(claimant({ schedules: [] }))).toBeNull();
    expect(ledger.nextWakeAt(['other'], () => false, true)).toBeNull();
  });

  it('lets one process at a time tell of a dead turn, and another when that came to nothing', async () => {
    const { ledger, claim } = setUp();
    await ledger.plan([{ ...turn, state: 'due', summary: null }], 'wait');
    await ledger.fail(await claim(), {
      error: 'no',
      referenceId: 'ref-x',
      nextAttemptAt: null,
      nowAt: 1_500,
    });
    expect(ledger.untold(['s'], 1_500)).toHaveLength(1);
    expect(await Promise.all([1, 2].map(() => ledger.beginTelling(turn, 1_500, 60_000)))).toEqual([
      true,
      false,
    ]);
    expect(ledger.nextWakeAt(['s'], () => false, true)).toBe(60_000);
    expect(await ledger.beginTelling(turn, 60_000, 120_000)).toBe(true);
    await ledger.told(turn, 60_001);
    expect(ledger.untold(['s'], 9e9)).toEqual([]);
    expect(ledger.nextWakeAt(['s'], () => false, true)).toBeNull();
  });
});
