import type { PriceRecord, ProductRecord, World } from './records.ts';

export const PLANS = ['starter', 'growth', 'scale', 'enterprise'] as const;
export type Plan = (typeof PLANS)[number];

const ORDER: readonly string[] = PLANS;

const NAMES: Record<Plan, string> = {
  starter: 'Starter',
  growth: 'Growth',
  scale: 'Scale',
  enterprise: 'Enterprise',
};

/** Monthly list prices in minor units. */
const MONTHLY: Record<Plan, Record<string, number>> = {
  starter: { USD: 4_900, EUR: 4_500, JPY: 7_200 },
  growth: { USD: 24_900, EUR: 22_900, JPY: 36_800 },
  scale: { USD: 99_900, EUR: 91_900, JPY: 148_000 },
  enterprise: { USD: 420_000, EUR: 389_000, JPY: 620_000 },
};

/** Two months of a year's are free. */
const MONTHS_PAID_OF_A_YEAR = 10;

export function planName(plan: string): string {
  const known = PLANS.find((candidate) => candidate === plan);
  return known ? NAMES[known] : plan;
}

/** The id of a list price; the same in every world. */
export function priceId(plan: Plan, currency: string, interval: 'month' | 'year'): string {
  return `price_${plan}_${interval}_${currency.toLowerCase()}`;
}

/** The plan above, or null at the top. */
export function planAbove(plan: string): Plan | null {
  const index = ORDER.indexOf(plan);
  return PLANS[index + 1] ?? null;
}

/** The plan below, or null at the bottom. */
export function planBelow(plan: string): Plan | null {
  const index = ORDER.indexOf(plan);
  return index > 0 ? (PLANS[index - 1] ?? null) : null;
}

/** Puts the products and the price list, as of the company's first day. */
export function putPriceList(world: World, createdAt: number): void {
  for (const plan of PLANS) {
    const product: ProductRecord = { id: `prod_${plan}`, name: `PsiZero ${NAMES[plan]}`, createdAt };
    world.put('products', product);
    for (const [currency, amount] of Object.entries(MONTHLY[plan])) {
      for (const interval of ['month', 'year'] as const) {
        const price: PriceRecord = {
          id: priceId(plan, currency, interval),
          productId: product.id,
          plan,
          nickname: `${NAMES[plan]} (${interval === 'month' ? 'monthly' : 'yearly'})`,
          currency,
          unitAmount: interval === 'month' ? amount : amount * MONTHS_PAID_OF_A_YEAR,
          interval,
          intervalCount: 1,
          createdAt,
        };
        world.put('prices', price);
      }
    }
  }
}
