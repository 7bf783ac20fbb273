import { afterEach, beforeEach, expect, it } from 'vitest';
import type { OutsideDispute } from '../../../src/domain/books/books-desk.ts';
import tool from '../../../src/tools/books/draft-dispute-evidence.ts';
import { acme, NOON } from '../../approvals/workspace.ts';
import { saying } from '../saying.ts';
import { type BooksRoom, DAY, NOVEMBER, openBooks } from './room.ts';

const dispute = (over: Partial<OutsideDispute> = {}): OutsideDispute => ({
  ...{ id: 'dp_1', chargeId: 'ch_1', amount: { minor: 12_000, currency: 'USD' }, reason: 'fraudulent' },
  ...{
    network: 'visa',
    openedAt: NOON - 3 * DAY,
    dueAt: NOON + 5 * DAY,
    inquiry: false,
    status: 'needs_response',
  },
  ...over,
});

let room: BooksRoom;
beforeEach(() => {
  room = openBooks();
  room.invoice('in_1', 12_000);
  room.payment('ch_1', 'in_1', 12_000, { disputed: 1 });
  room.payment('ch_0', null, 12_000, { created_at: NOVEMBER - 30 * DAY });
  room.disputes.push(dispute());
  room.ctx.customers.get = async () => acme;
});
afterEach(() => room.close());

const draft = (input: { dispute?: string; customer?: string } = {}) => tool.run(input, room.ctx);

it('drafts from records, with the deadline, and says that nothing was submitted', async () => {
  const data = await draft();
  expect(tool.narrate(data)).toMatch(
    /^Draft for the dispute of \$120\.00 by Acme Robotics \(reason: fraudulent\).*Evidence is due Nov 29, 2026: 5 days left\..*Nothing was submitted/,
  );
  expect(data.sections.find(({ title }) => title === 'Earlier payments')?.lines).toEqual([
    expect.stringContaining('charge ch_0, not disputed'),
  ]);
  expect(data.warnings).toContain('There is no record that the service was used.');
});

it.each<[OutsideDispute['reason'], string]>([
  ['duplicate', 'Why the charges differ'],
  ['subscription_canceled', 'Why it was not cancelled'],
  ['credit_not_processed', 'Charge and invoice'],
])('answers a dispute for %s with what that reason asks for', async (reason, title) => {
  room.disputes[0] = dispute({ reason });
  room.payment('ch_0', null, 12_000, { created_at: NOVEMBER - 3 * DAY });
  expect((await draft()).sections.map((one) => one.title)).toContain(title);
});

it('names what is missing and needed', async () => {
  room.disputes[0] = dispute({ reason: 'subscription_canceled' });
  const data = await draft();
  expect(data.missingNeeded).toBeGreaterThan(0);
  expect(tool.narrate(data)).toContain('cancellation policy');
});

it('asks which of two, and leaves out what is decided', async () => {
  room.disputes.push(dispute({ id: 'dp_2' }), dispute({ id: 'dp_3', status: 'lost' }));
  await expect(draft()).rejects.toMatchObject({ code: 'ambiguous', choices: [{}, {}] });
  expect(await draft({ dispute: 'dp_2' })).toMatchObject({ dispute: 'dp_2' });
});

it('says when nothing is disputed', async () => {
  room.disputes.length = 0;
  await expect(draft()).rejects.toMatchObject({ code: 'not_found' });
});

it.each<[string, object]>([
  ['draft the evidence for the dispute', {}],
  ["draft an answer to Acme's chargeback", { customer: 'psz_acme' }],
  ['draft the evidence for dispute dp_9', { dispute: 'dp_9' }],
])('"%s" asks for it', (text, input) => {
  expect(tool.recognize(saying(text))).toMatchObject([{ input }]);
});
