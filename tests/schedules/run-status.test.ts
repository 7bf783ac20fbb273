import { describe, expect, it } from 'vitest';
import { UserError } from '../../src/lib/errors.ts';
import type { Occasion, Schedule } from '../../src/schedules/define-schedule.ts';
import { createRunStatus } from '../../src/schedules/run-status.ts';
import { at, house, morning, scheduleOf } from './house.ts';

const priya = async () => ({
  kind: 'user' as const,
  teamId: 'T1',
  userId: 'U1',
  name: 'Priya Raman',
  email: null,
  roles: [],
  tz: 'UTC',
});

function statusOf(schedules: readonly Schedule[], here = house('2026-11-22T08:00Z')) {
  return { here, status: createRunStatus({ schedules, ...here }) };
}

describe('what runs by the clock', () => {
  it.each<[string, Occasion[], string]>([
    [
      'one subject',
      [morning('a', { timezone: 'America/Los_Angeles' })],
      'every day at 08:00 Los Angeles time',
    ],
    [
      'zones of their own',
      [morning('a'), morning('b', { timezone: 'Asia/Kolkata' })],
      'every day at 08:00, each in their own zone',
    ],
    [
      'times of their own',
      [morning('a'), morning('b', { cron: '0 9 * * *' })],
      'at a time of each one’s own',
    ],
    ['nobody', [], 'nobody has it switched on'],
  ])('is said in words for %s', async (_name, occasions, words) => {
    const { status } = statusOf([
      scheduleOf(
        () => occasions,
        () => 'fine',
      ),
    ]);
    expect((await status.next())[0]).toMatchObject({ words, subjects: occasions.length });
  });

  it('has the next due instant and the last outcome', async () => {
    const schedules = [
      scheduleOf(
        () => [morning('a')],
        () => 'sent by mail',
      ),
    ];
    const { here, status } = statusOf(schedules);
    expect((await status.next())[0]).toMatchObject({ last: null, nextDueAt: at('2026-11-23T08:00Z') });
    await here.process(schedules).runDue();
    expect((await status.next())[0]).toMatchObject({
      nextDueAt: at('2026-11-23T08:00Z'),
      last: { state: 'done', summary: 'sent by mail' },
      running: 0,
      dead: [],
    });
  });

  it('names failures with their reason, reference and person, until a week has passed', async () => {
    const fails = () => {
      throw new UserError('not_connected', 'Stripe is not connected.');
    };
    const schedules = [
      scheduleOf(() => [morning('U1')], fails, {
        runAs: priya,
        retry: { attempts: 2, firstDelayMs: 60_000 },
      }),
    ];
    const { here, status } = statusOf(schedules);
    const runner = here.process(schedules);
    await runner.runDue();
    expect((await status.next())[0]?.waiting).toMatchObject([
      { subjectName: 'Priya Raman', error: 'Stripe is not connected.', failures: 1 },
    ]);
    here.clock.advance(60_000);
    await runner.runDue();
    const [dead] = (await status.next())[0]?.dead ?? [];
    expect(dead).toMatchObject({ subjectName: 'Priya Raman', failures: 2 });
    expect(dead?.referenceId).toMatch(/^ref-/);
    here.clock.advance(8 * 86_400_000);
    expect((await status.next())[0]).toMatchObject({ dead: [], last: { state: 'dead' } });
  });

  it('names a turn that runs for longer than one attempt may take', async () => {
    const schedules = [
      scheduleOf(
        () => [morning('U1')],
        () => new Promise<string>(() => undefined),
        {
          runAs: priya,
          timeoutMs: 60_000,
        },
      ),
    ];
    const { here, status } = statusOf(schedules);
    const runner = here.process(schedules);
    void runner.runDue();
    await expect.poll(() => here.rows()[0]?.state).toBe('running');
    expect((await status.next())[0]).toMatchObject({ running: 1, stuck: [] });
    here.clock.advance(71_000);
    expect((await status.next())[0]?.stuck).toMatchObject([{ subjectName: 'Priya Raman' }]);
    await runner.stop();
  });

  it('says so when the times of one cannot be told, and shows the others', async () => {
    const broken = scheduleOf(
      () => {
        throw new Error('the directory is away');
      },
      () => 'fine',
    );
    const fine = scheduleOf(
      () => [morning('a')],
      () => 'fine',
      { name: 'fine' },
    );
    const { status } = statusOf([broken, fine]);
    expect(await status.next()).toMatchObject([
      { problem: 'Its times cannot be told at the moment.' },
      { problem: null },
    ]);
  });
});
