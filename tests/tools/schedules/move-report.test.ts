import { expect, it } from 'vitest';
import createReport from '../../../src/tools/schedules/create-report.ts';
import tool from '../../../src/tools/schedules/move-report.ts';
import { ada, bob, reportRoom } from './room.ts';

async function withTwo() {
  const room = reportRoom();
  await room.use(createReport, { question: 'mrr', when: 'mondays at 9' });
  await room.use(createReport, { question: 'signups last week', when: 'fridays at 10' });
  return room;
}

it.each([
  ['the monday one', 'to 8', 'Mondays at 08:00 America/Los_Angeles; next Mon Nov 23, 08:00.'],
  ['signups', 'to mondays', 'Mondays at 10:00'],
  ['the mrr report', 'to weekdays at 7:30 Berlin time', 'Weekdays at 07:30 Europe/Berlin'],
  ['mrr', 'to mondays at 9', 'comes then already'],
  [undefined, 'to 8', 'Which report do you mean?'],
  ['churn', 'to 8', 'None of your reports is "churn"'],
  ['mrr', 'to whenever', 'comes then already'],
])('moves %s %s', async (report, when, words) => {
  const { use } = await withTwo();
  expect(await use(tool, { ...(report ? { report } : {}), when })).toContain(words);
});

it('moves nobody else’s', async () => {
  const { use, room } = await withTwo();
  const [first] = await room.desk.list({ teamId: 'T1', ownerId: ada.userId });
  expect(await use(tool, { report: first?.id, when: 'to 8' }, bob)).toContain(
    'You have no scheduled reports',
  );
});
