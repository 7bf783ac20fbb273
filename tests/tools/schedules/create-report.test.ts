import { describe, expect, it } from 'vitest';
import tool from '../../../src/tools/schedules/create-report.ts';
import listReports from '../../../src/tools/schedules/list-reports.ts';
import { ada, bob, DM, FINANCE, reportRoom } from './room.ts';

const WEEKDAYS = { question: 'mrr', when: 'every weekday at 7', where: 'here' };

describe('making a report', () => {
  it('echoes the times, the zone and the next time', async () => {
    const { use } = reportRoom();
    const said = await use(tool, WEEKDAYS, ada, FINANCE);
    expect(said).toContain(
      'Scheduled: "mrr" in #finance. Weekdays at 07:00 America/Los_Angeles; next Mon Nov 23, 07:00.',
    );
    expect(said).toContain('To end it, say "stop the mrr report"');
  });

  it.each([
    ['every day at 9 Berlin time', 'Every day at 09:00 Europe/Berlin; next Mon Nov 23, 09:00.'],
    [
      'on the 1st of each month',
      'On the 1st of each month at 09:00 America/Los_Angeles; next Tue Dec 1, 09:00.',
    ],
    ['on the 31st of each month at 8', 'A month without a 31st is left out.'],
    ['mondays', 'You named no time, so I took 09:00.'],
    ['hourly', 'Every hour America/Los_Angeles; next Sun Nov 22, 13:00.'],
  ])('reads "%s"', async (when, words) => {
    expect(await reportRoom().use(tool, { ...WEEKDAYS, when })).toContain(words);
  });

  it.each([
    [{ when: 'every 5 minutes' }, 'at most once an hour'],
    [{ when: 'weekly' }, 'On which day is "weekly"?'],
    [{ when: 'soon' }, 'When shall it come?'],
    [{ when: 'every day at 3' }, '03:00 in the morning or 15:00?'],
    [{ when: 'every day at 9 Atlantis time' }, 'I do not know a time zone called "Atlantis"'],
    [{ question: 'refund Acme' }, 'only look-ups can come by the clock'],
    [{ question: 'how to make tea' }, 'I cannot tell what "how to make tea" asks for'],
    [{ where: '#shared' }, 'People from outside the company can read along in #shared'],
    [{ where: '#leadership' }, 'There is no channel #leadership that both of us are in'],
    [{ where: '#nowhere' }, 'There is no channel #nowhere that both of us are in'],
    [{ where: '#general', question: 'open invoices' }, 'Not everybody in #general may see'],
  ])('is refused or asked about with %o', async (over, words) => {
    const { use } = reportRoom();
    expect(await use(tool, { ...WEEKDAYS, ...over })).toContain(words);
    expect(await use(listReports, {})).toContain('You have no scheduled reports');
  });

  it('is refused to somebody whose role does not include what it shows', async () => {
    expect(await reportRoom().use(tool, { ...WEEKDAYS, question: 'open invoices' }, bob)).toContain(
      'refused:',
    );
  });

  it('keeps "yesterday" as a word, never as a day', async () => {
    const { use, room } = reportRoom();
    await use(tool, { ...WEEKDAYS, question: 'gross revenue yesterday' });
    const [report] = await room.desk.list({ teamId: 'T1' });
    expect(report?.calls[0]?.input.period).toBe('yesterday');
  });

  it('takes "the numbers" apart and names them, and "MRR and signups" too', async () => {
    const { use } = reportRoom();
    expect(await use(tool, { ...WEEKDAYS, question: 'the numbers' })).toContain(
      'It shows MRR, gross revenue yesterday, signups yesterday and open tickets.',
    );
    expect(await use(tool, { ...WEEKDAYS, question: 'MRR and signups last week' })).toContain(
      'It shows MRR and signups last week.',
    );
  });

  it('makes one of the same message worked on twice, and of the same wish said twice', async () => {
    const { use, room } = reportRoom();
    await use(tool, WEEKDAYS, ada, DM, 'turn-1');
    expect(await use(tool, WEEKDAYS, ada, DM, 'turn-1')).toContain('Scheduled: "mrr"');
    expect(await use(tool, WEEKDAYS, ada, DM, 'turn-2')).toContain('That is scheduled already');
    expect(await room.desk.list({ teamId: 'T1' })).toHaveLength(1);
  });

  it('ends at twenty for one person', async () => {
    const { use } = reportRoom();
    for (let hour = 0; hour < 20; hour += 1)
      await use(tool, { ...WEEKDAYS, when: `every day at ${String(hour).padStart(2, '0')}:30` });
    expect(await use(tool, { ...WEEKDAYS, when: 'every day at 21:00' })).toContain(
      'as many as one person may have',
    );
  });
});
