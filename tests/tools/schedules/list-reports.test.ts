import { expect, it } from 'vitest';
import createReport from '../../../src/tools/schedules/create-report.ts';
import tool from '../../../src/tools/schedules/list-reports.ts';
import { ada, bob, FINANCE, fay, reportRoom } from './room.ts';

it('lists one’s own with when each comes next, and those of a channel with whoever asked for them', async () => {
  const { use } = reportRoom();
  await use(createReport, { question: 'mrr', when: 'mondays at 9', where: 'dm' });
  await use(createReport, { question: 'signups last week', when: 'fridays at 10', where: '#finance' }, fay);
  expect(await use(tool, {})).toBe(
    '1 report is scheduled:\n1. "mrr" in your DM: Mondays at 09:00 America/Los_Angeles; next Mon Nov 23, 09:00',
  );
  expect(await use(tool, { where: 'here' }, ada, FINANCE)).toContain(
    '1. "signups last week" in #finance: Fridays at 10:00',
  );
  expect(await use(tool, {}, bob)).toContain('You have no scheduled reports');
});

it('says why one was not posted', async () => {
  const { use, due, channels } = reportRoom();
  await use(createReport, { question: 'mrr', when: 'mondays at 9', where: '#finance' });
  if (channels.finance) channels.finance.internalOnly = false;
  await due(Date.parse('2026-11-23T17:00:00Z'));
  expect(await use(tool, {})).toContain(
    'Not posted last time: People from outside the company can read along',
  );
});
