import { DEFAULT_CONVENTIONS } from '../src/domain/billing/conventions.ts';
import type { PriceModel } from '../src/domain/billing/price.ts';
import { rate } from '../src/domain/billing/rating/rate.ts';
import { exact } from '../src/domain/money/exact.ts';

const CUSTOMERS = 10_000;
const LIMIT_MS = 2_000;

/** A price list as an API company has it: calls in four categories, storage, seats and a share of payments. */
const PRICES: readonly PriceModel[] = [
  { model: 'per_unit', unitAmount: '0.05' },
  { model: 'per_unit', unitAmount: '3' },
  {
    model: 'graduated',
    tiers: [
      { upTo: '10000', unitAmount: '0', flatAmount: '0' },
      { upTo: '100000', unitAmount: '0.05', flatAmount: '500' },
      { upTo: null, unitAmount: '0.0375', flatAmount: '0' },
    ],
  },
  {
    model: 'volume',
    tiers: [
      { upTo: '10000', unitAmount: '0.2', flatAmount: '0' },
      { upTo: null, unitAmount: '0.125', flatAmount: '1000' },
    ],
  },
  { model: 'package', packageSize: '1000', packageAmount: '150', freeUnits: '5000' },
  { model: 'graduated_percentage', tiers: [{ upTo: null, ratePercent: '1.3', flatAmount: '0' }] },
];

/** A month's usage of every price by ten thousand customers, rated in one go; the best of three runs. */
export function measureRating() {
  const runs = [0, 1, 2].map(rateMonth);
  const ms = Math.min(...runs);
  const perSecond = Math.round((CUSTOMERS * PRICES.length) / (ms / 1000) / 1000);
  return [
    {
      what: `rating ${CUSTOMERS} customers by ${PRICES.length} prices (${perSecond}k a second)`,
      figure: `${(ms / 1000).toFixed(2)} s`,
      target: `< ${LIMIT_MS / 1000} s`,
      met: ms < LIMIT_MS,
    },
  ];
}

function rateMonth(): number {
  const startedAt = performance.now();
  for (let customer = 0; customer < CUSTOMERS; customer += 1) {
    const quantity = exact(BigInt((customer * 7919) % 250_000));
    for (const price of PRICES) rate(price, quantity, DEFAULT_CONVENTIONS, { included: INCLUDED });
  }
  return performance.now() - startedAt;
}

const INCLUDED = exact('1000');
