import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { contentsOf } from '../../src/approvals/batch-rows.ts';
import { queueFor } from '../../src/approvals/queue.ts';
import type { Batch } from '../../src/approvals/types.ts';
import { SystemError } from '../../src/lib/errors.ts';
import { verifyAudit } from '../../src/store/audit.ts';
import { NOON, openWorkspace, payment, people, place, type Workspace } from './workspace.ts';

const { ada, ben, fay, flo, sue, vic } = people;
const HOUR = 3_600_000;
let w: Workspace;

beforeEach(() => {
  w = openWorkspace();
  for (let n = 1; n <= 12; n += 1) w.outside.payments.set(`ch_${n}`, payment(`ch_${n}`, 50_000));
});
afterEach(() => {
  w.close();
});

interface Row {
  [key: string]: string;
}

function propose(rows: Row[], over: { key?: string; requester?: typeof fay } = {}): Promise<Batch> {
  return w.door.proposeBatch({
    key: over.key ?? 'morning',
    title: 'Refunds of the outage',
    intro: 'Each of them was charged twice.',
    tool: 'refund_payment',
    rows,
    requester: over.requester ?? fay,
    place,
  });
}

const refunds = (count: number, amount = '40.00'): Row[] =>
  Array.from({ length: count }, (_, index) => ({ payment: `ch_${index + 1}`, amount }));

async function current(id: string): Promise<Batch> {
  const batch = await w.door.getBatch(id);
  if (batch === null) throw new Error(`there is no batch ${id}`);
  return batch;
}

const states = (batch: Batch) => batch.rows.map(({ approval }) => approval.state);
const idOf = (batch: Batch, row: number): string =>
  batch.rows.find((one) => one.row === row)?.approval.id ?? 'apr_none';

async function decideAll(batch: Batch, by = flo, verdict: 'approve' | 'reject' = 'approve', seen?: string) {
  const outcome = await w.door.decideBatch({
    batchId: batch.id,
    verdict,
    by,
    ...(seen === undefined ? {} : { seen }),
  });
  await w.settled();
  return outcome;
}

describe('proposing a batch', () => {
  it('makes every row an approval of its own, in its place', async () => {
    const batch = await propose(refunds(3));
    expect(batch.rows.map(({ row }) => row)).toEqual([1, 2, 3]);
    for (const { row, approval } of batch.rows) {
      expect(approval).toMatchObject({
        state: 'pending',
        batch: { id: batch.id, row },
        place: { threadTs: '1.1' },
      });
    }
    expect(new Set(batch.rows.map(({ approval }) => approval.id)).size).toBe(3);
  });

  it('gives the same batch for the same key, and no row twice', async () => {
    const [first, second] = await Promise.all([propose(refunds(3)), propose(refunds(3))]);
    expect(second.id).toBe(first.id);
    const third = await propose(refunds(5));
    expect(third.rows.map(({ approval }) => approval.id)).toEqual(
      first.rows.map(({ approval }) => approval.id),
    );
  });

  it('is continued after a crash in the middle, without a row twice', async () => {
    w.dieAfterRows = 5;
    await expect(propose(refunds(8))).rejects.toThrow('power cut');
    await new Promise((resolve) => setImmediate(resolve));
    w.restart();
    await w.door.sweep();
    const batch = await propose(refunds(8));
    expect(batch.rows.map(({ row }) => row)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    const { total } = w.store.sqlite
      .prepare<[], { total: number }>('SELECT count(*) AS total FROM approvals')
      .get() ?? { total: 0 };
    expect(total).toBe(8);
    expect(verifyAudit(w.store).ok).toBe(true);
  });

  it('says which rows could not be proposed and why, and proposes the others', async () => {
    w.outside.payments.set('ch_2', payment('ch_2', 50_000, { status: 'failed' }));
    const batch = await propose([...refunds(3), { payment: 'ch_none', amount: '5' }]);
    expect(batch.rows.map(({ row }) => row)).toEqual([1, 3]);
    expect(batch.refused.map(({ what }) => what)).toEqual(['ch_2, 40.00', 'ch_none, 5']);
    for (const { why } of batch.refused) expect(why).toMatch(/\w+.*\./);
  });

  it('counts the limits of the day row by row: small rows do not escape the rule for their sum', async () => {
    const batch = await propose(refunds(5, '10.00'));
    expect(batch.rows.map(({ approval }) => approval.requirement.selfApproval)).toEqual([
      true,
      true,
      false,
      false,
      false,
    ]);
    const large = await propose(
      [
        { payment: 'ch_11', amount: '20' },
        { payment: 'ch_12', amount: '500' },
      ],
      { key: 'other', requester: flo },
    );
    expect(large.rows.map(({ approval }) => approval.requirement.selfApproval)).toEqual([true, false]);
  });

  it('refuses a row that is about what another row, or another card, is about', async () => {
    await propose([{ payment: 'ch_1', amount: '40.00' }], { key: 'yesterday' });
    const batch = await propose([
      { payment: 'ch_1', amount: '40.00' },
      { payment: 'ch_2', amount: '40.00' },
      { payment: 'ch_2', amount: '30.00' },
    ]);
    expect(batch.rows.map(({ row }) => row)).toEqual([2]);
    expect(batch.refused.map(({ why }) => why)).toEqual([
      'It waits for a decision already, asked for by fay. Decide it there.',
      'Row 2 of the same batch is about the same payment. Decide that row.',
    ]);
  });

  it('throws when no row could be proposed, and the key is free again', async () => {
    await expect(propose(refunds(2), { requester: vic })).rejects.toThrow(/None of the 2.*Your role/s);
    expect((await propose(refunds(2))).rows).toHaveLength(2);
    await expect(propose([], { key: 'empty' })).rejects.toThrow('nothing to propose');
  });

  it('is not told of before all its rows stand', async () => {
    const seen: number[] = [];
    w.door.onChange(async (approval) => {
      const batch = approval.batch === null ? null : await w.door.getBatch(approval.batch.id);
      seen.push(batch?.rows.length ?? 0);
    });
    await propose(refunds(6));
    await w.settled();
    expect(seen).toEqual([6, 6, 6, 6, 6, 6]);
  });
});

describe('deciding a batch', () => {
  it('decides every open row, each carried out once under its own key', async () => {
    const batch = await propose(refunds(12));
    expect(await decideAll(batch)).toMatchObject({ status: 'recorded', say: 'Approved 12 rows.' });
    expect(states(await current(batch.id))).toEqual(Array(12).fill('applied'));
    expect(new Set(w.outside.refunds.map((one) => one.key)).size).toBe(12);
    expect((await decideAll(batch)).status).toBe('nothing_open');
    expect(w.outside.refunds).toHaveLength(12);
  });

  it('never has more than four rows before the outside at once', async () => {
    let now = 0;
    let most = 0;
    const { createRefund } = w.outside.gateway;
    w.outside.gateway.createRefund = async (input) => {
      now += 1;
      most = Math.max(most, now);
      await new Promise((resolve) => setTimeout(resolve, 5));
      now -= 1;
      return createRefund(input);
    };
    await decideAll(await propose(refunds(12)));
    expect(w.outside.refunds).toHaveLength(12);
    expect(most).toBe(4);
  });

  it('records one yes on rows that take two people', async () => {
    for (const n of [1, 2]) w.outside.payments.set(`ch_${n}`, payment(`ch_${n}`, 900_000));
    const batch = await propose([...refunds(2, '6000'), { payment: 'ch_3', amount: '1' }]);
    expect((await decideAll(batch, flo)).say).toBe(
      'Your approval counts for 3 rows; one more person has to approve.',
    );
    expect(w.outside.refunds).toHaveLength(0);
    expect((await decideAll(batch, ada)).say).toBe('Approved 3 rows.');
    expect(w.outside.refunds).toHaveLength(3);
  });

  it('leaves open what the clicker may not decide, and says so', async () => {
    const batch = await propose(refunds(4, '10.00'));
    const outcome = await decideAll(batch, fay);
    expect(outcome.say).toBe(
      '2 rows stay open as your own request: approve each by itself, by typing its amount. 2 rows stay open. You asked for this yourself, so somebody else has to approve it: finance or a founder.',
    );
    expect(outcome.status).toBe('not_allowed');
    expect((await decideAll(batch, vic)).status).toBe('not_allowed');
    expect((await decideAll(batch, sue)).status).toBe('not_allowed');
    expect(states(await current(batch.id))).toEqual(Array(4).fill('pending'));
  });

  it('lets a row of one’s own be approved by typing its amount', async () => {
    const batch = await propose(refunds(2, '10.00'));
    const click = { approvalId: idOf(batch, 1), verdict: 'approve' as const, by: fay };
    expect((await w.door.decide(click)).status).toBe('needs_typed_amount');
    expect((await w.door.decide({ ...click, typedAmount: '10' })).status).toBe('approved');
    await w.settled();
    expect(states(await current(batch.id))).toEqual(['applied', 'pending']);
  });

  it('lets each row have its own result', async () => {
    const batch = await propose(refunds(3));
    await w.door.decide({ approvalId: idOf(batch, 1), verdict: 'reject', by: flo });
    const broken = payment('ch_2', 50_000, { disputed: true });
    w.outside.payments.set('ch_2', broken);
    await decideAll(batch);
    const after = await current(batch.id);
    expect(after.rows.map(({ approval }) => approval.state)[0]).toBe('rejected');
    expect(after.rows.find(({ row }) => row === 3)?.approval.state).toBe('applied');
    expect(w.outside.refunds.map((one) => one.paymentId)).toEqual(['ch_3']);
  });

  it('can be taken back whole by whoever asked', async () => {
    const batch = await propose(refunds(3));
    expect((await decideAll(batch, fay, 'reject')).say).toBe('Rejected 3 rows. Nothing of them went out.');
    expect(states(await current(batch.id))).toEqual(['rejected', 'rejected', 'rejected']);
  });

  it('decides nothing when a row was edited after the card was drawn', async () => {
    const batch = await propose(refunds(2));
    const seen = contentsOf(batch);
    await w.door.edit({ approvalId: idOf(batch, 2), input: { payment: 'ch_2', amount: '400' }, by: ben });
    expect((await decideAll(batch, flo, 'approve', seen)).say).toContain(
      'was changed after this card was drawn',
    );
    expect(w.outside.refunds).toHaveLength(0);
    expect((await decideAll(batch, flo, 'approve', contentsOf(await current(batch.id)))).status).toBe(
      'recorded',
    );
    expect(w.outside.refunds).toHaveLength(2);
  });

  it('is unknown to another workspace', async () => {
    const batch = await propose(refunds(1));
    expect((await decideAll(batch, { ...flo, teamId: 'T2' })).status).toBe('not_found');
  });

  it('says nothing is open once every row has expired', async () => {
    const batch = await propose(refunds(2));
    w.clock.set(NOON + 25 * HOUR);
    expect((await decideAll(batch)).status).toBe('nothing_open');
    await w.door.sweep();
    expect(states(await current(batch.id))).toEqual(['expired', 'expired']);
  });
});

describe('editing a row', () => {
  it('puts the edited proposal in the same place, and the old one is dead', async () => {
    const batch = await propose(refunds(3));
    const outcome = await w.door.edit({
      approvalId: idOf(batch, 2),
      input: { payment: 'ch_2', amount: '7' },
      by: flo,
    });
    expect(outcome.approval?.batch).toEqual({ id: batch.id, row: 2 });
    const after = await current(batch.id);
    expect(after.rows.map(({ row }) => row)).toEqual([1, 2, 3]);
    expect(idOf(after, 2)).toBe(outcome.approval?.id);
    expect(after.revision).toBeGreaterThan(batch.revision);
    const late = await w.door.decide({ approvalId: idOf(batch, 2), verdict: 'approve', by: ada });
    expect(late.status).toBe('superseded');
  });

  it('cannot turn one row into another row of the batch', async () => {
    const batch = await propose(refunds(2));
    const outcome = await w.door.edit({
      approvalId: idOf(batch, 2),
      input: { payment: 'ch_1', amount: '7' },
      by: flo,
    });
    expect(outcome).toMatchObject({ status: 'not_allowed' });
    expect(outcome.say).toContain('Row 1 of the same batch');
    expect(states(await current(batch.id))).toEqual(['pending', 'pending']);
  });

  it('keeps its place when the facts change between yes and doing', async () => {
    const batch = await propose(refunds(2));
    w.outside.payments.set(
      'ch_1',
      payment('ch_1', 50_000, { amountRefunded: { minor: 5_000, currency: 'USD' } }),
    );
    await decideAll(batch);
    const after = await current(batch.id);
    expect(states(after)).toEqual(['pending', 'applied']);
    expect(after.rows[0]?.approval.batch).toEqual({ id: batch.id, row: 1 });
    expect(after.rows[0]?.approval.id).not.toBe(idOf(batch, 1));
  });
});

describe('what waits', () => {
  it('speaks of a batch once, not once a row', async () => {
    await propose(refunds(6));
    w.clock.set(NOON + 2 * HOUR);
    await w.door.sweep();
    expect(w.nudges).toEqual([
      { kind: 'reminder', people: ['ada', 'ben', 'flo'], batch: 'Refunds of the outage' },
    ]);
  });

  it('stands in the queue of those who may decide, what expires first at the top', async () => {
    await propose(refunds(3));
    w.clock.set(NOON + HOUR);
    await w.door.propose({
      tool: 'refund_payment',
      input: { payment: 'ch_9', amount: '30' },
      requester: fay,
      place,
    });
    const queue = await queueFor(w.door, flo);
    expect(queue.map((item) => (item.kind === 'batch' ? item.mine.length : 'single'))).toEqual([3, 'single']);
    expect(await queueFor(w.door, fay)).toEqual([]);
    expect(await queueFor(w.door, vic)).toEqual([]);
  });
});

describe('a mail whose answer was lost', () => {
  async function lost() {
    w.outside.mailFault = 'lost_answer';
    const input = { customer: 'Acme', invoice: 'in_1' };
    const asked = await w.door.propose({ tool: 'send_payment_reminder', input, requester: sue, place });
    await w.door.decide({ approvalId: asked.id, verdict: 'approve', by: flo });
    await w.settled();
    expect(await w.door.get(asked.id)).toMatchObject({ state: 'unknown', canSettle: true });
    return asked.id;
  }

  it.each([
    [true, 'applied'],
    [false, 'failed'],
  ] as const)('is settled by the word of somebody who may decide: %s', async (wentOut, state) => {
    const id = await lost();
    expect((await w.door.settle({ approvalId: id, wentOut, by: vic })).status).toBe('not_allowed');
    expect((await w.door.settle({ approvalId: id, wentOut, by: flo })).status).toBe('recorded');
    expect(await w.door.get(id)).toMatchObject({ state, canSettle: false });
    expect((await w.door.get(id))?.outcome).toContain('flo found that it');
    expect((await w.door.settle({ approvalId: id, wentOut: !wentOut, by: ada })).status).toBe(
      'already_decided',
    );
    await w.door.sweep();
    expect(w.outside.mails).toHaveLength(1);
    const said = w.store.sqlite
      .prepare<[], { actor: string }>("SELECT actor FROM audit WHERE action = 'approval.settled_by_word'")
      .all();
    expect(said).toEqual([{ actor: 'flo' }]);
    expect(verifyAudit(w.store).ok).toBe(true);
  });

  it('is not settled by hand while Psi can still find out by itself', async () => {
    w.outside.dropAnswers = 9;
    w.outside.blind = 9;
    const asked = await w.door.propose({
      tool: 'refund_payment',
      input: { payment: 'ch_1', amount: '30' },
      requester: fay,
      place,
    });
    await w.door.decide({ approvalId: asked.id, verdict: 'approve', by: flo });
    await w.settled();
    expect(await w.door.get(asked.id)).toMatchObject({ state: 'unknown', canSettle: false });
    expect((await w.door.settle({ approvalId: asked.id, wentOut: false, by: flo })).status).toBe(
      'already_decided',
    );
  });
});

describe('when the policy stops everything', () => {
  const stop = (on: boolean) => w.editPolicy((text) => text.replace(/^stopped: .*$/m, `stopped: ${on}`));

  it('every open proposal is paused, nobody is called, and all go on when it is lifted', async () => {
    const batch = await propose(refunds(2));
    await w.settled();
    stop(true);
    expect(await w.door.nextDueAt()).toBe(w.clock.now());
    w.clock.set(NOON + 3 * HOUR);
    await w.door.sweep();
    await w.settled();
    expect((await current(batch.id)).rows.map(({ approval }) => approval.paused)).toEqual([true, true]);
    expect(w.nudges).toEqual([]);
    const changes = w.changes.length;
    await w.door.sweep();
    expect(w.changes).toHaveLength(changes);
    stop(false);
    await w.door.sweep();
    expect((await current(batch.id)).rows.map(({ approval }) => approval.paused)).toEqual([false, false]);
    expect((await decideAll(batch)).say).toBe('Approved 2 rows.');
  });

  it('a click on a card that still looks alive pauses it at once', async () => {
    const batch = await propose(refunds(1));
    stop(true);
    const outcome = await w.door.decide({ approvalId: idOf(batch, 1), verdict: 'approve', by: flo });
    expect(outcome.say).toContain('stopped by the policy');
    expect((await current(batch.id)).rows[0]?.approval.paused).toBe(true);
    expect(w.outside.refunds).toHaveLength(0);
  });
});

it('a source that does not answer costs its row, not the batch', async () => {
  const { getPayment } = w.outside.gateway;
  w.outside.gateway.getPayment = async (id) => {
    if (id === 'ch_2') throw new SystemError('source_unavailable', 'no route');
    return getPayment(id);
  };
  const batch = await propose(refunds(3));
  expect(batch.rows.map(({ row }) => row)).toEqual([1, 3]);
  expect(batch.refused[0]?.why).toMatch(/could not be read \(ref-/);
});
