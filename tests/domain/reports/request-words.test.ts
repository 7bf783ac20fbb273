import { describe, expect, it } from 'vitest';
import { reportWishIn } from '../../../src/domain/reports/request-words.ts';
import { cronOf, partsOfCron, whenIn } from '../../../src/domain/reports/when-words.ts';

describe('a wish for a report', () => {
  it.each<[string, string, string, string | null]>([
    ['every weekday at 7 drop the numbers in here', 'the numbers', '0 7 * * 1-5', 'here'],
    ['post mrr in #finance every monday 9am', 'mrr', '0 9 * * 1', '#finance'],
    [
      'every month on the 1st at 8 send me churned customers by plan',
      'churned customers by plan',
      '0 8 1 * *',
      'dm',
    ],
    ['send me revenue yesterday daily at 18:00', 'revenue yesterday', '0 18 * * *', 'dm'],
    [
      'mondays and thursdays 9:30 post signups last week here please',
      'signups last week',
      '30 9 * * 1,4',
      'here',
    ],
    ['first of the month at noon send the MRR', 'MRR', '0 12 1 * *', null],
    ['can you send me open tickets each morning at 8?', 'open tickets', '0 8 * * *', 'dm'],
    [
      'please share ARR in #leadership on the last day of every month at 5pm',
      'ARR',
      '0 17 L * *',
      '#leadership',
    ],
    ['send me signups every friday at 7 in the evening', 'signups', '0 19 * * 5', 'dm'],
    ['hourly, post the error rate to #customers', 'error rate', '0 * * * *', '#customers'],
    ['DM me revenue yesterday weekdays at 8.15', 'revenue yesterday', '15 8 * * 1-5', 'dm'],
    ['show me MRR every monday at 9', 'MRR', '0 9 * * 1', 'dm'],
    [
      'post refunds last week to #finance every Mon, Wed and Fri at 10',
      'refunds last week',
      '0 10 * * 1,3,5',
      '#finance',
    ],
    ['post mrr here every other monday at 9', 'mrr', '0 9 * * 1~?', 'here'],
    ['send me signups every two weeks on friday at 8', 'signups', '0 8 * * 5~?', 'dm'],
    ['send me signups fortnightly on mon and thu at 8', 'signups', '0 8 * * 1,4~?', 'dm'],
    ['every second tuesday at 10 post arr in #finance', 'arr', '0 10 * * 2~?', '#finance'],
    ['post ARR here on the first working day of the quarter at 9', 'ARR', '0 9 1W 1,4,7,10 *', 'here'],
    ['send me nrr every quarter on the last day at 17:00', 'nrr', '0 17 L 3,6,9,12 *', 'dm'],
    ['send me nrr at the end of each quarter at 17:00', 'nrr', '0 17 L 3,6,9,12 *', 'dm'],
    [
      'send me refunds last month on the first business day of each month at 9',
      'refunds last month',
      '0 9 1W * *',
      'dm',
    ],
    ['send me mrr on the last working day of the month at 16:00', 'mrr', '0 16 LW * *', 'dm'],
    ['send top 5 customers by MRR every week on Tuesday at 9', 'top 5 customers by MRR', '0 9 * * 2', null],
  ])('"%s"', (text, question, cron, where) => {
    const wish = reportWishIn(text);
    expect(wish && { question: wish.question, where: wish.where }).toEqual({ question, where });
    const { days, time, unsure } = wish?.words ?? whenIn('');
    expect(unsure).toBe(false);
    expect(cronOf(days ?? '', time ?? '')).toBe(cron);
    const again = whenIn(wish?.when ?? '');
    expect(cronOf(again.days ?? '', again.time ?? ''), wish?.when).toBe(cron);
  });

  it.each([
    'how is MRR?',
    'show revenue by month',
    'show me revenue for every month this year',
    'send my briefing at 9 every day',
    'remind Acme every monday at 9',
    'what did you post every monday?',
    'api calls every day last week',
    'refund Acme on the 1st',
    'signups on monday',
    'who signed up at 9 on monday?',
  ])('is not "%s"', (text) => expect(reportWishIn(text)).toBeNull());

  it.each([
    ['send me mrr every 15 minutes', { impossible: 'every 15 minutes' }],
    ['post mrr here every third monday at 9', { impossible: 'every third monday' }],
    ['send me signups every other month', { impossible: 'every other month' }],
    ['send me signups biweekly', { days: null, dayless: 'biweekly' }],
    ['send me signups quarterly', { days: null, dayless: 'quarterly' }],
    ['post mrr on the first monday of each month', { impossible: 'first monday of each month' }],
    ['send me mrr weekly', { days: null, dayless: 'weekly' }],
    ['send me mrr every monday', { days: '* * 1', time: null }],
    ['send me mrr every day at 4', { days: '* * *', time: '04:00', unsure: true }],
    ['send me mrr every day at 04:00', { time: '04:00', unsure: false }],
    ['send me mrr every day at 9 Berlin time', { time: '09:00', timezone: 'Europe/Berlin' }],
    ['send me mrr every day at 9 Atlantis time', { time: '09:00', timezone: 'Atlantis' }],
  ])('"%s" says how far it is clear', (text, expected) => {
    expect(reportWishIn(text)?.words).toMatchObject(expected);
    expect(whenIn(reportWishIn(text)?.when ?? '')).toMatchObject(expected);
  });

  it.each([
    ['to 8', { days: null, time: '08:00' }],
    ['to fridays at 9', { days: '* * 5', time: '09:00' }],
    ['to 8:30am', { days: null, time: '08:30' }],
    ['to weekdays', { days: '* * 1-5', time: null }],
  ])('"%s" is read alone', (text, expected) => expect(whenIn(text)).toMatchObject(expected));

  it.each(['0 9 * * 1', '30 18 1 * *', '0 * * * 1-5', '0 9 1W 1,4,7,10 *', '0 9 * * 1~0'])(
    '%s comes apart and together',
    (cron) => {
      const { days, time } = partsOfCron(cron);
      expect(cronOf(days, time)).toBe(cron);
    },
  );
});
