import type { Decline } from './classify-decline.ts';

/** One charge that was tried, whoever tried it and for whichever invoice. */
export interface Attempt {
  id: string;
  at: number;
  /** Stripe's `card.fingerprint`: the same card under any customer or payment method has one. */
  fingerprint: string;
  amountMinor: number;
  currency: string;
  invoiceId: string | null;
  by: 'schedule' | 'person' | 'customer';
  /** `unknown`: the answer was lost, and nobody has looked it up yet. */
  outcome: 'succeeded' | 'declined' | 'pending' | 'unknown';
  /** Of a decline; null otherwise. */
  decline: Decline | null;
  /** False of what the provider held back by itself (Stripe's retries of a card it will not send). */
  reachedNetwork: boolean;
}

/** The charge that is to be tried now. */
export interface AttemptRequest {
  fingerprint: string;
  network: string;
  /** Where the card was issued, ISO 3166 alpha-2; null when nobody knows. */
  cardCountry: string | null;
  acquirerCountry: string | null;
  amountMinor: number;
  currency: string;
  by: 'schedule' | 'person' | 'customer';
  /** When the customer last did something about this card: updated its details, confirmed with the bank. Null: never. */
  actedAt: number | null;
}

export const REFUSALS = [
  'in_flight',
  'network_forbids',
  'never_again',
  'held_by_provider',
  'needs_customer',
  'once_only',
  'manual_only',
  'advised_wait',
  'minimum_gap',
  'network_limit',
] as const;
export type Refusal = (typeof REFUSALS)[number];

export interface Obstacle {
  reason: Refusal;
  /** The limit or code it is about: "visa-30d", "stolen_card". */
  rule: string;
  words: string;
  /** From when this one no longer stands in the way; null when time alone does not mend it. */
  untilAt: number | null;
}

export type AttemptDecision =
  | { allowed: true; left: { rule: string; attempts: number }[] }
  | {
      allowed: false;
      reason: Refusal;
      words: string;
      /** The first instant at which it would be allowed if nothing else happens; null when it needs more than time. */
      againAt: number | null;
      /** Everything that stands in the way, the gravest first. */
      obstacles: Obstacle[];
      needs: 'new_method' | 'customer' | 'answer' | 'person' | 'time';
    };
