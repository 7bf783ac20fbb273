import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AlertRecord } from '../../../src/domain/alerts/alert.ts';
import type { Finding, Raised } from '../../../src/domain/alerts/finding.ts';
import { groupTitle, mostPressing } from '../../../src/domain/alerts/group-words.ts';
import { allot, GROUP_WITHIN_MS, MAX_CARDS } from '../../../src/domain/alerts/grouping.ts';
import { REOPEN_WITHIN_MS, step } from '../../../src/domain/alerts/lifecycle.ts';
import { snoozeEndAt } from '../../../src/domain/alerts/snooze.ts';

const NOW = Date.parse('2026-11-22T22:30:00Z');
const subject = { kind: 'customer', id: 'cst_acme', name: 'Acme' };

function raised(over: Partial<Raised> = {}): Raised {
  return {
    verdict: 'raise',
    kind: 'payment_failed',
    subject,
    title: 'Acme failed.',
    detail: 'First.',
    facts: [],
    amount: { minor: 100, currency: 'USD' },
    count: 1,
    lastSeenAt: NOW,
    ...over,
  };
}
const cleared: Finding = { verdict: 'clear', kind: 'payment_failed', subject, words: 'Paid.' };

function lifeOf(findings: readonly (readonly [number, Finding])[]): {
  alert: AlertRecord | null;
  changes: string[];
} {
  let alert: AlertRecord | null = null;
  let made = 0;
  const changes = findings.map(([at, finding]) => {
    const result = step(alert, finding, at, () => `al_${++made}`);
    if (result.change !== 'none') alert = result.alert;
    return result.change;
  });
  return { alert, changes };
}

describe('an alert', () => {
  it('is opened once, updated by what is new, and left alone by repetition', () => {
    const { changes, alert } = lifeOf([
      [NOW, raised()],
      [NOW + 1, raised()],
      [NOW + 2, raised({ count: 2, lastSeenAt: NOW + 2 })],
      [NOW + 3, cleared],
      [NOW + 4, cleared],
    ]);
    expect(changes).toEqual(['opened', 'none', 'updated', 'resolved', 'none']);
    expect(alert).toMatchObject({ id: 'al_1', state: 'resolved', resolution: 'Paid.', count: 2 });
  });

  it('is the same one again when the trouble is back soon, and a new one later', () => {
    const soon = lifeOf([
      [NOW, raised()],
      [NOW + 1, cleared],
      [NOW + 1 + REOPEN_WITHIN_MS - 1, raised()],
    ]);
    expect(soon.changes.at(-1)).toBe('reopened');
    expect(soon.alert).toMatchObject({ id: 'al_1', state: 'open', resolvedAt: null });
    const late = lifeOf([
      [NOW, raised()],
      [NOW + 1, cleared],
      [NOW + 1 + REOPEN_WITHIN_MS, raised()],
    ]);
    expect(late.alert).toMatchObject({ id: 'al_2', state: 'open' });
  });

  it('is never two at once, and says the same however often the same is found', () => {
    const finding = fc.oneof(
      fc.constant(cleared),
      fc.record({ count: fc.integer({ min: 1, max: 3 }) }).map(({ count }): Finding => raised({ count })),
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.integer({ min: 0, max: REOPEN_WITHIN_MS }), finding)), (told) => {
        let at = NOW;
        const timed = told.map(([wait, one]) => {
          at += wait;
          return [at, one] as const;
        });
        const doubled = timed.flatMap((one) => [one, one]);
        const plain = lifeOf(timed);
        const twice = lifeOf(doubled);
        expect(twice.alert).toEqual(plain.alert);
        expect(twice.changes.filter((_, index) => index % 2 === 1).every((change) => change === 'none')).toBe(
          true,
        );
      }),
    );
  });
});

describe('which card', () => {
  const card = (id: string, joinedAt: number) => ({ id, joinedAt });

  it.each<[string, Parameters<typeof allot>, ReturnType<typeof allot>]>([
    ['the first gets its own', [[], 5, NOW], { to: 'new' }],
    [
      'what happens within a minute shares it',
      [[card('a', NOW - GROUP_WITHIN_MS)], 5, NOW],
      { to: 'card', cardId: 'a', say: false },
    ],
    ['what happens later gets its own', [[card('a', NOW - GROUP_WITHIN_MS - 1)], 5, NOW], { to: 'new' }],
    [
      'beyond some cards the newest is joined, with a word',
      [Array.from({ length: MAX_CARDS }, (_, n) => card(`${n}`, n)), 5, NOW],
      { to: 'card', cardId: `${MAX_CARDS - 1}`, say: true },
    ],
    [
      'when the hour is used up it is joined without',
      [[card('a', 0)], 0, NOW],
      { to: 'card', cardId: 'a', say: false },
    ],
    ['when there is none to join it waits', [[], 0, NOW], { to: 'later' }],
  ])('%s', (_, given, expected) => {
    expect(allot(...given)).toEqual(expected);
  });
});

describe('a grouped card', () => {
  const one = (minor: number, currency: string, lastSeenAt = NOW) => ({
    ...{ kind: 'payment_failed' as const, subject, title: `${minor} ${currency}`, count: 1, lastSeenAt },
    amount: { minor, currency },
  });

  it('adds up by currency and says when', () => {
    const title = groupTitle(
      'payment_failed',
      [one(120_000, 'USD', NOW - 60_000), one(5_000, 'USD'), one(700, 'EUR')],
      'UTC',
    );
    expect(title).toBe('3 customers have failed payments, $1,250.00 and €7.00 unpaid, Nov 22, 2026.');
  });

  it('names the largest first, and yen are not dollars', () => {
    const named = mostPressing([one(40_000, 'JPY'), one(900_000, 'USD'), one(50_000, 'USD')], 2);
    expect(named.map(({ title }) => title)).toEqual(['40000 JPY', '900000 USD']);
  });
});

describe('a snooze', () => {
  it.each([
    ['hour', 'Europe/Berlin', '2026-11-22T23:30:00Z'],
    ['tomorrow', 'Europe/Berlin', '2026-11-23T07:00:00Z'],
    ['tomorrow', 'America/Los_Angeles', '2026-11-23T16:00:00Z'],
    ['week', 'America/New_York', '2026-11-29T13:00:00Z'],
  ] as const)('%s in %s ends at %s', (snooze, tz, end) => {
    expect(new Date(snoozeEndAt(snooze, NOW, tz)).toISOString()).toBe(end.replace('Z', '.000Z'));
  });

  it('ends at eight on the wall clock, also when the clocks change that night', () => {
    const saturday = Date.parse('2026-10-31T20:00:00Z');
    expect(new Date(snoozeEndAt('tomorrow', saturday, 'America/New_York')).toISOString()).toBe(
      '2026-11-01T13:00:00.000Z',
    );
  });
});
