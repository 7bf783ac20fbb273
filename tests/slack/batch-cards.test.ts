import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Batch } from '../../src/approvals/types.ts';
import type { Cards } from '../../src/slack/cards.ts';
import { batchCard } from '../../src/slack/views/batch-card.ts';
import { NOON, openWorkspace, payment, people, place, type Workspace } from '../approvals/workspace.ts';
import { actionIds } from './approval-fixtures.ts';
import { drawOn, Screen } from './card-world.ts';

const { fay, flo } = people;
let w: Workspace;
let screen: Screen;
let cards: Cards;

beforeEach(() => {
  w = openWorkspace();
  screen = new Screen();
  for (let n = 1; n <= 20; n += 1) w.outside.payments.set(`ch_${n}`, payment(`ch_${n}`, 50_000));
  cards = drawOn(screen, w);
});
afterEach(() => {
  w.close();
});

async function propose(count: number): Promise<Batch> {
  const batch = await w.door.proposeBatch({
    key: 'k',
    title: 'Refunds of the outage',
    intro: 'Each was charged twice.',
    tool: 'refund_payment',
    rows: Array.from({ length: count }, (_, index) => ({ payment: `ch_${index + 1}`, amount: '40' })),
    requester: fay,
    place,
  });
  await w.settled();
  return batch;
}

async function asItIs(batch: Batch): Promise<Batch> {
  const now = await w.door.getBatch(batch.id);
  if (now === null) throw new Error('the batch is gone');
  return now;
}

async function decide(batch: Batch, row: number, verdict: 'approve' | 'reject' = 'approve') {
  const approvalId = (await asItIs(batch)).rows.find((one) => one.row === row)?.approval.id ?? '';
  const outcome = await w.door.decide({ approvalId, verdict, by: flo });
  await w.settled();
  return outcome;
}

describe('the card of a batch', () => {
  it('is one in the thread and one in the DM of each person who may decide', async () => {
    const batch = await propose(5);
    expect(screen.copies(batch.id).map((one) => [one.channelId, one.threadTs])).toEqual([
      ['C1', '1.1'],
      ['Dada', null],
      ['Dben', null],
      ['Dflo', null],
    ]);
    expect(screen.messages).toHaveLength(4);
  });

  it('shows every change on every copy, and tells the thread once, when all rows have settled', async () => {
    const batch = await propose(3);
    await decide(batch, 1);
    await decide(batch, 2, 'reject');
    expect(screen.summary(batch.id)).toBeNull();
    for (const copy of screen.copies(batch.id)) {
      expect(copy.blocks).toEqual(batchCard(await asItIs(batch), 0).blocks);
    }
    await decide(batch, 3);
    expect(screen.summary(batch.id)?.text).toBe('Refunds of the outage: 2 done, 1 rejected.');
    for (const copy of screen.copies(batch.id)) expect(actionIds(copy.blocks)).toEqual([]);
    expect(screen.messages.filter((one) => one.channelId === 'C1')).toHaveLength(2);
  });

  it('is drawn a few times, not once a row, when all are decided at once', async () => {
    const batch = await propose(20);
    await w.door.decideBatch({ batchId: batch.id, verdict: 'approve', by: flo });
    await w.settled();
    const [thread] = screen.copies(batch.id);
    expect(thread?.blocks).toEqual(batchCard(await asItIs(batch), 0).blocks);
    expect(thread?.updates).toBeLessThan(20);
    expect(w.outside.refunds).toHaveLength(20);
  });

  it('turns one copy to a page, and keeps it there while rows change', async () => {
    const batch = await propose(18);
    const [thread, mine] = screen.copies(batch.id);
    await cards.turn(batch.id, { channelId: mine?.channelId ?? '', ts: mine?.ts ?? '' }, 1);
    await decide(batch, 17);
    expect(mine?.blocks).toEqual(batchCard(await asItIs(batch), 1).blocks);
    expect(thread?.blocks).toEqual(batchCard(await asItIs(batch), 0).blocks);
  });

  it('is made true by the next start when Slack was down', async () => {
    const batch = await propose(2);
    screen.losing = 100;
    await w.door.decideBatch({ batchId: batch.id, verdict: 'approve', by: flo });
    await w.settled();
    expect(actionIds(screen.copies(batch.id)[0]?.blocks)).not.toEqual([]);
    screen.losing = 0;
    w.restart();
    await drawOn(screen, w).reconcile(w.clock.now());
    await w.settled();
    for (const copy of screen.copies(batch.id)) expect(actionIds(copy.blocks)).toEqual([]);
    expect(screen.summary(batch.id)?.text).toContain('2 done');
    expect(screen.messages.filter((one) => one.channelId === 'C1')).toHaveLength(2);
  });

  it('is posted by the next start when the process died before it was', async () => {
    w.dieAfterRows = 2;
    await expect(propose(4)).rejects.toThrow('power cut');
    await new Promise((resolve) => setImmediate(resolve));
    expect(screen.messages).toEqual([]);
    w.restart();
    drawOn(screen, w);
    await w.door.sweep();
    await w.settled();
    const [card] = screen.messages;
    expect(card?.text).toContain('4 rows open');
    expect(screen.messages).toHaveLength(4);
  });

  it('loses its buttons on every copy when it expires', async () => {
    const batch = await propose(3);
    w.clock.set(NOON + 25 * 3_600_000);
    await w.door.sweep();
    await w.settled();
    for (const copy of screen.copies(batch.id)) expect(actionIds(copy.blocks)).toEqual([]);
    expect(screen.summary(batch.id)?.text).toContain('3 expired');
  });

  it('loses them while the policy has stopped everything, and has them back after', async () => {
    const batch = await propose(2);
    w.editPolicy((text) => text.replace('stopped: false', 'stopped: true'));
    await w.door.sweep();
    await w.settled();
    for (const copy of screen.copies(batch.id))
      expect(actionIds(copy.blocks)).not.toContain('approval.approve');
    w.editPolicy((text) => text.replace('stopped: true', 'stopped: false'));
    await w.door.sweep();
    await w.settled();
    for (const copy of screen.copies(batch.id)) expect(actionIds(copy.blocks)).toContain('approval.approve');
  });

  it('is drawn again for whoever clicked a copy that should not have looked like that', async () => {
    const batch = await propose(1);
    const [copy] = screen.copies(batch.id);
    if (copy === undefined) throw new Error('no card');
    copy.blocks = [];
    const [row] = (await asItIs(batch)).rows;
    if (row === undefined) throw new Error('no row');
    await cards.renew(row.approval, { channelId: copy.channelId, ts: copy.ts });
    expect(copy.blocks).toEqual(batchCard(await asItIs(batch), 0).blocks);
  });

  it('reminds each person once of the whole batch', async () => {
    const batch = await propose(6);
    w.clock.set(NOON + 2 * 3_600_000);
    await w.door.sweep();
    await w.settled();
    const reminders = screen.messages.filter((one) => one.key.startsWith('reminder:'));
    expect(reminders.map((one) => one.key)).toEqual(
      ['ada', 'ben', 'flo'].map((who) => `reminder:${batch.id}:${who}`),
    );
    expect(reminders[0]?.text).toContain('(6 of 6 rows open)');
  });
});

describe('the card of a single proposal', () => {
  it('loses its buttons on every copy while the policy has stopped everything', async () => {
    await w.door.propose({
      tool: 'refund_payment',
      input: { payment: 'ch_1', amount: '40' },
      requester: fay,
      place,
    });
    await w.settled();
    expect(screen.messages).toHaveLength(4);
    w.editPolicy((text) => text.replace('stopped: false', 'stopped: true'));
    await w.door.sweep();
    await w.settled();
    for (const one of screen.messages) expect(actionIds(one.blocks)).toEqual([]);
  });
});
