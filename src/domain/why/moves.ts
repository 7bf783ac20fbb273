/**
 * What a part of a change is put down to, in the order in which equals are told. `new`, `returned` and `lost` are
 * customers on one side only; `plan` to `fx` and `subscriptions` are what customers of both sides pay for; `count` and
 * `average` how many rows a customer had and how large each was; `more` and `less` the counts of customers on both
 * sides; `given_back` what was paid back; `rate` and `mix` the parts of a ratio.
 */
export const EFFECT_KINDS = [
  'new',
  'returned',
  'lost',
  'plan',
  'price',
  'quantity',
  'discount',
  'fx',
  'subscriptions',
  'count',
  'average',
  'given_back',
  'more',
  'less',
  'rate',
  'mix',
] as const;
export type EffectKind = (typeof EFFECT_KINDS)[number];

/** One account's part of one effect. */
export interface Move {
  kind: EffectKind;
  /** Whom it is told of: a customer, or a group of a ratio; null where a row has none. */
  id: string | null;
  name: string;
  /** Company minor units, or a count. */
  by: bigint;
}
