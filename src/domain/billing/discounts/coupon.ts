import { Temporal } from 'temporal-polyfill';
import { z } from 'zod';

const Decimal = z.string().regex(/^\d+(?:\.\d+)?$/, 'a decimal number');

/** A discount as it is offered. */
export const Coupon = z.strictObject({
  id: z.string().min(1),
  /** As the invoice says it: "Spring 20%". */
  name: z.string().min(1),
  off: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('percent'), percent: Decimal.refine((text) => Number(text) <= 100) }),
    /** Minor units, decimal string without decimals. */
    z.strictObject({
      kind: z.literal('amount'),
      amountMinor: z.string().regex(/^\d+$/),
      currency: z.string().regex(/^[A-Z]{3}$/),
      /** A one-off amount that an invoice did not use up goes on to the next (Lago) or is gone (Stripe). */
      keepsRemainder: z.boolean().default(false),
    }),
  ]),
  duration: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('once') }),
    /** Every invoice that begins within so many months of the coupon's, in full: a yearly one too. */
    z.strictObject({ kind: z.literal('repeating'), months: z.number().int().positive() }),
    z.strictObject({ kind: z.literal('forever') }),
  ]),
  /** The prices it takes off; null: all. */
  priceIds: z.array(z.string().min(1)).nullable().default(null),
  /** How often it may be given in all; null: without limit. */
  maxRedemptions: z.number().int().positive().nullable().default(null),
  /** The instant from which it is no longer given; null: never. */
  redeemBy: z.number().int().nullable().default(null),
  /** Lower acts first; of equal ones the earlier given, then by id. */
  order: z.number().int().default(0),
});
export type Coupon = z.infer<typeof Coupon>;

/** A coupon a customer has. */
export interface HeldCoupon {
  coupon: Coupon;
  /** When it was given, epoch ms. */
  startAt: number;
  /** How many invoices it has discounted, and by how much in all. */
  timesUsed: number;
  usedMinor: bigint;
}

/** Whether one more customer may have it. */
export function isRedeemable(coupon: Coupon, redemptions: number, at: number): boolean {
  if (coupon.maxRedemptions !== null && redemptions >= coupon.maxRedemptions) return false;
  return coupon.redeemBy === null || at < coupon.redeemBy;
}

/** Whether it discounts an invoice of an instant; months are counted on the customer's clock. */
export function isInForce(held: HeldCoupon, at: number, tz: string): boolean {
  const { duration } = held.coupon;
  if (at < held.startAt) return false;
  switch (duration.kind) {
    case 'forever':
      return true;
    case 'once':
      return held.timesUsed === 0 || keepsSome(held);
    case 'repeating':
      return at < monthsLater(held.startAt, duration.months, tz);
  }
}

/** What a coupon of an amount can still take off; null for a percentage. */
export function amountLeft(held: HeldCoupon): bigint | null {
  const { off, duration } = held.coupon;
  if (off.kind === 'percent') return null;
  const amount = BigInt(off.amountMinor);
  // One that comes again is whole again on every invoice; a single one has only what is left.
  if (duration.kind !== 'once') return amount;
  return amount > held.usedMinor ? amount - held.usedMinor : 0n;
}

function keepsSome(held: HeldCoupon): boolean {
  const { off } = held.coupon;
  return off.kind === 'amount' && off.keepsRemainder && (amountLeft(held) ?? 0n) > 0n;
}

function monthsLater(at: number, months: number, tz: string): number {
  return Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(tz).add({ months }).epochMilliseconds;
}
