import { describe, expect, it } from 'vitest';
import { settleWhen } from '../../../src/domain/reports/settle-when.ts';
import { whenIn } from '../../../src/domain/reports/when-words.ts';
import { parseCron } from '../../../src/domain/schedule/cron.ts';
import { describeCron } from '../../../src/domain/schedule/describe-cron.ts';
import { dueBetween, latestDueBetween } from '../../../src/domain/schedule/due.ts';

const tz = 'America/Los_Angeles';
const from = Date.parse('2026-11-22T14:30:00-08:00');
const YEAR = 366 * 86_400_000;
const days = (cron: string, count: number) =>
  dueBetween(cron, tz, from, from + 2 * YEAR, count).map((at) =>
    new Intl.DateTimeFormat('en-CA', {
      timeZone: tz,
      weekday: 'short',
      dateStyle: undefined,
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
    }).format(at),
  );

describe('days that a plain schedule has no word for', () => {
  it.each([
    [
      '0 9 1W * *',
      [
        'Tue, 2026-12-01',
        'Fri, 2027-01-01',
        'Mon, 2027-02-01',
        'Mon, 2027-03-01',
        'Thu, 2027-04-01',
        'Mon, 2027-05-03',
      ],
    ],
    ['0 9 LW * *', ['Mon, 2026-11-30', 'Thu, 2026-12-31', 'Fri, 2027-01-29', 'Fri, 2027-02-26']],
    ['0 9 1W 1,4,7,10 *', ['Fri, 2027-01-01', 'Thu, 2027-04-01', 'Thu, 2027-07-01', 'Fri, 2027-10-01']],
    ['0 9 L 3,6,9,12 *', ['Thu, 2026-12-31', 'Wed, 2027-03-31']],
    ['0 9 * * 1~0', ['Mon, 2026-11-23', 'Mon, 2026-12-07', 'Mon, 2026-12-21', 'Mon, 2027-01-04']],
    ['0 9 * * 1~1', ['Mon, 2026-11-30', 'Mon, 2026-12-14']],
    ['0 9 * * 1,4~1', ['Mon, 2026-11-30', 'Thu, 2026-12-03', 'Mon, 2026-12-14']],
  ])('%s falls on %j', (cron, expected) => {
    expect(days(cron, expected.length)).toEqual(expected);
  });

  it('keeps two weeks between turns over a change of the clocks and of the year', () => {
    const turns = dueBetween('30 8 * * 3~0', tz, from, from + YEAR);
    expect(turns.length).toBe(26);
    for (const [index, at] of turns.slice(1).entries()) {
      const hours = (at - (turns[index] ?? 0)) / 3_600_000;
      expect(Math.abs(hours - 336)).toBeLessThanOrEqual(1);
    }
    expect(latestDueBetween('30 8 * * 3~0', tz, from, from + YEAR)[0]).toBe(turns.at(-1));
  });

  it.each([
    ['0 9 1W 1,4,7,10 *', 'on the first working day of each quarter at 09:00'],
    ['0 9 L 3,6,9,12 *', 'on the last day of each quarter at 09:00'],
    ['0 9 LW * *', 'on the last working day of each month at 09:00'],
    ['0 9 * * 1~0', 'every other Monday at 09:00'],
    ['0 9 1 1,4,7,10 *', 'on the 1st of each quarter at 09:00'],
    ['0 9 1 1,4 *', 'on the 1st of January and April at 09:00'],
  ])('%s reads "%s"', (cron, words) => {
    expect(describeCron(cron)).toBe(words);
  });

  it.each(['0 9 * * 1~2', '0 9 * * 1~0~1', '0 9 2W * *'])('%s is refused', (cron) => {
    expect(() => parseCron(cron)).toThrow();
  });
});

describe('a report by such days', () => {
  const settle = (words: string) => settleWhen(whenIn(words), { timezone: tz, nowAt: from }, (when) => when);

  it('every second week begins with the next such day', () => {
    expect(days(settle('every other monday at 9').cron, 2)).toEqual(['Mon, 2026-11-23', 'Mon, 2026-12-07']);
    expect(days(settle('fortnightly on sundays at 9').cron, 2)).toEqual([
      'Sun, 2026-11-29',
      'Sun, 2026-12-13',
    ]);
  });

  it('says what a working day is', () => {
    expect(settle('on the first working day of the quarter at 8').notes).toContain(
      'Working days are Monday to Friday; holidays are not left out.',
    );
  });

  it.each([
    ['every quarter', 'on the first working day of each quarter at 09:00'],
    ['biweekly', 'every other Monday at 09:00'],
  ])('"%s" is asked which day, and each answer can be kept', (words, first) => {
    let choices: readonly { say: string }[] = [];
    try {
      settle(words);
    } catch (error) {
      choices = Reflect.get(Object(error), 'choices') ?? [];
    }
    expect(choices[0]?.say).toBe(first);
    for (const { say } of choices) expect(settle(say).cron.split(' ')).toHaveLength(5);
  });
});
