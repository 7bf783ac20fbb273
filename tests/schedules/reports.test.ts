import { describe, expect, it } from 'vitest';
import createReport from '../../src/tools/schedules/create-report.ts';
import { ada, bob, person, reportRoom } from '../tools/schedules/room.ts';

const MONDAY = Date.parse('2026-11-23T17:00:00Z');
const TUESDAY = MONDAY + 86_400_000;

async function withReport(over: object = {}) {
  const room = reportRoom();
  const said = await room.use(createReport, {
    question: 'mrr',
    when: 'every day at 9',
    where: '#finance',
    ...over,
  });
  expect(said).toContain('Scheduled');
  return room;
}

describe('a report when it is due', () => {
  it('is posted with its receipts, and begins a thread that can be asked on', async () => {
    const { due, posted, store } = await withReport();
    expect(await due(MONDAY)).toEqual(['Posted "mrr" in #finance for Ada.']);
    expect(posted).toHaveLength(1);
    expect(posted[0]?.answer.text).toMatch(
      /^\*\*Mrr\*\* \(every day at 09:00 America\/Los_Angeles, for Ada\)\n\nMRR is \$/,
    );
    expect(posted[0]?.answer.receipts).toHaveLength(1);
    expect(store.sqlite.prepare("SELECT 1 FROM transcript WHERE thread_ts = '1.1'").all()).toHaveLength(1);
  });

  it('run again under its key is posted once', async () => {
    const { due, posted } = await withReport();
    await due(MONDAY);
    await due(MONDAY);
    expect(posted).toHaveLength(1);
  });

  it('says yesterday of the day it runs', async () => {
    const { due, posted } = await withReport({ question: 'gross revenue yesterday' });
    await due(MONDAY);
    await due(TUESDAY);
    expect(posted[0]?.answer.text).toContain('Nov 22, 2026');
    expect(posted[1]?.answer.text).toContain('Nov 23, 2026');
  });

  it.each<[string, (room: ReturnType<typeof reportRoom>) => void, RegExp]>([
    [
      'a guest has joined the channel',
      ({ channels }) => {
        if (channels.finance) channels.finance.internalOnly = false;
      },
      /People from outside the company can read along in #finance/,
    ],
    [
      'its owner has left the channel',
      ({ channels }) => {
        if (channels.finance) channels.finance.memberIds = [];
      },
      /You are not in #finance/,
    ],
    [
      'its owner has lost the right',
      ({ members }) => {
        members.splice(0, 1, person(ada.userId, 'guest', 'Ada'));
      },
      /Your role does not include/,
    ],
  ])('is not posted where %s, and its owner is told once', async (_, change, why) => {
    const room = await withReport();
    change(room);
    for (const day of [0, 1, 2]) await room.due(MONDAY + day * 86_400_000);
    expect(room.posted).toEqual([]);
    expect(room.told).toHaveLength(1);
    expect(room.told[0]).toMatchObject({ userId: ada.userId, text: expect.stringMatching(why) });
  });

  it('is not posted where somebody has joined who may not see that', async () => {
    const room = await withReport({ question: 'open invoices' });
    room.channels.finance?.memberIds.push(bob.userId);
    await room.due(MONDAY);
    expect(room.posted).toEqual([]);
    expect(room.told[0]?.text).toContain('Not everybody in #finance may see');
  });

  it('is posted again once the reason is gone, and a new reason is told anew', async () => {
    const { due, channels, posted, told } = await withReport();
    const { finance } = channels;
    if (!finance) throw new Error('no channel');
    finance.internalOnly = false;
    await due(MONDAY);
    finance.internalOnly = true;
    await due(TUESDAY);
    expect(posted).toHaveLength(1);
    finance.internalOnly = false;
    await due(TUESDAY + 86_400_000);
    expect(told).toHaveLength(2);
  });

  it('ends when its owner has left the company', async () => {
    const { due, members, posted, room } = await withReport();
    members.splice(0, 1);
    expect(await due(MONDAY)).toEqual(['Who asked for "mrr" has left, so it was ended.']);
    expect(posted).toEqual([]);
    expect(await room.schedule.occasions()).toEqual([]);
  });
});
