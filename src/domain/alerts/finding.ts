import type { Money } from '../types.ts';
import type { Alert, AlertKind } from './alert.ts';

/**
 * What a detector says about a subject at one instant: it needs a look, or no longer does. About what lies in
 * between it says nothing, so that an alert neither opens nor closes there and does not flap.
 * The same facts always give the same finding: replays and repetitions change nothing.
 */
export type Finding = Raised | Cleared;

export interface Raised {
  verdict: 'raise';
  kind: AlertKind;
  subject: Alert['subject'];
  title: string;
  detail: string;
  /** What it was concluded from, a line each. */
  facts: readonly string[];
  amount: Money | null;
  /** How often it happened: failed payments, days, hours. */
  count: number;
  lastSeenAt: number;
}

export interface Cleared {
  verdict: 'clear';
  kind: AlertKind;
  subject: Pick<Alert['subject'], 'kind' | 'id'>;
  /** Why it is over, in a sentence. */
  words: string;
}
