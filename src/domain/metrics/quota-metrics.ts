import { convertAll } from './conversion.ts';
import { CUSTOMER_TRAITS, type MetricFacts } from './facts.ts';
import {
  type Contribution,
  type Measured,
  type Metric,
  type MetricScope,
  ofCustomer,
  ratioOf,
  sumAmounts,
} from './metric.ts';
import { above, type CustomerMonth, customerMonths, overageMinor } from './quota.ts';

const QUOTA = {
  version: 1,
  grain: "one customer's company month",
  kind: 'flow',
  sources: ['psizero', 'supabase'],
  dimensions: ['customer', 'plan', ...CUSTOMER_TRAITS, 'currency'],
  narrows: true,
} as const;

async function measureMonths(
  facts: MetricFacts,
  scope: MetricScope,
  share: (month: CustomerMonth) => { amount: number; base: number },
): Promise<Measured> {
  const months = await customerMonths(facts, scope);
  const contributions = months.map(
    (month): Contribution => ({
      ...ofCustomer(month.customer, month.plan),
      ...share(month),
    }),
  );
  return { contributions, rows: months.length, notes: [] };
}

export const quotaUse: Metric = {
  ...QUOTA,
  name: 'quota_use',
  additivity: 'ratio',
  title: 'Quota use',
  words:
    "Calls of the period over the calls the plans include in the company months it touches, both added up over customers first; customers without a known limit count in neither. A month's part is held against the whole month's quota.",
  unit: 'ratio',
  owner: 'success',
  synonyms: [
    'quota use',
    'quota usage',
    'quota',
    'quota utilisation',
    'quota utilization',
    'use of the quota',
    'share of the quota',
    'share of included calls',
    'included calls used',
    'plan usage',
    'plan utilization',
    'plan utilisation',
    'usage against plan',
    'usage vs plan',
    'quota used',
    'of its quota',
    'of their quota',
    'quota consumption',
    'plan use',
    'share of quota',
    'share of plan used',
    'allowance used',
    'allowance',
    'included calls',
    'use of included calls',
    'quota utilization rate',
    'how much of the plan is used',
    'plan limits',
    'consumed quota',
  ],
  measure: (facts, scope) =>
    measureMonths(facts, scope, ({ calls, included }) => ({ amount: calls, base: included })),
  total: ratioOf,
};

export const overageCalls: Metric = {
  ...QUOTA,
  name: 'overage_calls',
  additivity: 'sum',
  title: 'Overage calls',
  words:
    "Calls of the period above what the customer's plan includes in the company month, counted from the month's beginning.",
  unit: 'count',
  owner: 'success',
  synonyms: [
    'overage calls',
    'overage',
    'overages',
    'calls over quota',
    'calls above quota',
    'calls over the quota',
    'calls over the limit',
    'calls above the included',
    'calls beyond the plan',
    'over quota',
    'over their quota',
    'above their quota',
    'over the included calls',
    'exceeded their quota',
    'outgrew their plan',
    'over the plan',
    'over its quota',
    'over plan limits',
    'above plan limits',
    'exceeding quota',
    'exceeding their quota',
    'exceed their quota',
    'exceeding their plan',
    'exceeded the plan',
    'beyond their quota',
    'beyond quota',
    'excess calls',
    'calls above plan',
    'calls above the plan',
    'extra calls',
    'outgrown their plan',
    'hit their limit',
    'over their limit',
    'over their plan',
    'over limit',
    'above quota',
  ],
  measure: async (facts, scope) =>
    onlySome(
      await measureMonths(facts, scope, ({ before, calls, included }) => ({
        amount: above(before + calls, included) - above(before, included),
        base: 0,
      })),
    ),
  total: sumAmounts,
};

/** Who is not over takes no line in a breakdown. */
function onlySome(measured: Measured): Measured {
  return { ...measured, contributions: measured.contributions.filter(({ amount }) => amount !== 0) };
}

/** Both ends of a customer's part of a month, in its own currency: what they differ by is the period's. */
function endsOf({ customer, included, before, calls, price, at }: CustomerMonth) {
  const money = (counted: number) => ({
    money: { minor: overageMinor(above(counted, included), price ?? 0), currency: customer.currency },
    at,
  });
  return [money(before), money(before + calls)] as const;
}

export const overageAmount: Metric = {
  ...QUOTA,
  name: 'overage_amount',
  additivity: 'sum',
  title: 'Overage, priced',
  words:
    "Overage calls at the catalogue's price for a thousand in the customer's currency, rounded once a customer and month, at the rate of the month's last day or today; whether they were billed is another question.",
  unit: 'money',
  owner: 'finance',
  synonyms: [
    'overage amount',
    'overage revenue',
    'overage value',
    'overage worth',
    'overages worth',
    'what were overages worth',
    'overage in dollars',
    'what is the overage worth',
    'what are overages worth',
    'priced overage',
    'overage fees',
    'overage charges',
    'overage money',
    'overage cost',
    'overage income',
    'what overages would be worth',
    'overages be worth',
    'what would overages be worth',
    'overage dollars',
    'overage price',
    'value of overages',
    'overage bill',
    'money in overages',
    'worth of overages',
    'overage billing',
    'value of the overage',
  ],
  measure: async (facts, scope) => {
    const months = await customerMonths(facts, scope);
    const priced = months.filter(({ price }) => price !== null);
    const ends = priced.flatMap(endsOf);
    const converted = await convertAll(facts, scope.company, ends);
    const contributions = priced.map((month, index): Contribution => {
      const [from, to] = [2 * index, 2 * index + 1];
      const local = (ends[to]?.money.minor ?? 0) - (ends[from]?.money.minor ?? 0);
      const original = { minor: local, currency: month.customer.currency };
      const amount = (converted[to]?.minor ?? 0) - (converted[from]?.minor ?? 0);
      return { ...ofCustomer(month.customer, month.plan), amount, original: local === 0 ? null : original };
    });
    const unpriced = months.length - priced.length;
    const notes =
      unpriced > 0 ? [`${unpriced} customer months have no overage price and count as nothing.`] : [];
    return onlySome({ contributions, rows: priced.length, notes });
  },
  total: sumAmounts,
};
