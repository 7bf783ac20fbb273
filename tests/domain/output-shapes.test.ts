import { expect, it } from 'vitest';
import { receiptSchema } from '../../src/domain/output-shapes.ts';
import type { Receipt } from '../../src/domain/types.ts';

it('a receipt that says all it can is kept whole', () => {
  const receipt: Required<Omit<Receipt, 'queryId' | 'definition'>> & {
    definition: Required<Receipt['definition']>;
  } = {
    definition: {
      name: 'mrr',
      version: 1,
      words: 'Recurring revenue',
      grain: 'subscription',
      policy: 'Stripe',
    },
    period: { startAt: 0, endAt: 1, tz: 'UTC', label: 'Jan 1, 1970' },
    asOfAt: 1,
    rowCount: 2,
    freshness: [{ source: 'stripe', throughAt: 1, stale: false }],
    reconciled: ['invoices and their lines agree'],
    notes: ['a note'],
  };
  expect(receiptSchema.parse(receipt)).toEqual(receipt);
});
