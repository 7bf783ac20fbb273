import { describe, expect, it } from 'vitest';
import { accountsAtRisk, leftUnwarned, withoutTwice } from '../../../src/domain/alerts/account-risk.ts';
import type { Finding } from '../../../src/domain/alerts/finding.ts';
import { groupTitle, questionAbout } from '../../../src/domain/alerts/group-words.ts';
import type { AccountSigns, SignsAt } from '../../../src/domain/health/signs.ts';

const DAY = 86_400_000;
const NOW = Date.UTC(2026, 10, 23, 12);
const at: SignsAt = {
  nowAt: NOW,
  tz: 'UTC',
  days: Array.from({ length: 63 }, (_, index) => Date.UTC(2026, 10, 23) + (index - 63) * DAY),
  troubled: new Set(),
  holidays: new Set(),
  incidents: [],
};
const account = (more: Partial<AccountSigns> = {}): AccountSigns => ({
  id: 'psz_1',
  name: 'Acme',
  live: true,
  mrr: { minor: 120_000, currency: 'USD' },
  calls: at.days.map(() => 5_000),
  errors: { week: { calls: 0, errors: 0 }, before: { calls: 0, errors: 0 } },
  tickets: [],
  ownerSeenAt: null,
  othersSeenAt: null,
  ...more,
});
const tickets = [{ id: 'tkt_7', openedAt: NOW - 2 * DAY, text: 'We are comparing providers.' }];
const low = at.days.map((_, index) => (index >= 56 ? 3_000 : 5_000));
const nobody = new Set<string>();

describe('an account that may leave', () => {
  it('is one card: what, since when, MRR at stake and what to do', () => {
    const [found, another] = accountsAtRisk([account({ tickets, calls: low })], nobody, at);
    expect(another).toBeUndefined();
    expect(found).toMatchObject({
      verdict: 'raise',
      kind: 'account_risk',
      subject: { kind: 'customer', id: 'psz_1', name: 'Acme' },
      title:
        'Acme may leave: compares providers (ticket tkt_7); API calls fell by 40% in 7 days: 3,000 a day, 5,000 on the same weekdays before.',
      detail:
        '$1,200.00 MRR at stake. Since Nov 16, 2026. Call whoever wrote ticket tkt_7 this week: ask what is missing, and bring their usage and the terms of the renewal.',
      amount: { minor: 120_000, currency: 'USD' },
    });
    // What customers write is never quoted.
    expect(JSON.stringify(found)).not.toContain('comparing');
  });

  it('gives the same finding for the same facts', () => {
    const twice = [1, 2].map(() => accountsAtRisk([account({ tickets })], nobody, at));
    expect(twice[0]).toEqual(twice[1]);
  });

  it('is over when no sign is left, and only where a card stands', () => {
    expect(accountsAtRisk([account()], nobody, at)).toEqual([]);
    expect(accountsAtRisk([account()], new Set(['psz_1']), at)).toMatchObject([{ verdict: 'clear' }]);
    expect(accountsAtRisk([account({ tickets, live: false })], new Set(['psz_1']), at)).toMatchObject([
      { verdict: 'clear', words: 'Acme has no live subscription any more.' },
    ]);
  });

  it('does not flap: calls between the two thresholds neither open nor close', () => {
    const between = at.days.map((_, index) => (index >= 56 ? 4_250 : 5_000));
    expect(accountsAtRisk([account({ calls: between })], nobody, at)).toEqual([]);
    expect(accountsAtRisk([account({ calls: between })], new Set(['psz_1']), at)).toEqual([]);
  });

  it('is not told of twice: its drop of calls is part of the card', () => {
    const drop: Finding = {
      ...{ verdict: 'raise', kind: 'usage_drop', title: '', detail: '', facts: [], amount: null, count: 1 },
      ...{ subject: { kind: 'customer', id: 'psz_1', name: 'Acme' }, lastSeenAt: NOW },
    };
    const other: Finding = { ...drop, subject: { kind: 'customer', id: 'psz_2', name: 'Globex' } };
    const risk = accountsAtRisk([account({ tickets })], nobody, at);
    const verdicts = (findings: readonly Finding[]) =>
      findings.map(({ kind, verdict }) => `${kind} ${verdict}`);
    expect(verdicts(withoutTwice([drop, other, ...risk], nobody))).toEqual([
      'usage_drop clear',
      'usage_drop raise',
      'account_risk raise',
    ]);
    // Also at a later look, at which only the drop was looked at.
    expect(verdicts(withoutTwice([drop], new Set(['psz_1'])))).toEqual(['usage_drop clear']);
    const over = accountsAtRisk([account()], new Set(['psz_1']), at);
    expect(verdicts(withoutTwice([drop, ...over], new Set(['psz_1'])))).toEqual([
      'usage_drop raise',
      'account_risk clear',
    ]);
  });

  it('is spoken of in the plural with what is at stake, and asked about by name', () => {
    const many = [1, 2].map((n) => ({
      kind: 'account_risk' as const,
      subject: { kind: 'customer', id: `psz_${n}`, name: `N${n}` },
      amount: { minor: 10_000, currency: 'USD' },
      ...{ lastSeenAt: NOW, title: '', count: 1 },
    }));
    expect(groupTitle('account_risk', many, 'UTC')).toBe(
      '2 customers may leave, $200.00 MRR at stake, Nov 23, 2026.',
    );
    expect(questionAbout(many.slice(0, 1))).toBe('why is N1 at risk?');
    expect(questionAbout(many)).toBe('who is at risk?');
  });
});

describe('green but left', () => {
  const left = {
    ...{ customerId: 'psz_1', name: 'Acme', leftAt: NOW - 2 * DAY },
    last: { at: NOW - 4 * DAY, band: 'healthy', score: 88.4 },
  } as const;

  it('opens a review of what the score missed, and closes it later', () => {
    expect(leftUnwarned([left], nobody, 'UTC')).toMatchObject([
      {
        verdict: 'raise',
        subject: { kind: 'departure', id: 'psz_1' },
        title: 'Acme left on Nov 21, 2026 although its health was 88 of 100 on Nov 19, 2026.',
      },
    ]);
    expect(leftUnwarned([], new Set(['psz_1']), 'UTC')).toMatchObject([
      { verdict: 'clear', subject: { kind: 'departure', id: 'psz_1' } },
    ]);
  });
});
