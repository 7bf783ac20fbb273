import { describe, expect, it } from 'vitest';
import { parseCron } from '../../../src/domain/schedule/cron.ts';
import { describeCron } from '../../../src/domain/schedule/describe-cron.ts';
import { UserError } from '../../../src/lib/errors.ts';

describe('a schedule of five fields', () => {
  it.each<[string, Partial<ReturnType<typeof parseCron>>]>([
    ['0 8 * * *', { minutes: [0], hours: [8], anyDayOfMonth: true, anyDayOfWeek: true }],
    ['5,35 9-11 * * *', { minutes: [5, 35], hours: [9, 10, 11] }],
    ['*/20 * * * *', { minutes: [0, 20, 40] }],
    ['5/20 0-12/6 * * *', { minutes: [5, 25, 45], hours: [0, 6, 12] }],
    ['0 0 * JAN,jul-Sep *', { months: [1, 7, 8, 9] }],
    ['0 0 * * mon-fri', { daysOfWeek: [1, 2, 3, 4, 5], anyDayOfWeek: false }],
    ['0 0 * * fri-sun', { daysOfWeek: [0, 5, 6] }],
    ['0 0 * * 7', { daysOfWeek: [0] }],
    ['0 0 * * 5-7', { daysOfWeek: [0, 5, 6] }],
    ['0 0 L * *', { daysOfMonth: [], lastDayOfMonth: true }],
    ['0 0 15,l * *', { daysOfMonth: [15], lastDayOfMonth: true }],
    ['  0\t8  * * *  ', { minutes: [0], hours: [8] }],
  ])('reads %s', (text, expected) => {
    expect(parseCron(text)).toMatchObject(expected);
  });

  it.each<[string, RegExp]>([
    ['', /no fields; it needs five/],
    ['0 8 * *', /4 fields/],
    ['0 0 8 * * *', /6 fields/],
    ['60 8 * * *', /minute "60" is not between 0 and 59/],
    ['0 24 * * *', /hour "24"/],
    ['0 8 0 * *', /day of month "0"/],
    ['0 8 * 13 *', /month "13"/],
    ['0 8 * foo *', /month "foo" is not between 1 and 12 or a name/],
    ['0 8 * * 8', /day of week "8"/],
    ['0 8 * * fri-mon', /day of week "fri-mon" runs backwards/],
    ['*/0 8 * * *', /minute "\*\/0"/],
    ['*/60 8 * * *', /step above 59/],
    ['1-2-3 8 * * *', /minute "1-2-3" is not a range/],
    ['*/2/3 8 * * *', /more than one step/],
    ['1, 8 * * *', /four|4 fields|minute ""/],
    ['-5 8 * * *', /minute "-5"/],
    ['1.5 8 * * *', /minute "1.5"/],
    ['0 8 30 2 *', /day of month "30" never comes in month "2"/],
    ['0 8 31 4,6 *', /never comes/],
    ['@daily', /1 fields/],
  ])('refuses %s and names the field at fault', (text, message) => {
    expect(() => parseCron(text)).toThrow(UserError);
    expect(() => parseCron(text)).toThrow(message);
  });

  it.each([
    ['0 8 * * *', 'every day at 08:00'],
    ['30 3 * * *', 'every day at 03:30'],
    ['0 9,17 * * 1-5', 'weekdays at 09:00 and 17:00'],
    ['0 9 * * mon', 'Mondays at 09:00'],
    ['0 9 * * sat,sun', 'weekends at 09:00'],
    ['*/15 * * * *', 'every 15 minutes'],
    ['* * * * *', 'every minute'],
    ['0 * * * *', 'every hour'],
    ['5 * * * *', 'every hour at :05'],
    ['0 * * * mon-fri', 'every hour, weekdays'],
    ['*/15 9-17 * * 1-5', 'every 15 minutes from 09:00 to 17:59, weekdays'],
    ['0 6 1,15 * *', 'on the 1st and 15th of each month at 06:00'],
    ['0 6 L * *', 'on the last day of each month at 06:00'],
    ['0 6 29 2 *', 'on the 29th of February at 06:00'],
    ['0 6 1 * mon', 'on the 1st of each month and Mondays at 06:00'],
    ['0 6 * jun *', 'every day in June at 06:00'],
  ])('says %s in words', (cron, words) => {
    expect(describeCron(cron)).toBe(words);
  });
});
