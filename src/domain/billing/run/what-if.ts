import { divide, exact, multiply, toDecimal } from '../../money/exact.ts';
import type { BillingConventions } from '../conventions.ts';
import type { Price } from '../price.ts';
import { calculateRerating, type PastPeriod, type ReratedCustomer } from '../rating/rerating.ts';
import { overagePrice, type UsageBasis } from './basis.ts';

/** Another price of calls beyond a plan, or another allowance; what is not given stays as it was. */
export interface PriceChange {
  /** Null: of every plan. */
  plan: string | null;
  /** 20: a fifth more; -10: a tenth less. */
  percent: string | null;
  /** Calls the plan would contain. */
  included: number | null;
}

/**
 * What each customer would have been billed differently over past months, the greatest difference first. Amounts are
 * minor units of the customer's currency, before tax; who would have paid the same is left out.
 */
export function whatIf(
  bases: readonly UsageBasis[],
  change: PriceChange,
  conventions: BillingConventions,
): ReratedCustomer[] {
  const periods = new Map<string, PastPeriod[]>();
  for (const basis of bases) {
    if (change.plan !== null && basis.plan.toLowerCase() !== change.plan.toLowerCase()) continue;
    const past = pastPeriod(basis, conventions);
    periods.set(past.key, [...(periods.get(past.key) ?? []), past.period]);
  }
  const rerated = [...periods.values()].flatMap((group) => {
    const price = group[0]?.price;
    return price === undefined
      ? []
      : calculateRerating(group, { priceId: null, terms: changed(price, change) });
  });
  return together(rerated)
    .filter(({ differenceMinor }) => differenceMinor !== 0n)
    .sort(byDifference);
}

/** Months under the same terms are rated together. */
function pastPeriod(basis: UsageBasis, conventions: BillingConventions): { key: string; period: PastPeriod } {
  const price = overagePrice(basis);
  return {
    key: JSON.stringify([price.id, price.included, price.pricing]),
    period: {
      customerId: basis.customerId,
      period: { startAt: basis.startAt, endAt: basis.endAt },
      price,
      quantity: exact(BigInt(Math.max(0, basis.calls))),
      conventions,
    },
  };
}

function changed(price: Price, { percent, included }: PriceChange): Partial<Price> {
  const { pricing } = price;
  const terms: Partial<Price> = included === null ? {} : { included: String(included) };
  if (percent === null || pricing.model !== 'per_unit') return terms;
  const factor = divide(exact(String(100 + Number(percent))), exact(100n));
  return {
    ...terms,
    pricing: { model: 'per_unit', unitAmount: toDecimal(multiply(exact(pricing.unitAmount), factor), 10) },
  };
}

/** A customer who was on several plans counts once a currency. */
function together(rerated: readonly ReratedCustomer[]): ReratedCustomer[] {
  const sums = new Map<string, ReratedCustomer>();
  for (const one of rerated) {
    const key = JSON.stringify([one.customerId, one.currency]);
    const before = sums.get(key);
    sums.set(
      key,
      before === undefined
        ? one
        : {
            ...one,
            beforeMinor: before.beforeMinor + one.beforeMinor,
            afterMinor: before.afterMinor + one.afterMinor,
            differenceMinor: before.differenceMinor + one.differenceMinor,
            periods: [...before.periods, ...one.periods],
          },
    );
  }
  return [...sums.values()];
}

function byDifference(one: ReratedCustomer, other: ReratedCustomer): number {
  const [left, right] = [magnitude(one.differenceMinor), magnitude(other.differenceMinor)];
  if (left !== right) return left > right ? -1 : 1;
  return one.customerId < other.customerId ? -1 : 1;
}

function magnitude(amount: bigint): bigint {
  return amount < 0n ? -amount : amount;
}
