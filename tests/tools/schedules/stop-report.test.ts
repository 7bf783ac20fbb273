import { expect, it } from 'vitest';
import createReport from '../../../src/tools/schedules/create-report.ts';
import listReports from '../../../src/tools/schedules/list-reports.ts';
import tool from '../../../src/tools/schedules/stop-report.ts';
import { fay, reportRoom } from './room.ts';

async function withOne() {
  const room = reportRoom();
  await room.use(createReport, { question: 'mrr', when: 'mondays at 9' });
  return room;
}

it('stops for good, and says so', async () => {
  const { use } = await withOne();
  expect(await use(tool, { report: 'the monday one' })).toMatch(
    /^Stopped: "mrr" in your DM \(Mondays at 09:00/,
  );
  expect(await use(listReports, {})).toContain('You have no scheduled reports');
  expect(await use(tool, {})).toContain('You have no scheduled reports');
});

it('pauses and resumes; what was due meanwhile is not made up for', async () => {
  const { use, due, posted, room } = await withOne();
  expect(await use(tool, { how: 'pause' })).toContain('Paused: "mrr"');
  expect(await use(listReports, {})).toContain('paused');
  expect(await use(tool, { how: 'pause' })).toContain('Paused already');
  expect(await due(Date.parse('2026-11-23T17:00:00Z'))).toEqual([]);
  expect(await use(tool, { how: 'resume' })).toContain('It comes again');
  const [occasion] = await room.schedule.occasions();
  expect(occasion?.sinceAt).toBeGreaterThan(Date.parse('2026-11-23T17:00:00Z'));
  expect(posted).toEqual([]);
});

it('lets a founder stop what somebody else asked for, by its id alone', async () => {
  const { use, room } = await withOne();
  const [report] = await room.desk.list({ teamId: 'T1' });
  expect(await use(tool, { report: 'mrr' }, fay)).toContain('You have no scheduled reports');
  expect(await use(tool, { report: report?.id }, fay)).toContain('Stopped');
});
