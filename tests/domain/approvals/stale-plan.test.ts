import { describe, expect, it } from 'vitest';
import type { Plan } from '../../../src/domain/approvals/plan.ts';
import { approvedPart, changedMeanwhile } from '../../../src/domain/approvals/stale-plan.ts';

const plan: Plan = {
  title: 'Refund $1.00',
  subject: { kind: 'payment', id: 'ch_1' },
  customer: null,
  changes: [{ what: 'Refunded', before: '$0.00', after: '$1.00' }],
  touches: ['a'],
  amount: null,
  policyAmount: { minor: 100, currency: 'USD' },
  reversible: { possible: false, how: '' },
  warnings: ['old'],
  facts: { refundedMinor: 0, status: 'succeeded' },
};

describe('what a person said yes to', () => {
  it('leaves out the day rate and the warnings', () => {
    const other = { ...plan, policyAmount: { minor: 110, currency: 'USD' }, warnings: [] };
    expect(approvedPart(other)).toEqual(approvedPart(plan));
    expect(approvedPart({ ...plan, facts: {} })).not.toEqual(approvedPart(plan));
  });
});

describe('what changed meanwhile is named', () => {
  const long = 'x'.repeat(300);
  it.each<[string, Partial<Plan>, string]>([
    ['another record', { subject: { kind: 'payment', id: 'ch_2' } }, 'another payment now: ch_2'],
    [
      'another starting point',
      { changes: [{ what: 'Refunded', before: '$2.00', after: '$3.00' }] },
      'Refunded was $0.00 and is now $2.00',
    ],
    [
      'another result',
      { changes: [{ what: 'Refunded', before: '$0.00', after: '$3.00' }] },
      'would become $3.00 instead of $1.00',
    ],
    ['another thing', { changes: [...plan.changes, { what: 'Fee', before: '', after: '' }] }, 'Fee is new'],
    ['other people', { touches: ['b'] }, 'who is touched changed'],
    ['a fact nobody sees', { facts: { refundedMinor: 0, status: 'failed' } }, 'status changed'],
    ['a fact gone', { facts: { status: 'succeeded' } }, 'refunded minor changed'],
    ['the title alone', { title: 'Other' }, 'the facts behind it changed'],
  ])('%s', (_name, over, words) => {
    expect(changedMeanwhile(plan, { ...plan, ...over }).join('; ')).toContain(words);
  });

  it('does not quote a whole mail', () => {
    const fresh = { ...plan, changes: [{ what: 'Text', before: '', after: long }] };
    const before = { ...plan, changes: [{ what: 'Text', before: '', after: `${long}y` }] };
    expect(changedMeanwhile(before, fresh).join('; ').length).toBeLessThan(250);
  });
});
