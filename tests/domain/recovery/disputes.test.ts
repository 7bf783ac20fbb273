import { describe, expect, it } from 'vitest';
import { DISPUTE_REASONS, type Dispute, disputeDeadline } from '../../../src/domain/recovery/dispute.ts';
import { type DisputeRecords, draftEvidence } from '../../../src/domain/recovery/dispute-evidence.ts';

const DAY_MS = 86_400_000;
const OPENED = Date.UTC(2026, 10, 2, 12);
const usd = (minor: number) => ({ minor, currency: 'USD' });

function dispute(more: Partial<Dispute> = {}): Dispute {
  return {
    id: 'dp_1',
    reason: 'fraudulent',
    network: 'visa',
    openedAt: OPENED,
    dueAt: null,
    inquiry: false,
    ...more,
  };
}

const RECORDS: DisputeRecords = {
  charge: {
    id: 'ch_1',
    at: OPENED - 20 * DAY_MS,
    amount: usd(49_900),
    invoiceNumber: 'PSI-1',
    description: 'Growth plan, October',
  },
  customer: { name: 'Acme', email: 'pay@acme.example', billingAddress: null, sinceAt: OPENED - 400 * DAY_MS },
  agreement: { acceptedAt: OPENED - 400 * DAY_MS, version: '3', url: 'https://psizero.example/terms' },
  usage: {
    firstAt: OPENED - 390 * DAY_MS,
    lastAt: OPENED - DAY_MS,
    calls: 120_442,
    days: 300,
    addresses: ['203.0.113.7'],
  },
  earlierPayments: [{ id: 'ch_0', at: OPENED - 50 * DAY_MS, amount: usd(49_900) }],
  messages: [
    { at: OPENED - 3 * DAY_MS, from: 'us', summary: 'sent the invoice again' },
    { at: OPENED - 5 * DAY_MS, from: 'customer', summary: 'asked what the charge is' },
  ],
  cancellation: { requestedAt: null, policy: 'Cancel any time.', shownAt: OPENED - 400 * DAY_MS },
  refunds: [],
  refundPolicy: null,
  similarCharges: [],
};

const AT = { now: OPENED + DAY_MS, tz: 'UTC' };

describe('until when a dispute can be answered', () => {
  it.each<[string, Partial<Dispute>, number, object]>([
    [
      'what the provider says holds',
      { dueAt: OPENED + 12 * DAY_MS },
      1,
      { dueAt: OPENED + 12 * DAY_MS, certain: true, state: 'open' },
    ],
    ['otherwise the shortest it gives', {}, 1, { dueAt: OPENED + 7 * DAY_MS, certain: false, state: 'open' }],
    ['three days before it is urgent', {}, 4, { state: 'urgent' }],
    ['then it is over', {}, 7, { state: 'over' }],
    ['bank debits cannot be contested', { network: 'SEPA_debit' }, 1, { contestable: false }],
  ])('%s', (_name, more, days, expected) => {
    expect(disputeDeadline(dispute(more), OPENED + days * DAY_MS)).toMatchObject(expected);
  });

  it('a company’s own row for network and reason goes before a general one', () => {
    const windows = [
      { network: null, reason: null, days: 7 },
      { network: 'visa', reason: null, days: 9 },
      { network: 'visa', reason: 'duplicate' as const, days: 18 },
      { network: null, reason: 'fraudulent' as const, days: 10 },
    ];
    const days = (more: Partial<Dispute>) => {
      const deadline = disputeDeadline(dispute(more), OPENED, windows);
      return deadline.contestable ? (deadline.dueAt - OPENED) / DAY_MS : null;
    };
    expect([
      days({}),
      days({ reason: 'duplicate' }),
      days({ network: 'amex' }),
      days({ network: 'amex', reason: 'general' }),
    ]).toEqual([9, 18, 10, 7]);
  });
});

describe('a draft of evidence', () => {
  it('puts first what the claim stands or falls with, as dated facts', () => {
    const pack = draftEvidence(dispute(), RECORDS, AT);
    expect(pack.sections.slice(0, 2).map(({ field }) => field)).toEqual([
      'access_activity_log',
      'uncategorized_text',
    ]);
    expect(pack.sections[0]?.lines[0]).toBe('120442 API calls on 300 days, from 2025-10-08 to 2026-11-01');
    const messages = pack.sections.find(({ field }) => field === 'customer_communication');
    expect(messages?.lines).toEqual([
      '2026-10-28, the customer: asked what the charge is',
      '2026-10-30, we: sent the invoice again',
    ]);
    expect(pack.missing).toEqual([{ field: 'billing_address', title: 'Billing address', needed: false }]);
    expect(pack.warnings).toEqual([]);
  });

  it('holds nothing that could send it', () => {
    expect(JSON.stringify(draftEvidence(dispute(), RECORDS, AT))).not.toMatch(/submit/i);
  });

  it.each(DISPUTE_REASONS)('of the reason %s has every field once, in a section or missing', (reason) => {
    const pack = draftEvidence(dispute({ reason }), RECORDS, AT);
    const fields = [...pack.sections, ...pack.missing].map(({ field }) => field);
    expect(new Set(fields).size).toBe(fields.length);
    expect(fields).toContain('receipt');
    expect(pack.sections.every(({ lines }) => lines.length > 0)).toBe(true);
  });

  it.each<[string, Partial<Dispute>, Partial<DisputeRecords>, RegExp]>([
    [
      'the customer cancelled before',
      { reason: 'subscription_canceled' },
      { cancellation: { ...RECORDS.cancellation, requestedAt: OPENED - 30 * DAY_MS } },
      /Accepting may be right/,
    ],
    [
      'it was refunded',
      {},
      { refunds: [{ id: 're_1', at: OPENED, amount: usd(49_900) }] },
      /refunded in full already/,
    ],
    [
      'the customer paid twice',
      { reason: 'duplicate' },
      { similarCharges: [{ id: 'ch_2', at: OPENED, amount: usd(49_900), invoiceNumber: 'PSI-1' }] },
      /paid twice/,
    ],
    ['nobody used the service', {}, { usage: null }, /no record that the service was used/],
  ])('says when %s', (_name, more, records, warning) => {
    expect(draftEvidence(dispute(more), { ...RECORDS, ...records }, AT).warnings.join(' ')).toMatch(warning);
  });

  it('never claims that a cancellation came late when it did not', () => {
    const records = {
      ...RECORDS,
      cancellation: { ...RECORDS.cancellation, requestedAt: OPENED - 30 * DAY_MS },
    };
    const pack = draftEvidence(dispute({ reason: 'subscription_canceled' }), records, AT);
    expect(pack.missing.map(({ field }) => field)).toContain('cancellation_rebuttal');
  });
});
