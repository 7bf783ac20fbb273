import { describe, expect, it } from 'vitest';
import { approvalsExpiring, expiringFromAt } from '../../../src/domain/alerts/approval-expiring.ts';
import { errorsSpiked } from '../../../src/domain/alerts/error-spike.ts';
import type { Finding } from '../../../src/domain/alerts/finding.ts';
import { type PaymentFailure, paymentsFailed } from '../../../src/domain/alerts/payment-failed.ts';
import { qualityFailed, type SourceState, sourcesBehind } from '../../../src/domain/alerts/sources-behind.ts';
import { USAGE_DAYS, usageDropped } from '../../../src/domain/alerts/usage-drop.ts';
import { dateAt, startOfDayAt } from '../../../src/domain/periods/calendar.ts';

const TZ = 'America/Los_Angeles';
const NOW = Date.parse('2026-11-22T22:30:00Z');
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const at = { nowAt: NOW, tz: TZ };

const only = (findings: readonly Finding[]) => {
  expect(findings).toHaveLength(1);
  return findings[0];
};
const told = (finding: Finding | undefined) =>
  finding?.verdict === 'raise' ? `${finding.title} ${finding.detail}` : `over: ${finding?.words}`;

describe('a failed payment', () => {
  const acme = { id: 'cst_acme', name: 'Acme Robotics' };
  const invoice = (over: Partial<NonNullable<PaymentFailure['invoice']>> = {}) => ({
    id: 'in_1',
    number: 'INV-0042',
    status: 'open',
    remaining: { minor: 120_000, currency: 'USD' },
    dueAt: Date.parse('2026-12-01T20:00:00Z'),
    ...over,
  });
  const failure = (over: Partial<PaymentFailure> = {}): PaymentFailure => ({
    id: 'ch_1',
    at: NOW - HOUR,
    amount: { minor: 120_000, currency: 'USD' },
    declineCode: 'expired_card',
    invoice: invoice(),
    ...over,
  });
  const found = (...failures: PaymentFailure[]) => only(paymentsFailed([{ customer: acme, failures }], at));

  it('says who, how much, why, how often and what is open', () => {
    expect(told(found(failure({ id: 'ch_0', at: NOW - 5 * DAY }), failure()))).toBe(
      "Acme Robotics' payment of $1,200.00 failed: the card has expired. Second failure this month; invoice INV-0042 is open and due Dec 1, 2026.",
    );
  });

  it.each<[string, PaymentFailure[], string]>([
    [
      'is over when the invoice has been paid',
      [failure({ invoice: invoice({ status: 'paid' }) })],
      'over: Invoice INV-0042 has been paid.',
    ],
    [
      'is over when the invoice has been voided',
      [failure({ invoice: invoice({ status: 'void' }) })],
      'over: Invoice INV-0042 has been voided.',
    ],
    [
      'is spoken of for a day where it names no invoice',
      [failure({ invoice: null, at: NOW - 25 * HOUR })],
      'over: It is more than a day ago and names no invoice that could be watched.',
    ],
    [
      'adds up what is unpaid when there are several invoices',
      [
        failure(),
        failure({
          id: 'ch_2',
          invoice: invoice({ id: 'in_2', remaining: { minor: 5_000, currency: 'USD' } }),
        }),
      ],
      "Acme Robotics' payment of $1,200.00 failed: the card has expired. Second failure this month; 2 invoices are unpaid, $1,250.00 in all.",
    ],
    [
      'does not guess at a reason it does not know',
      [failure({ declineCode: 'brand_new_code' })],
      "Acme Robotics' payment of $1,200.00 failed: the bank declined it. First failure this month; invoice INV-0042 is open and due Dec 1, 2026.",
    ],
  ])('%s', (_, failures, words) => {
    expect(told(found(...failures))).toBe(words);
  });

  it('counts only what still stands', () => {
    const paid = failure({ id: 'ch_0', at: NOW - DAY, invoice: invoice({ id: 'in_0', status: 'paid' }) });
    expect(found(paid, failure())).toMatchObject({ verdict: 'raise', count: 1, amount: { minor: 120_000 } });
  });
});

describe('a drop of usage', () => {
  const today = dateAt(NOW, TZ);
  const days = Array.from({ length: USAGE_DAYS }, (_, index) =>
    startOfDayAt(today.subtract({ days: USAGE_DAYS - index }), TZ),
  );
  const run = (calls: (index: number) => number, over: { live?: boolean; troubled?: number[] } = {}) =>
    usageDropped(
      {
        days,
        troubled: new Set(over.troubled ?? []),
        customers: [
          {
            id: 'c',
            name: 'Brightpath',
            live: over.live ?? true,
            calls: days.map((_, index) => calls(index)),
          },
        ],
      },
      TZ,
    );
  const last = USAGE_DAYS - 1;
  const weekend = (index: number) => index % 7 === 6 || index % 7 === 0;

  it('names the drop, the days and what is usual', () => {
    expect(told(only(run((index) => (index > last - 2 ? 2_000 : 10_000))))).toBe(
      "Brightpath's API calls fell by 80%: 2,000 a day over Nov 20 - 21, 2026, usual 10,000. Usual is the median of the same weekdays of the eight weeks before.",
    );
  });

  it.each<[string, (index: number) => number, { live?: boolean; troubled?: number[] }]>([
    [
      'two quiet weekend days of somebody who is always quiet then',
      (index) => (weekend(index) ? 3_000 : 10_000),
      {},
    ],
    ['a single weak day', (index) => (index === last ? 0 : 10_000), {}],
    [
      'a customer of three weeks',
      (index) => (index < USAGE_DAYS - 21 ? 0 : index > last - 2 ? 100 : 10_000),
      {},
    ],
    ['a tiny base', (index) => (index > last - 2 ? 1 : 300), {}],
    ['days on which an incident stood', (index) => (index > last - 2 ? 100 : 10_000), { troubled: [last] }],
    [
      'half of usual and a little more: neither open nor over',
      (index) => (index > last - 2 ? 6_000 : 10_000),
      {},
    ],
  ])('is not made of %s', (_, calls, over) => {
    expect(run(calls, over).filter(({ verdict }) => verdict === 'raise')).toEqual([]);
  });

  it('is over when calls are back, not when they are halfway', () => {
    expect(run((index) => (index > last - 2 ? 6_500 : 10_000))).toEqual([]);
    expect(only(run((index) => (index > last - 2 ? 8_000 : 10_000)))).toMatchObject({ verdict: 'clear' });
  });

  it('is over when the subscription has ended', () => {
    expect(told(only(run(() => 0, { live: false })))).toContain('no live subscription');
  });
});

describe('a spike of errors', () => {
  const hours = (last: { calls: number; errors5xx: number }, usual = 10) =>
    Array.from({ length: 100 }, (_, index) => ({
      startAt: NOW - (100 - index) * HOUR,
      ...(index === 99 ? last : { calls: 10_000, errors5xx: usual }),
    }));
  const run = (last: { calls: number; errors5xx: number }, usual?: number) =>
    errorsSpiked({ hours: hours(last, usual), incidents: [] }, at);
  const incident = { id: 'inc_1', title: 'API outage', severity: 'critical', startedAt: NOW - HOUR };

  it('names the share, the usual share and the hour', () => {
    expect(told(only(run({ calls: 10_000, errors5xx: 500 })))).toBe(
      '5.0% of API calls failed with a server error in the last full hour, usual 0.2%. 500 of 10,000 calls, Nov 22, 2026, 13:30 PST to Nov 22, 2026, 14:30 PST. No incident is open.',
    );
  });

  it.each<[string, { calls: number; errors5xx: number }, number]>([
    ['an hour with hardly a call', { calls: 40, errors5xx: 20 }, 10],
    ['a handful of errors', { calls: 2_000, errors5xx: 40 }, 1],
    ['what is usual here', { calls: 10_000, errors5xx: 300 }, 200],
  ])('is not made of %s', (_, last, usual) => {
    expect(run(last, usual).filter(({ verdict }) => verdict === 'raise')).toEqual([]);
  });

  it('stays where it is between twice and four times the usual', () => {
    expect(run({ calls: 10_000, errors5xx: 60 })).toEqual([]);
    expect(only(run({ calls: 10_000, errors5xx: 15 }))).toMatchObject({ verdict: 'clear' });
  });

  it('is told by the incident alone while one is open, which says when it ended', () => {
    const spike = hours({ calls: 10_000, errors5xx: 500 });
    const open = errorsSpiked({ hours: spike, incidents: [{ ...incident, endedAt: null }] }, at);
    expect(only(open)).toMatchObject({ verdict: 'raise', subject: { kind: 'incident', id: 'inc_1' } });
    const over = errorsSpiked({ hours: spike, incidents: [{ ...incident, endedAt: NOW - 9 * 60_000 }] }, at);
    expect(told(over[0])).toBe('over: The incident ended Nov 22, 2026, 14:21 PST, after 51 minutes.');
  });

  it('says nothing from hours long past', () => {
    const old = hours({ calls: 10_000, errors5xx: 500 }).map((hour) => ({
      ...hour,
      startAt: hour.startAt - DAY,
    }));
    expect(errorsSpiked({ hours: old, incidents: [] }, at)).toEqual([]);
  });
});

describe('a source that is behind', () => {
  const state = (over: Partial<SourceState> = {}): SourceState => ({
    status: { source: 'stripe', connected: true, throughAt: NOW - HOUR, lastError: null },
    stale: true,
    staleSinceAt: NOW - 20 * 60_000,
    ...over,
  });

  it('is spoken of after a quarter of an hour, not after one failed reading', () => {
    expect(sourcesBehind([state({ staleSinceAt: NOW - 60_000 })], at)).toEqual([]);
    expect(told(only(sourcesBehind([state()], at)))).toContain('Stripe data ends Nov 22, 2026, 13:30 PST.');
  });

  it('says why reading fails', () => {
    const status = { ...state().status, lastError: { at: NOW - 60_000, message: 'Stripe answered 500.' } };
    expect(told(only(sourcesBehind([state({ status })], at)))).toContain('Stripe answered 500.');
  });

  it('is over when it is read again, and never begins before the first reading', () => {
    expect(only(sourcesBehind([state({ stale: false, staleSinceAt: null })], at))).toMatchObject({
      verdict: 'clear',
    });
    const unread = { ...state().status, throughAt: null };
    expect(sourcesBehind([state({ status: unread })], at)).toEqual([]);
  });

  it('has its failed checks told, its warnings not', () => {
    const result = { source: 'stripe', check: 'nulls', words: '3 of 10 rows.', checkedAt: NOW } as const;
    expect(only(qualityFailed([{ ...result, state: 'fail' }]))).toMatchObject({ verdict: 'raise' });
    expect(only(qualityFailed([{ ...result, state: 'ok' }]))).toMatchObject({ verdict: 'clear' });
    expect(
      qualityFailed([
        { ...result, state: 'warn' },
        { ...result, state: 'unknown' },
      ]),
    ).toEqual([]);
  });
});

describe('an approval about to expire', () => {
  const pending = {
    id: 'ap_1',
    title: 'Refund $120.00 to Acme',
    requesterName: 'Priya Raman',
    amount: { minor: 12_000, currency: 'USD' },
    createdAt: NOW - 23 * HOUR,
    expiresAt: NOW + HOUR,
    yeses: 0,
  };

  it('is spoken of in its last hour, and is over when it is decided', () => {
    expect(approvalsExpiring([{ ...pending, expiresAt: NOW + HOUR + 1 }], [], at)).toEqual([]);
    expect(told(only(approvalsExpiring([pending], [], at)))).toContain('nobody has decided');
    expect(only(approvalsExpiring([], ['ap_1'], at))).toMatchObject({
      verdict: 'clear',
      subject: { id: 'ap_1' },
    });
  });

  it('is not spoken of the moment it is made, however short it lives', () => {
    expect(expiringFromAt({ createdAt: NOW, expiresAt: NOW + HOUR / 2 })).toBe(NOW + HOUR / 4);
  });
});
