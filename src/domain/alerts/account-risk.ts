import {
  type AccountSigns,
  type Sign,
  type SignKind,
  type SignsAt,
  signsOf,
  usageRecovered,
} from '../health/signs.ts';
import type { GreenButLeft } from '../health/stakes.ts';
import { formatMoney } from '../money/format.ts';
import { dateAt } from '../periods/calendar.ts';
import { describeDays } from '../periods/describe-period.ts';
import type { Finding } from './finding.ts';
import { day, whole } from './words.ts';

/**
 * One finding an account with any sign that it may leave: what, since when, what is at stake and what to do.
 * `open` are the accounts of which a card stands; without any sign theirs is over, unless calls are still low.
 */
export function accountsAtRisk(
  accounts: readonly AccountSigns[],
  open: ReadonlySet<string>,
  at: SignsAt,
): Finding[] {
  return accounts.flatMap((account) => finding(account, open, at) ?? []);
}

function finding(account: AccountSigns, open: ReadonlySet<string>, at: SignsAt): Finding | null {
  const subject = { kind: 'customer', id: account.id, name: account.name };
  const clear = (words: string): Finding | null =>
    open.has(account.id) ? { verdict: 'clear', kind: 'account_risk', subject, words } : null;
  if (!account.live) return clear(`${account.name} has no live subscription any more.`);
  const signs = signsOf(account, at);
  const [first] = signs;
  if (!first) {
    const stillLow = usageRecovered(account, at) === false;
    return stillLow ? null : clear(`Nothing says any more that ${account.name} may leave.`);
  }
  const sinceAt = Math.min(...signs.map((sign) => sign.sinceAt));
  const stake = account.mrr === null ? '' : `${formatMoney(account.mrr)} MRR at stake. `;
  return {
    verdict: 'raise',
    kind: 'account_risk',
    subject,
    title: `${account.name} may leave: ${signs.map(({ words }) => words).join('; ')}.`,
    detail: `${stake}Since ${day(sinceAt, at.tz)}. ${playFor(signs)}`,
    facts: factLines(signs, account, at),
    amount: account.mrr,
    count: 1,
    lastSeenAt: Math.max(...signs.map((sign) => sign.sinceAt)),
  };
}

const PLAYS: Readonly<Record<SignKind, (ticket: string) => string>> = {
  leaving: (ticket) => `Call whoever wrote ${ticket} today, before anything is answered in writing.`,
  competitor: (ticket) =>
    `Call whoever wrote ${ticket} this week: ask what is missing, and bring their usage and the terms of the renewal.`,
  champion_left: () => 'Find out who looks after it now, and meet them within a week.',
  neglected: (ticket) => `Answer ${ticket} today and name who owns it.`,
  usage_down: () => 'Ask what changed in their integration; offer a session with an engineer.',
  upset: (ticket) => `Answer ${ticket} today, with what has been done since.`,
  errors_doubled: () => 'Give engineering the failing calls, and tell the customer before they ask.',
};

/** What to do about the gravest sign. */
function playFor([first]: readonly Sign[]): string {
  if (!first) return '';
  return PLAYS[first.kind](first.ticketId === null ? 'the last ticket' : `ticket ${first.ticketId}`);
}

function factLines(signs: readonly Sign[], { calls }: AccountSigns, { days, tz }: SignsAt): string[] {
  const lines = signs.map(({ words, sinceAt }) => `${day(sinceAt, tz)}: ${words}`);
  const week = days.slice(-7).map((startAt, index) => {
    const date = dateAt(startAt, tz);
    return `${describeDays(date, date)}: ${whole(calls[days.length - 7 + index] ?? 0)} calls`;
  });
  return [...lines, ...week];
}

/**
 * An account whose risk has a card of its own is not told of a second time for its calls alone: such a drop is over
 * as an alert of its own.
 */
export function withoutTwice(findings: readonly Finding[], open: ReadonlySet<string>): Finding[] {
  const told = new Set(open);
  for (const one of findings) {
    if (one.kind !== 'account_risk' || one.subject.kind !== 'customer') continue;
    if (one.verdict === 'raise') told.add(one.subject.id);
    else told.delete(one.subject.id);
  }
  return findings.map((one): Finding => {
    if (one.kind !== 'usage_drop' || one.verdict !== 'raise' || !told.has(one.subject.id)) return one;
    const words = `${one.subject.name} has a card that tells of this among other signs.`;
    return { verdict: 'clear', kind: 'usage_drop', subject: one.subject, words };
  });
}

/** Who left although nothing warned of it: a review each of what the score did not see. Over two weeks later. */
export function leftUnwarned(
  left: readonly (GreenButLeft & { name: string })[],
  open: ReadonlySet<string>,
  tz: string,
): Finding[] {
  const raised = left.map(({ customerId, name, leftAt, last }): Finding => {
    const score = Math.round(last.score);
    return {
      verdict: 'raise',
      kind: 'account_risk',
      subject: { kind: 'departure', id: customerId, name },
      title: `${name} left on ${day(leftAt, tz)} although its health was ${score} of 100 on ${day(last.at, tz)}.`,
      detail: `It was ${last.band} when last looked at. Look at what the score saw and what it missed, and write down why they left.`,
      facts: [
        `${day(last.at, tz)}: health ${score} of 100, ${last.band}`,
        `${day(leftAt, tz)}: the last live subscription ended`,
      ],
      amount: null,
      count: 1,
      lastSeenAt: leftAt,
    };
  });
  const ids = new Set(left.map(({ customerId }) => customerId));
  const over = [...open]
    .filter((id) => !ids.has(id))
    .map(
      (id): Finding => ({
        verdict: 'clear',
        kind: 'account_risk',
        subject: { kind: 'departure', id },
        words: 'It is more than two weeks ago.',
      }),
    );
  return [...raised, ...over];
}
