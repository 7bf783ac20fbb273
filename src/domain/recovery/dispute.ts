import { z } from 'zod';

const DAY_MS = 86_400_000;

/** Stripe's `dispute.reason`. */
export const DISPUTE_REASONS = [
  'fraudulent',
  'unrecognized',
  'duplicate',
  'subscription_canceled',
  'product_not_received',
  'product_unacceptable',
  'credit_not_processed',
  'general',
  'noncompliant',
  'customer_initiated',
  'debit_not_authorized',
  'insufficient_funds',
  'incorrect_account_details',
  'bank_cannot_process',
  'check_returned',
] as const;
export type DisputeReason = (typeof DISPUTE_REASONS)[number];

export interface Dispute {
  id: string;
  reason: DisputeReason;
  /** "visa", "mastercard", "us_bank_account". */
  network: string;
  openedAt: number;
  /** What the provider says (`evidence_details.due_by`); null when it has said nothing yet. */
  dueAt: number | null;
  /** An inquiry may be answered before it becomes a dispute. */
  inquiry: boolean;
}

/** How long there is to answer where the provider has not said; the most specific row holds. */
export const DisputeWindow = z.strictObject({
  network: z.string().nullable(),
  reason: z.enum(DISPUTE_REASONS).nullable(),
  days: z.number().int().positive(),
});
export type DisputeWindow = z.infer<typeof DisputeWindow>;

/**
 * Stripe gives 7 to 21 days, by network and reason (support.stripe.com, why a dispute has no resolution yet). Until it
 * says which, we work to the shortest. A company that knows its acquirer's days adds rows.
 */
export const DEFAULT_DISPUTE_WINDOWS: readonly DisputeWindow[] = [{ network: null, reason: null, days: 7 }];

/** Disputes of bank debits are final: the bank asks for no evidence (Stripe, ACH and SEPA debit disputes). */
const FINAL = new Set(['us_bank_account', 'ach', 'sepa_debit', 'bacs_debit', 'acss_debit', 'au_becs_debit']);

export type DisputeDeadline =
  | { contestable: false; words: string }
  | {
      contestable: true;
      dueAt: number;
      /** The provider said so; otherwise it is our shortest assumption. */
      certain: boolean;
      /** When somebody here should have decided: two days before, so that a question can still be asked. */
      decideAt: number;
      state: 'open' | 'urgent' | 'over';
      words: string;
    };

/** Until when evidence can be given. Urgent from three days before. */
export function disputeDeadline(
  dispute: Dispute,
  now: number,
  windows: readonly DisputeWindow[] = DEFAULT_DISPUTE_WINDOWS,
): DisputeDeadline {
  const network = dispute.network.toLowerCase();
  if (FINAL.has(network)) {
    return { contestable: false, words: 'Disputes of bank debits are final; the bank takes no evidence.' };
  }
  const dueAt = dispute.dueAt ?? dispute.openedAt + daysFor(network, dispute.reason, windows) * DAY_MS;
  const certain = dispute.dueAt !== null;
  const left = dueAt - now;
  const state = left <= 0 ? 'over' : left <= 3 * DAY_MS ? 'urgent' : 'open';
  const days = Math.floor(left / DAY_MS);
  const time =
    state === 'over' ? 'The time to answer is over.' : `${days} ${days === 1 ? 'day' : 'days'} left.`;
  return {
    contestable: true,
    dueAt,
    certain,
    decideAt: Math.max(dispute.openedAt, dueAt - 2 * DAY_MS),
    state,
    words: certain ? time : `${time} The provider has not said until when; this is the shortest it gives.`,
  };
}

function daysFor(network: string, reason: DisputeReason, windows: readonly DisputeWindow[]): number {
  const fitting = windows.filter(
    (row) =>
      (row.network === null || row.network === network) && (row.reason === null || row.reason === reason),
  );
  const weight = (row: DisputeWindow) => Number(row.network !== null) * 2 + Number(row.reason !== null);
  return fitting.sort((one, other) => weight(other) - weight(one))[0]?.days ?? 7;
}
