import { z } from 'zod';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/**
 * At most `cap` attempts within any `windowMs`. Networks count by card; some only attempts of the same amount. All
 * attempts count, the first one too: stricter than "re-attempts", and what Stripe blocks at.
 */
export const NetworkLimit = z.strictObject({
  id: z.string().min(1),
  /** "visa", "mastercard"; "other" for every network that has no limit of its own. */
  network: z.string().min(1),
  /** Of the acquirer, ISO 3166 alpha-2; null everywhere. */
  country: z
    .string()
    .regex(/^[A-Z]{2}$/)
    .nullable()
    .default(null),
  scope: z.enum(['card', 'card_and_amount']),
  counts: z.enum(['attempts', 'declines']),
  windowMs: z.number().int().positive(),
  cap: z.number().int().positive(),
  /** As a person is told it: "Visa allows 15 attempts in 30 days for a card and an amount". */
  words: z.string().min(1),
});

export const AttemptRules = z.strictObject({
  limits: z.array(NetworkLimit),
  /** Between two attempts of one card, unless the customer did something in between. */
  minimumGapMs: z.number().int().nonnegative(),
  /** Countries whose cards are never charged by a schedule. Stripe's retries leave out cards of India. */
  manualOnlyCountries: z.array(z.string().regex(/^[A-Z]{2}$/)),
});

export type NetworkLimit = z.infer<typeof NetworkLimit>;
export type AttemptRules = z.infer<typeof AttemptRules>;

/** What the networks themselves allow, beyond which they charge a fee or block. Each source says which date it is of. */
export const VISA_2024 = limit('visa', 'card_and_amount', 'attempts', 30, 15, 'Visa allows 15');
/** Visa Core Rules of 18 April 2026, table 7-2, as two independent write-ups report it. */
export const VISA_2026_04 = limit('visa', 'card_and_amount', 'attempts', 30, 20, 'Visa allows 20');
const MASTERCARD_DAY = limit('mastercard', 'card', 'declines', 1, 10, 'Mastercard allows 10 declined');
const MASTERCARD_MONTH = limit('mastercard', 'card_and_amount', 'attempts', 30, 35, 'Mastercard allows 35');
/** Brazil: a fee from the eighth re-attempt of a month (payzu.com.br). */
const MASTERCARD_BRAZIL: NetworkLimit = {
  ...limit('mastercard', 'card_and_amount', 'attempts', 30, 7, 'Mastercard in Brazil allows 7'),
  id: 'mastercard-br-30d',
  country: 'BR',
};

/** A US bank debit that bounced may be sent twice more within 40 days; Stripe refuses what goes beyond. */
const US_BANK_DEBIT: NetworkLimit = {
  ...limit('us_bank_account', 'card_and_amount', 'declines', 40, 3, 'a bounced debit may be sent 3 times'),
  words: 'a bounced debit may be sent 3 times in 40 days',
};

export const NETWORK_RULES: readonly NetworkLimit[] = [
  VISA_2024,
  MASTERCARD_DAY,
  MASTERCARD_MONTH,
  MASTERCARD_BRAZIL,
  US_BANK_DEBIT,
];

/**
 * What we keep to: Visa's 15, one below each of Mastercard's, so that a charge that somebody makes elsewhere does not
 * break the rule; of other networks, which publish none, as for Visa.
 */
export const DEFAULT_ATTEMPT_RULES: AttemptRules = AttemptRules.parse({
  limits: [
    VISA_2024,
    { ...MASTERCARD_DAY, cap: 9, words: 'we stop at 9 declined attempts, one below Mastercard’s 10' },
    { ...MASTERCARD_MONTH, cap: 34, words: 'we stop at 34 attempts, one below Mastercard’s 35' },
    MASTERCARD_BRAZIL,
    US_BANK_DEBIT,
    { ...limit('other', 'card_and_amount', 'attempts', 30, 15, 'we stop at 15'), id: 'other-30d' },
  ],
  minimumGapMs: DAY_MS,
  manualOnlyCountries: ['IN'],
});

/** The limits that hold for a card of a network, with an acquirer in a country. */
export function limitsFor(
  rules: AttemptRules,
  network: string,
  acquirerCountry: string | null,
): NetworkLimit[] {
  const name = network.toLowerCase();
  const hasOwn = rules.limits.some((rule) => rule.network === name);
  return rules.limits.filter(
    (rule) =>
      (rule.country === null || rule.country === acquirerCountry) &&
      (rule.network === name || (rule.network === 'other' && !hasOwn)),
  );
}

function limit(
  network: string,
  scope: NetworkLimit['scope'],
  counts: NetworkLimit['counts'],
  days: number,
  cap: number,
  words: string,
): NetworkLimit {
  const what = counts === 'declines' ? '' : ' attempts';
  const span = days === 1 ? '24 hours' : `${days} days`;
  const of = scope === 'card' ? 'a card' : 'a card and an amount';
  return {
    id: `${network}-${days === 1 ? '24h' : `${days}d`}`,
    network,
    country: null,
    scope,
    counts,
    windowMs: days * DAY_MS,
    cap,
    words: `${words}${what} in ${span} for ${of}`,
  };
}
