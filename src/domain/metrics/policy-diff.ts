import type { MrrSetting } from '../mrr/setting.ts';
import { type Calculation, calculateMetric, type MetricRequest } from './calculate.ts';
import type { MetricFacts } from './facts.ts';
import type { Contribution, Metric } from './metric.ts';

/** What one customer has to do with a difference between two rule sets. */
export interface CustomerShare {
  customerId: string;
  customerName: string;
  /** In units of `scale`: company minor units, a count, or millionths of a ratio. */
  difference: number;
}

export interface PolicyDifference {
  left: Calculation;
  right: Calculation;
  /** Left less right, in units of `scale`; null where either has no value. */
  difference: number | null;
  /** How many units make one of the metric's own: 1 for amounts and counts, 1,000,000 for ratios. */
  scale: number;
  /** Largest first whatever the sign, summing exactly to the difference; null where none can be named. */
  customers: CustomerShare[] | null;
}

const MILLIONTHS = 1_000_000;

/**
 * A metric under two rule sets, and the customers that explain the difference. For a ratio n/d the difference is laid
 * to each customer's own parts by the product rule about the mean ratio, (dn - mean x dd) / mean d, which leaves
 * nothing over; it is rounded once so that the parts still sum to the whole (largest remainders). Errors as
 * `calculateMetric`.
 */
export async function comparePolicies(
  metric: Metric,
  request: Omit<MetricRequest, 'by' | 'mrr'>,
  [left, right]: readonly [MrrSetting, MrrSetting],
  facts: MetricFacts,
): Promise<PolicyDifference> {
  const under = (mrr: MrrSetting) => measured(metric, { ...request, by: null, mrr }, facts);
  const [a, b] = [await under(left), await under(right)];
  const scale = metric.unit === 'ratio' || metric.unit === 'times' ? MILLIONTHS : 1;
  const values = [a.calculation.value, b.calculation.value] as const;
  const difference =
    values[0] === null || values[1] === null
      ? null
      : Math.round(values[0] * scale) - Math.round(values[1] * scale);
  const shares = difference === null ? null : sharesOf(metric, a.contributions, b.contributions, scale);
  return {
    left: a.calculation,
    right: b.calculation,
    difference,
    scale,
    customers: shares === null || difference === null ? null : summingTo(difference, shares),
  };
}

/** The calculation, with the contributions it was made of. */
async function measured(metric: Metric, request: MetricRequest, facts: MetricFacts) {
  let contributions: readonly Contribution[] = [];
  const calculation = await calculateMetric(metric.name, request, facts, (rows) => {
    contributions = rows;
  });
  return { calculation, contributions };
}

interface Parts {
  name: string;
  amount: number;
  base: number;
}

interface Share {
  id: string;
  name: string;
  exact: number;
}

function partsByCustomer(metric: Metric, rows: readonly Contribution[]): Map<string, Parts> {
  const byCustomer = new Map<string, Contribution[]>();
  for (const row of rows) {
    const id = row.customerId ?? '';
    const own = byCustomer.get(id);
    if (own) own.push(row);
    else byCustomer.set(id, [row]);
  }
  const parts = new Map<string, Parts>();
  for (const [id, own] of byCustomer) {
    const name = own[0]?.customerName ?? (id || 'nobody in particular');
    const amount = own.reduce((sum, row) => sum + row.amount, 0);
    const base = own.reduce((sum, row) => sum + row.base, 0);
    if (metric.additivity !== 'ratio') parts.set(id, { name, amount: metric.total(own) ?? 0, base: 0 });
    else parts.set(id, { name, amount, base: metric.unit === 'money' ? Number(amount > 0) : base });
  }
  return parts;
}

function sharesOf(
  metric: Metric,
  left: readonly Contribution[],
  right: readonly Contribution[],
  scale: number,
): Share[] | null {
  if (isComposite(metric, left)) return null;
  const [a, b] = [partsByCustomer(metric, left), partsByCustomer(metric, right)];
  const sum = (parts: Map<string, Parts>, of: 'amount' | 'base') =>
    [...parts.values()].reduce((total, one) => total + one[of], 0);
  const ratio = metric.additivity === 'ratio';
  const [baseA, baseB] = [sum(a, 'base'), sum(b, 'base')];
  const meanBase = (baseA + baseB) / 2;
  const meanRatio = ratio ? (sum(a, 'amount') / baseA + sum(b, 'amount') / baseB) / 2 : 0;
  return [...new Set([...a.keys(), ...b.keys()])].flatMap((id) => {
    const [one, other] = [a.get(id), b.get(id)];
    const amount = (one?.amount ?? 0) - (other?.amount ?? 0);
    const base = (one?.base ?? 0) - (other?.base ?? 0);
    if (amount === 0 && base === 0) return [];
    const exact = ratio ? ((amount - meanRatio * base) / meanBase) * scale : amount;
    return [{ id, name: one?.name ?? other?.name ?? id, exact }];
  });
}

/** Values whose parts are not one number a customer: lifetimes, and shares of the largest. */
function isComposite(metric: Metric, rows: readonly Contribution[]): boolean {
  if (rows.some(({ part }) => part !== undefined)) return true;
  return metric.additivity === 'ratio' && metric.unit === 'ratio' && rows.every(({ base }) => base === 0);
}

/** Whole units that sum exactly to the whole: each rounded down, the rest to the largest remainders. */
function summingTo(whole: number, shares: readonly Share[]): CustomerShare[] {
  const floors = shares.map((share) => ({ ...share, units: Math.floor(share.exact) }));
  let left = whole - floors.reduce((sum, { units }) => sum + units, 0);
  const byRemainder = floors.toSorted(
    (x, y) => y.exact - y.units - (x.exact - x.units) || (x.id < y.id ? -1 : 1),
  );
  for (const share of byRemainder) {
    if (left <= 0) break;
    share.units += 1;
    left -= 1;
  }
  // A value that was itself rounded may leave a unit; the largest share takes it.
  const largest = byRemainder.toSorted((x, y) => Math.abs(y.units) - Math.abs(x.units))[0];
  if (largest) largest.units += left;
  return byRemainder
    .filter(({ units }) => units !== 0)
    .map(({ id, name, units }) => ({ customerId: id, customerName: name, difference: units }))
    .sort(
      (x, y) => Math.abs(y.difference) - Math.abs(x.difference) || (x.customerId < y.customerId ? -1 : 1),
    );
}
