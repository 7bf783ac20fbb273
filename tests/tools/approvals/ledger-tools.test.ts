import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import audit from '../../../src/tools/approvals/get-audit.ts';
import approvals from '../../../src/tools/approvals/list-approvals.ts';
import {
  acme,
  approve,
  openWorkspace,
  payment,
  people,
  place,
  proposeRefund,
  type Workspace,
} from '../../approvals/workspace.ts';
import { saying } from '../saying.ts';

let w: Workspace;
beforeEach(() => {
  w = openWorkspace();
});
afterEach(() => {
  w.close();
});

async function listed(input: object, who = people.flo) {
  return approvals.output.parse(await approvals.run(approvals.input.parse(input), w.context(who)));
}
async function trail(input: object) {
  return audit.output.parse(await audit.run(audit.input.parse(input), w.context(people.ada)));
}

describe('list_approvals', () => {
  it('tells each person what waits for them', async () => {
    expect(approvals.narrate(await listed({ for_me: true }))).toBe('Nothing waits for your decision.');
    await proposeRefund(w, people.fay);
    const output = await listed({ for_me: true });
    expect(approvals.narrate(output)).toBe(
      '1 request waits for your decision. Refund $120.00 to Acme Robotics, asked for by fay.',
    );
    expect(output).toMatchObject({
      total: 1,
      receipt: { rowCount: 1 },
      listed: [{ label: 'Refund $120.00 to Acme Robotics' }],
    });
    expect((await listed({ for_me: true }, people.fay)).total).toBe(0);
  });

  it('lists by state, and shows a table', async () => {
    const proposal = await proposeRefund(w, people.fay);
    await approve(w, proposal.id, people.flo);
    const output = await listed({ state: 'applied' });
    expect(approvals.exhibits?.(output)).toMatchObject([
      { rows: [['Refund $120.00 to Acme Robotics', 'fay', '$120.00', 'applied']] },
    ]);
    expect(approvals.narrate(await listed({ state: 'pending' }))).toBe('There are no pending approvals.');
    expect(approvals.narrate(await listed({}))).toContain('1 request.');
    expect(approvals.exhibits?.(await listed({ state: 'pending' }))).toEqual([]);
  });

  it('lists the rows of a batch as one entry, with where they stand', async () => {
    for (const n of [1, 2, 3]) w.outside.payments.set(`ch_${n}`, payment(`ch_${n}`, 50_000));
    const batch = await w.door.proposeBatch({
      key: 'k',
      title: 'Refunds of the outage',
      intro: '',
      tool: 'refund_payment',
      rows: [1, 2, 3].map((n) => ({ payment: `ch_${n}`, amount: '40' })),
      requester: people.fay,
      place,
    });
    await approve(w, batch.rows[0]?.approval.id ?? '', people.flo);
    expect(approvals.narrate(await listed({ for_me: true }))).toBe(
      '2 requests wait for your decision. Refunds of the outage (2 rows), asked for by fay.',
    );
    expect(approvals.narrate(await listed({}))).toMatch(
      /^3 requests\. Refunds of the outage \(3 rows\), asked for by fay, (?:1 applied, 2|2 pending, 1) \w+\.$/,
    );
  });

  it.each<[string, object | null]>([
    ["what's waiting for me", { for_me: true }],
    ['what do I have to approve', { for_me: true }],
    ['list pending approvals', { state: 'pending' }],
    ['show rejected requests', { state: 'rejected' }],
    ['show all approvals', {}],
    ['who approved the Acme refund', null],
    ['api requests last week', null],
    ['how is mrr', null],
  ])('%s', (text, input) => {
    const [reading] = approvals.recognize(saying(text));
    const read = reading !== undefined && reading.confidence >= 0.6 ? reading.input : null;
    expect(read).toEqual(input);
  });
});

describe('get_audit', () => {
  it('says who approved the refund of a customer', async () => {
    const proposal = await proposeRefund(w, people.fay);
    await approve(w, proposal.id, people.flo);
    const output = await trail({ customer: 'Acme' });
    expect(audit.narrate(output)).toBe(
      'flo approved refund payment of payment ch_1 ($120.00) on Nov 24, 15:00. There are 5 entries about Acme Robotics in the audit log.',
    );
    expect(audit.exhibits?.(output)[0]).toMatchObject({ title: 'Audit log' });
    expect((await trail({ approval: proposal.id })).total).toBe(5);
  });

  it('says when there is nothing', async () => {
    const output = await trail({ customer: 'Globex' });
    expect(audit.narrate(output)).toBe('There is nothing about Globex in the audit log.');
    expect(audit.exhibits?.(output)).toEqual([]);
  });

  it.each<[string, object | null]>([
    ['who approved the Acme refund', { customer: acme.id }],
    ['show the audit log', {}],
    ['what happened with apr_12ab', { approval: 'apr_12ab' }],
    ['who are our customers', null],
  ])('%s', (text, input) => {
    expect(audit.recognize(saying(text))[0]?.input ?? null).toEqual(input);
  });
});
