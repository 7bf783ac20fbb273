import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DeadTurn } from '../../src/domain/schedule/run.ts';
import { UserError } from '../../src/lib/errors.ts';
import type { ScheduleTurn } from '../../src/schedules/define-schedule.ts';
import { at, holderOf, house, morning, scheduleOf } from './house.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** Writes down each turn it is given. */
function recorder() {
  const log: string[] = [];
  const keys: string[] = [];
  return {
    log,
    keys,
    run: (turn: ScheduleTurn) => {
      log.push(`${turn.subject} ${new Date(turn.dueAt).toISOString().slice(0, 16)}`);
      keys.push(turn.key);
      return 'fine';
    },
  };
}

/** Moves the clock as the simulation does: a stop at every instant something is due. */
async function travel(
  here: ReturnType<typeof house>,
  runner: ReturnType<ReturnType<typeof house>['process']>,
  toAt: number,
): Promise<number[]> {
  const stops: number[] = [];
  await runner.runDue();
  while (here.clock.now() < toAt) {
    const next = await runner.nextDueAt();
    if (next !== null && next <= here.clock.now())
      throw new Error(`stuck at ${new Date(next).toISOString()}`);
    here.clock.set(Math.min(next ?? toAt, toAt));
    stops.push(here.clock.now());
    await runner.runDue();
  }
  return stops;
}

describe('a turn', () => {
  it('is run once when it falls due, and not again', async () => {
    const here = house('2026-11-22T07:59Z');
    const { log, run } = recorder();
    const runner = here.process([scheduleOf(() => [morning('alice', { sinceAt: here.clock.now() })], run)]);
    await runner.runDue();
    expect(log).toEqual([]);
    here.clock.set(at('2026-11-22T08:00Z'));
    await Promise.all([runner.runDue(), runner.runDue()]);
    await runner.runDue();
    expect(log).toEqual(['alice 2026-11-22T08:00']);
    expect(here.rows()[0]).toMatchObject({ state: 'done', attempt: 1, failures: 0, summary: 'fine' });
  });

  it('falls due by the wall clock of its own zone', async () => {
    const here = house('2026-11-22T00:00Z');
    const { log, run } = recorder();
    const sinceAt = here.clock.now();
    const people = [
      morning('berlin', { timezone: 'Europe/Berlin', sinceAt }),
      morning('los angeles', { timezone: 'America/Los_Angeles', sinceAt }),
      morning('kolkata', { timezone: 'Asia/Kolkata', sinceAt }),
    ];
    const runner = here.process([scheduleOf(() => people, run)]);
    await travel(here, runner, at('2026-11-23T00:00Z'));
    expect(log).toEqual([
      'kolkata 2026-11-22T02:30',
      'berlin 2026-11-22T07:00',
      'los angeles 2026-11-22T16:00',
    ]);
  });

  it('counts from the first look where nothing says since when', async () => {
    const here = house('2026-11-22T12:00Z');
    const { log, run } = recorder();
    const schedules = [scheduleOf(() => [morning('psi', { sinceAt: null })], run)];
    await here.process(schedules).runDue();
    expect(log).toEqual([]);
    here.clock.advance(DAY);
    await here.process(schedules).runDue();
    expect(log).toEqual(['psi 2026-11-23T08:00']);
  });

  it('is not due for a time that was chosen after it had passed', async () => {
    const here = house('2026-11-22T08:00Z');
    const { log, run } = recorder();
    let occasion = morning('alice');
    const runner = here.process([scheduleOf(() => [occasion], run)]);
    await runner.runDue();
    here.clock.set(at('2026-11-22T10:00Z'));
    occasion = { ...occasion, cron: '0 9 * * *', sinceAt: here.clock.now() };
    await travel(here, runner, at('2026-11-23T12:00Z'));
    expect(log).toEqual(['alice 2026-11-22T08:00', 'alice 2026-11-23T09:00']);
  });

  it('is not run twice by a clock that steps back', async () => {
    const here = house('2026-11-22T08:00Z');
    const { log, run } = recorder();
    const runner = here.process([scheduleOf(() => [morning('alice')], run)]);
    await runner.runDue();
    for (const back of ['2026-11-22T07:59Z', '2026-11-20T00:00Z', '2026-11-22T08:00Z']) {
      here.clock.set(at(back));
      await runner.runDue();
    }
    expect(log).toHaveLength(1);
    expect(await runner.nextDueAt()).toBe(at('2026-11-23T08:00Z'));
  });

  it('of one schedule that cannot be told leaves the others alone', async () => {
    const here = house('2026-11-22T08:00Z');
    const { log, run } = recorder();
    const broken = scheduleOf(() => {
      throw new Error('the directory is away');
    }, run);
    const nonsense = scheduleOf(() => [morning('eve', { cron: '99 8 * * *' }), morning('bob')], run, {
      name: 'b',
    });
    const runner = here.process([broken, nonsense]);
    await runner.runDue();
    expect(log).toEqual(['bob 2026-11-22T08:00']);
    expect(await runner.nextDueAt()).toBe(at('2026-11-23T08:00Z'));
  });

  it('runs beside at most three others, in the order of the due instants', async () => {
    const here = house('2026-11-22T09:00Z');
    let now = 0;
    let most = 0;
    const order: string[] = [];
    const people = Array.from({ length: 12 }, (_, index) =>
      morning(`p${index}`, { cron: `${59 - index} 8 * * *` }),
    );
    const slow = async ({ subject }: ScheduleTurn) => {
      order.push(subject);
      now += 1;
      most = Math.max(most, now);
      await new Promise((resolve) => setTimeout(resolve, 5));
      now -= 1;
      return 'done';
    };
    await here.process([scheduleOf(() => people, slow)]).runDue();
    expect(most).toBe(4);
    expect(order).toEqual(people.map((person) => person.subject).reverse());
  });
});

describe('after downtime', () => {
  it('the newest missed turn is run and the older ones are written down as skipped', async () => {
    const here = house('2026-11-19T08:00Z');
    const { log, run } = recorder();
    const schedules = [scheduleOf(() => [morning('alice')], run)];
    await here.process(schedules).runDue();
    here.clock.set(at('2026-11-22T10:00Z'));
    await here.process(schedules, { holder: holderOf('b') }).runDue();
    expect(log).toEqual(['alice 2026-11-19T08:00', 'alice 2026-11-22T08:00']);
    expect(here.told()).toEqual([
      'alice 2026-11-19 08:00 done',
      'alice 2026-11-20 08:00 skipped',
      'alice 2026-11-21 08:00 skipped',
      'alice 2026-11-22 08:00 done',
    ]);
    expect(here.rows()[1]?.summary).toMatch(/missed while psi was not running/i);
  });

  it('a schedule that does not catch up skips them all, but not the one of just now', async () => {
    const here = house('2026-11-19T08:00Z');
    const { log, run } = recorder();
    const schedules = [scheduleOf(() => [morning('alice')], run, { catchUp: 'none' })];
    await here.process(schedules).runDue();
    here.clock.set(at('2026-11-21T10:00Z'));
    await here.process(schedules).runDue();
    here.clock.set(at('2026-11-22T08:04Z'));
    await here.process(schedules).runDue();
    expect(log).toEqual(['alice 2026-11-19T08:00', 'alice 2026-11-22T08:00']);
    expect(here.told().filter((line) => line.endsWith('skipped'))).toHaveLength(2);
  });

  it('a first start runs the last turn that was due, and misses none', async () => {
    const here = house('2026-11-22T10:00Z');
    const { log, run } = recorder();
    await here.process([scheduleOf(() => [morning('alice')], run)]).runDue();
    expect(log).toEqual(['alice 2026-11-22T08:00']);
    expect(here.rows()).toHaveLength(1);
  });

  it('a schedule of every minute does not fill the ledger with a year of misses', async () => {
    const here = house('2026-01-01T00:00Z');
    const { log, run } = recorder();
    const schedules = [
      scheduleOf(() => [morning('psi', { cron: '* * * * *', sinceAt: here.clock.now() })], run),
    ];
    const first = here.process(schedules);
    await first.runDue();
    here.clock.advance(365 * DAY);
    await first.runDue();
    expect(log).toHaveLength(2);
    expect(here.rows().length).toBeLessThan(60);
  });
});

describe('a turn that fails', () => {
  const failing = (times: number, error: () => unknown = () => new Error('secret detail')) => {
    const seen: { attempt: number; key: string }[] = [];
    return {
      seen,
      run: async ({ attempt, key }: ScheduleTurn) => {
        seen.push({ attempt, key });
        if (seen.length <= times) throw error();
        return 'at last';
      },
    };
  };

  it('is tried again, later each time, with the same key, and the clock stops for each attempt', async () => {
    const here = house('2026-11-22T08:00Z');
    const { seen, run } = failing(2);
    const runner = here.process([scheduleOf(() => [morning('alice')], run)]);
    const stops = await travel(here, runner, at('2026-11-22T12:00Z'));
    expect(stops.slice(0, 2)).toEqual([at('2026-11-22T08:00:30Z'), at('2026-11-22T08:01:30Z')]);
    expect(seen.map(({ attempt }) => attempt)).toEqual([1, 2, 3]);
    expect(new Set(seen.map(({ key }) => key))).toEqual(new Set(['test:alice:2026-11-22T08:00:00.000Z']));
    expect(here.rows()[0]).toMatchObject({ state: 'done', summary: 'at last', error: null, failures: 2 });
  });

  it('is written off after its last attempt, and people are told once', async () => {
    const here = house('2026-11-22T08:00Z');
    const { seen, run } = failing(99);
    const schedules = [scheduleOf(() => [morning('alice')], run)];
    const runner = here.process(schedules);
    const told: DeadTurn[] = [];
    runner.onDead(async (dead) => {
      told.push(dead);
    });
    await travel(here, runner, at('2026-11-22T12:00Z'));
    const again = here.process(schedules);
    again.onDead(async (dead) => {
      told.push(dead);
    });
    await again.runDue();
    expect(seen).toHaveLength(3);
    expect(told).toHaveLength(1);
    expect(told[0]).toMatchObject({
      run: { state: 'dead', failures: 3, error: 'Something went wrong on our side.', subjectName: null },
      teamId: 'T1',
      nextDueAt: at('2026-11-23T08:00Z'),
    });
    expect(told[0]?.run.referenceId).toMatch(/^ref-/);
    expect(JSON.stringify(here.rows())).not.toContain('secret detail');
    await travel(here, runner, at('2026-11-23T08:00Z'));
    expect(seen).toHaveLength(4);
  });

  it('is told of again when telling failed', async () => {
    const here = house('2026-11-22T08:00Z');
    const runner = here.process([
      scheduleOf(() => [morning('alice')], failing(99).run, { retry: { attempts: 1, firstDelayMs: 1 } }),
    ]);
    let tries = 0;
    runner.onDead(async () => {
      tries += 1;
      if (tries === 1) throw new Error('Slack is away');
    });
    const stops = await travel(here, runner, at('2026-11-22T12:00Z'));
    expect(tries).toBe(2);
    expect(stops[0]).toBe(at('2026-11-22T08:01Z'));
  });

  it('says why in the words of an error that was meant for people', async () => {
    const here = house('2026-11-22T08:00Z');
    const { run } = failing(1, () => new UserError('not_connected', 'Stripe is not connected.'));
    await here.process([scheduleOf(() => [morning('alice')], run)]).runDue();
    expect(here.rows()[0]).toMatchObject({ state: 'waiting', error: 'Stripe is not connected.' });
  });

  it('by taking too long is stopped by its signal, and said to have', async () => {
    const here = house('2026-11-22T08:00Z');
    let stopped = false;
    const hang = (turn: ScheduleTurn) =>
      new Promise<string>(() => {
        turn.signal.addEventListener('abort', () => {
          stopped = true;
        });
      });
    await here.process([scheduleOf(() => [morning('alice')], hang, { timeoutMs: 20 })]).runDue();
    expect(stopped).toBe(true);
    expect(here.rows()[0]).toMatchObject({ state: 'waiting', error: 'It took longer than 0 s.' });
  });

  it.each([
    ['wait', ['alice 08:00', 'alice 08:00', 'alice 08:01'], 'done'],
    ['skip', ['alice 08:00', 'alice 08:00'], 'skipped'],
  ] as const)('holds up the next one of its subject under "%s"', async (overlap, expected, state) => {
    const here = house('2026-11-22T08:00Z');
    const log: string[] = [];
    const minutely = morning('alice', { cron: '0,1 8 * * *' });
    const run = ({ subject, dueAt }: ScheduleTurn) => {
      log.push(`${subject} ${new Date(dueAt).toISOString().slice(11, 16)}`);
      if (log.length === 1) throw new Error('once');
      return 'fine';
    };
    const schedule = scheduleOf(() => [minutely], run, {
      overlap,
      retry: { attempts: 3, firstDelayMs: 600_000 },
    });
    await travel(here, here.process([schedule]), at('2026-11-22T09:00Z'));
    expect(log).toEqual(expected);
    expect(here.rows()[1]?.state).toBe(state);
  });
});

describe('two processes on one store', () => {
  it('run each turn once, whoever looks first', async () => {
    const here = house('2026-11-22T08:00Z');
    const { log, run } = recorder();
    const people = Array.from({ length: 10 }, (_, index) => morning(`p${index}`));
    const schedules = [
      scheduleOf(
        () => people,
        async (turn) => {
          await new Promise((resolve) => setTimeout(resolve, 2));
          return run(turn);
        },
      ),
    ];
    await Promise.all(
      ['a', 'b', 'c'].map((name) => here.process(schedules, { holder: holderOf(name) }).runDue()),
    );
    expect(log.sort()).toEqual(people.map(({ subject }) => `${subject} 2026-11-22T08:00`).sort());
  });

  it('one takes over when the lease of the other is over, and the other can no longer write', async () => {
    const here = house('2026-11-22T08:00Z');
    const holds: ((summary: string) => void)[] = [];
    const schedules = [
      scheduleOf(
        () => [morning('alice')],
        () => new Promise<string>((resolve) => holds.push(resolve)),
        {
          timeoutMs: 60_000,
        },
      ),
    ];
    const first = here.process(schedules, { holder: holderOf('a') }).runDue();
    await expect.poll(() => holds.length).toBe(1);
    const other = here.process(schedules, { holder: holderOf('b') });
    here.clock.advance(59_000);
    await other.runDue();
    expect(holds).toHaveLength(1);
    expect(await other.nextDueAt()).toBe(at('2026-11-22T08:01Z'));
    here.clock.advance(1_000);
    const second = other.runDue();
    await expect.poll(() => holds.length).toBe(2);
    holds[0]?.('from the one that lost it');
    await first;
    expect(here.rows()[0]).toMatchObject({ state: 'running', holder: 'b', fence: 2 });
    holds[1]?.('from the one that has it');
    await second;
    expect(here.rows()[0]).toMatchObject({ state: 'done', summary: 'from the one that has it' });
  });

  it('one takes over at once when the other is certainly gone', async () => {
    const here = house('2026-11-22T08:00Z');
    const dead = new Set<string>();
    const log: string[] = [];
    const schedules = (name: string) => [
      scheduleOf(
        () => [morning('alice')],
        () => {
          log.push(name);
          return name === 'a' ? new Promise<string>(() => undefined) : 'fine';
        },
      ),
    ];
    void here.process(schedules('a'), { holder: holderOf('a') }).runDue();
    await expect.poll(() => log).toEqual(['a']);
    const other = here.process(schedules('b'), { holder: holderOf('b', dead) });
    await other.runDue();
    expect(log).toEqual(['a']);
    dead.add('a');
    await other.runDue();
    expect(log).toEqual(['a', 'b']);
  });

  it('a turn that ends every process it is run in is written off', async () => {
    const here = house('2026-11-22T08:00Z');
    let begun = 0;
    const gone = new Set<string>();
    const schedules = [
      scheduleOf(
        () => [morning('alice')],
        () => {
          begun += 1;
          return new Promise<string>(() => undefined);
        },
      ),
    ];
    for (let life = 1; life <= 12 && here.rows()[0]?.state !== 'dead'; life += 1) {
      const before = begun;
      const runner = here.process(schedules, { holder: holderOf(`life ${life}`, gone) });
      const looked = runner.runDue();
      await Promise.race([looked, expect.poll(() => begun).toBeGreaterThan(before)]);
      gone.add(`life ${life}`);
    }
    expect(here.rows()[0]).toMatchObject({
      state: 'dead',
      error: 'The process ended 5 times while this ran.',
    });
    expect(begun).toBe(5);
  });
});

describe('a stop', () => {
  it('waits a moment, then gives back what still runs, as if it had not been begun', async () => {
    const here = house('2026-11-22T08:00Z');
    const schedules = (run: () => Promise<string>) => [scheduleOf(() => [morning('alice')], run)];
    const runner = here.process(schedules(() => new Promise(() => undefined)));
    const looked = runner.runDue();
    await expect.poll(() => here.rows()[0]?.state).toBe('running');
    await runner.stop();
    await looked;
    expect(here.rows()[0]).toMatchObject({ state: 'due', attempt: 0, failures: 0, holder: null });
    await here.process(schedules(async () => 'fine')).runDue();
    expect(here.rows()[0]).toMatchObject({ state: 'done', attempt: 1 });
  });
});

describe('over any jumps of the clock, failures and restarts', () => {
  it('each turn ends once, the newest of those that were due always runs, and none comes before its time', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.oneof(
            fc.record({ kind: fc.constant('jump' as const), hours: fc.integer({ min: -30, max: 80 }) }),
            fc.record({ kind: fc.constant('travel' as const), hours: fc.integer({ min: 1, max: 60 }) }),
            fc.record({ kind: fc.constant('restart' as const) }),
            fc.record({ kind: fc.constant('fail' as const), times: fc.integer({ min: 1, max: 2 }) }),
          ),
          { minLength: 1, maxLength: 12 },
        ),
        async (steps) => {
          const here = house('2026-03-01T12:00Z');
          const sinceAt = here.clock.now();
          const ended = new Map<string, number>();
          let failures = 0;
          const people = ['America/Los_Angeles', 'Europe/Berlin'].map((timezone) =>
            morning(timezone, { timezone, sinceAt }),
          );
          const schedules = [
            scheduleOf(
              () => people,
              ({ key, dueAt }) => {
                if (dueAt > here.clock.now()) throw new Error('before its time');
                if (failures > 0) {
                  failures -= 1;
                  throw new Error('no');
                }
                ended.set(key, (ended.get(key) ?? 0) + 1);
                return 'fine';
              },
              { retry: { attempts: 99, firstDelayMs: 60_000 } },
            ),
          ];
          let runner = here.process(schedules);
          for (const step of steps) {
            if (step.kind === 'jump') here.clock.advance(step.hours * HOUR);
            else if (step.kind === 'travel') await travel(here, runner, here.clock.now() + step.hours * HOUR);
            else if (step.kind === 'restart') runner = here.process(schedules, { holder: holderOf('next') });
            else failures = step.times;
            await runner.runDue();
          }
          failures = 0;
          const latest = Math.max(sinceAt, here.clock.now(), ...here.rows().map((row) => row.dueAt));
          await travel(here, runner, latest + 2 * DAY);
          const rows = here.rows();
          expect([...ended.values()].every((times) => times === 1)).toBe(true);
          expect(rows.filter((row) => row.state === 'done')).toHaveLength(ended.size);
          expect(rows.every((row) => row.state === 'done' || row.state === 'skipped')).toBe(true);
          for (const person of people)
            expect(rows.filter((row) => row.subject === person.subject).at(-1)?.state).toBe('done');
        },
      ),
      { numRuns: 25 },
    );
  });
});
