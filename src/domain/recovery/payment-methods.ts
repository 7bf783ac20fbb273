import { dateAt, makeDate, startOfDayAt } from '../periods/calendar.ts';

const DAY_MS = 86_400_000;

/**
 * Where Stripe takes the payment method of a subscription's invoice from, in order: the subscription's own before the
 * customer's, payment methods before sources (Stripe API, Subscription `default_payment_method`, `default_source`).
 */
export const METHOD_PRECEDENCE = [
  'subscription.default_payment_method',
  'subscription.default_source',
  'customer.invoice_settings.default_payment_method',
  'customer.default_source',
] as const;
export type MethodPlace = (typeof METHOD_PRECEDENCE)[number];

/** The place whose method is charged, of those that are set; null when none is. */
export function chargedPlace(set: ReadonlySet<string>): MethodPlace | null {
  return METHOD_PRECEDENCE.find((place) => set.has(place)) ?? null;
}

export interface StoredMethod {
  id: string;
  kind: 'card' | 'bank_debit' | 'wallet' | 'other';
  /** Of cards; two methods with one fingerprint are one card. */
  fingerprint: string | null;
  /** Where it is set as default; null for one that is only stored. */
  place: MethodPlace | null;
  /** Of cards, 1 to 12 and four digits; the card is good to the end of that month. */
  expiry: { month: number; year: number } | null;
  /** The last outcome of a charge with it. */
  lastOutcome: 'succeeded' | 'declined' | null;
  addedAt: number;
}

/** The customer said which methods may be charged for what is owed; without that only the default is. */
export interface MethodConsent {
  anyStoredMethod: boolean;
}

/**
 * Methods to try instead of one that was declined, best first: in Stripe's order of defaults, then what worked last
 * time, then the newest. Never the same card under another id, never an expired card, and nothing that the customer
 * has not agreed to have charged.
 */
export function alternativeMethods(
  methods: readonly StoredMethod[],
  declined: { id: string; fingerprint: string | null },
  consent: MethodConsent,
  at: number,
): StoredMethod[] {
  return methods
    .filter(
      ({ id, fingerprint }) =>
        id !== declined.id && (fingerprint === null || fingerprint !== declined.fingerprint),
    )
    .filter(({ expiry }) => expiry === null || expiresAt(expiry) > at)
    .filter(({ lastOutcome }) => lastOutcome !== 'declined')
    .filter(({ place }) => place !== null || consent.anyStoredMethod)
    .sort((one, other) => rank(one) - rank(other) || other.addedAt - one.addedAt);
}

function rank({ place, lastOutcome }: StoredMethod): number {
  if (place !== null) return METHOD_PRECEDENCE.indexOf(place);
  return METHOD_PRECEDENCE.length + (lastOutcome === 'succeeded' ? 0 : 1);
}

/** The instant a card stops being good: the end of its month, by the earliest clock on earth, so that none is late. */
export function expiresAt({ month, year }: { month: number; year: number }): number {
  const first = makeDate(month === 12 ? year + 1 : year, month === 12 ? 1 : month + 1, 1);
  return first ? startOfDayAt(first, 'Pacific/Kiritimati') : 0;
}

/** Days before the first charge that the card would not live to see. The last is for who has not answered. */
export const ASK_DAYS_BEFORE = [30, 14, 3] as const;

export type CardUpdate =
  | { ask: false; why: 'good' | 'no_charge_ahead' | 'asked' | 'too_early'; nextAt: number | null }
  | { ask: true; reminder: number; chargeAt: number; words: string };

/**
 * Whether to send a link for new card details now: 30, 14 and 3 days before the first charge after the card expires,
 * each once, and one for a card that has expired already. `askedAt` are the instants it was asked for this expiry.
 */
export function planCardUpdate(
  card: { expiry: { month: number; year: number } },
  charges: readonly number[],
  askedAt: readonly number[],
  now: { at: number; tz: string },
): CardUpdate {
  const endAt = expiresAt(card.expiry);
  const chargeAt = charges.filter((at) => at >= endAt && at >= now.at).sort((one, other) => one - other)[0];
  if (chargeAt === undefined) {
    return { ask: false, why: charges.some((at) => at >= now.at) ? 'good' : 'no_charge_ahead', nextAt: null };
  }
  const times = ASK_DAYS_BEFORE.map((days) => chargeAt - days * DAY_MS);
  const due = times.findLastIndex((at) => at <= now.at);
  if (due === -1) return { ask: false, why: 'too_early', nextAt: times[0] ?? null };
  const dueAt = times[due] ?? now.at;
  if (askedAt.some((at) => at >= dueAt)) return { ask: false, why: 'asked', nextAt: times[due + 1] ?? null };
  const day = dateAt(chargeAt, now.tz).toString();
  return {
    ask: true,
    reminder: due + 1,
    chargeAt,
    words: `The card ends ${card.expiry.month}/${card.expiry.year}; the next charge is on ${day}.`,
  };
}
