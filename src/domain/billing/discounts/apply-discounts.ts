import { type Rounding, roundTo } from '../../money/exact.ts';
import { allocate, apportion, percentOf, sumExact, sumMinor } from '../apportion.ts';
import type { AppliedDiscount, InvoiceLine } from '../invoice.ts';
import { amountLeft, type HeldCoupon, isInForce } from './coupon.ts';

export interface DiscountContext {
  currency: string;
  /** The instant of the invoice. */
  at: number;
  tz: string;
  rounding: Rounding;
}

type DiscountableLine = Pick<InvoiceLine, 'key' | 'priceId' | 'amountMinor' | 'discountable'>;

export interface DiscountOutcome {
  /** In the order in which they acted. */
  discounts: AppliedDiscount[];
  /** What each line is after them, by key. */
  leftMinor: ReadonlyMap<string, bigint>;
}

/**
 * The discounts of an invoice. Each acts on what those before it left of the lines it is for: a percentage on their
 * sum, corrections below 0 included; an amount on positive lines only and never below 0. Prorations that contain a
 * discount already are left alone. Every discount's shares sum to it and none turns a line's sign.
 */
export function applyDiscounts(
  lines: readonly DiscountableLine[],
  held: readonly HeldCoupon[],
  context: DiscountContext,
): DiscountOutcome {
  const left = new Map(lines.map((line) => [line.key, line.amountMinor]));
  const discounts: AppliedDiscount[] = [];
  for (const one of inOrder(held.filter((each) => isInForce(each, context.at, context.tz)))) {
    const wanted = lines.filter((line) => isFor(one, line));
    const shares = sharesOf(one, wanted, left, context);
    const amountMinor = sumMinor(shares.map((share) => share.amountMinor));
    if (shares.every((share) => share.amountMinor === 0n)) continue;
    for (const share of shares) left.set(share.lineKey, (left.get(share.lineKey) ?? 0n) - share.amountMinor);
    discounts.push({ couponId: one.coupon.id, name: one.coupon.name, amountMinor, shares });
  }
  return { discounts, leftMinor: left };
}

function inOrder(held: readonly HeldCoupon[]): HeldCoupon[] {
  return [...held].sort(
    (one, other) =>
      one.coupon.order - other.coupon.order ||
      one.startAt - other.startAt ||
      (one.coupon.id < other.coupon.id ? -1 : 1),
  );
}

function isFor({ coupon }: HeldCoupon, line: DiscountableLine): boolean {
  return line.discountable && (coupon.priceIds === null || coupon.priceIds.includes(line.priceId));
}

function sharesOf(
  held: HeldCoupon,
  lines: readonly DiscountableLine[],
  left: ReadonlyMap<string, bigint>,
  context: DiscountContext,
): { lineKey: string; amountMinor: bigint }[] {
  const { off } = held.coupon;
  const amounts = lines.map((line) => left.get(line.key) ?? 0n);
  const shares =
    off.kind === 'percent'
      ? percentShares(off.percent, amounts, context.rounding)
      : off.currency === context.currency
        ? amountShares(amountLeft(held) ?? 0n, amounts)
        : amounts.map(() => 0n);
  return lines.map((line, index) => ({ lineKey: line.key, amountMinor: shares[index] ?? 0n }));
}

function percentShares(percent: string, amounts: readonly bigint[], rounding: Rounding): bigint[] {
  const ideals = amounts.map((amount) => percentOf(percent, amount));
  return apportion(roundTo(sumExact(ideals), 0, rounding), ideals);
}

function amountShares(amountMinor: bigint, amounts: readonly bigint[]): bigint[] {
  const weights = amounts.map((amount) => (amount > 0n ? amount : 0n));
  const base = sumMinor(weights);
  return allocate(amountMinor < base ? amountMinor : base, weights);
}

/** A held coupon after an invoice, so that the next one knows what is left of it. */
export function afterUse(held: HeldCoupon, discounts: readonly AppliedDiscount[]): HeldCoupon {
  const mine = discounts.filter(({ couponId }) => couponId === held.coupon.id);
  if (mine.length === 0) return held;
  const usedMinor = held.usedMinor + sumMinor(mine.map(({ amountMinor }) => amountMinor));
  return { ...held, timesUsed: held.timesUsed + 1, usedMinor };
}
