import type { Json, Money } from '../types.ts';

/** What a consequential tool intends, computed from fresh facts. Equal facts give an equal plan, byte for byte. */
export interface Plan {
  /** One line: "Refund $120.00 to Acme Robotics". */
  title: string;
  subject: { kind: string; id: string };
  customer: { id: string; name: string } | null;
  changes: { what: string; before: string; after: string }[];
  /** Who notices: "billing@acme.example gets Stripe's refund receipt". */
  touches: string[];
  amount: Money | null;
  /** The same in the company's currency, which the policy's bands are in. */
  policyAmount: Money | null;
  reversible: { possible: boolean; how: string };
  warnings: string[];
  /** Everything `apply` needs and the stale-plan guard compares. */
  facts: { [key: string]: Json };
}

/** One step towards the outside; the ledger gives the key and sees to at most once. */
export interface Effect<T extends Json> {
  /** thing.past_tense: `refund.created`. */
  kind: string;
  system: string;
  request: { [key: string]: Json };
  amount?: Money;
  send(key: string): Promise<{ outsideId: string; result: T }>;
  /** Finds what an earlier send with this key did; absent where the outside cannot be asked. */
  lookUp?(key: string): Promise<{ outsideId: string; result: T } | null>;
}

export interface EffectRunner {
  /** Runs the step once whatever crashes; throws SystemError `effect_unknown` when nobody can tell. */
  perform<T extends Json>(effect: Effect<T>): Promise<T>;
}
