import { lifetimeValue, netRevenueChurnPercent, quickRatio } from '../domain/mrr/formulas.ts';
import { type MonthlyMovements, monthlyMovements, movementsOf } from '../domain/mrr/movements.ts';
import type { MrrPolicy } from '../domain/mrr/policy.ts';
import type { Json } from '../domain/types.ts';
import { UserError } from '../lib/errors.ts';
import { readTimeline, type Timeline } from './mrr-events.ts';
import type { ExpectedMonth, FormulaCase, MrrCase } from './mrr-file.ts';
import type { CaseResult } from './result.ts';
import { resolvePolicy } from './vendor-policies.ts';

/** Cents by which a month may differ, after the file's own schema. */
const TOLERANCE_MINOR = 1;

/** One timeline against its expected months. */
export function runMrrCase(golden: MrrCase): CaseResult {
  const { id } = golden;
  const resolved = resolvePolicy(golden.policy);
  if ('unsupported' in resolved) return { id, status: 'unsupported', reason: resolved.unsupported };
  const timeline = readTimeline(golden.input.events, golden.input.primary_currency);
  if ('unsupported' in timeline) return { id, status: 'unsupported', reason: timeline.unsupported };
  const open = [...timeline.turnsOn].filter((rule) => resolved.unsettled.has(rule));
  if (open.length > 0) {
    const reason = `it turns on ${open.join(' and ')}, which this product has no rule of ${golden.policy.vendor} for`;
    return { id, status: 'unsupported', reason };
  }
  try {
    return compareMonths(id, monthsUnder(golden, timeline, resolved.policy), golden.expected.monthly);
  } catch (error) {
    if (error instanceof UserError)
      return { id, status: 'fail', got: error.message, expected: 'monthly movements' };
    throw error;
  }
}

function monthsUnder(golden: MrrCase, timeline: Timeline, policy: MrrPolicy): MonthlyMovements[] {
  return untilHorizon(monthlyMovements(movementsOf(timeline.events, policy)), golden);
}

/**
 * Whether another policy than its own gives a case another answer; null for a case that cannot be run. `change`
 * makes the other policy out of the case's.
 */
export function answersDiffer(golden: MrrCase, change: (policy: MrrPolicy) => MrrPolicy): boolean | null {
  const resolved = resolvePolicy(golden.policy);
  if ('unsupported' in resolved) return null;
  const timeline = readTimeline(golden.input.events, golden.input.primary_currency);
  if ('unsupported' in timeline) return null;
  const [own, other] = [resolved.policy, change(resolved.policy)].map((policy) =>
    JSON.stringify(monthsUnder(golden, timeline, policy)),
  );
  return own !== other;
}

const AMOUNTS = ['opening', 'new', 'expansion', 'contraction', 'churn', 'reactivation', 'closing'] as const;

/** What lies after the last event and the last expected month is a projection the case says nothing of. */
function untilHorizon(months: readonly MonthlyMovements[], golden: MrrCase): MonthlyMovements[] {
  const named = [
    ...golden.expected.monthly.map((month) => month.month),
    ...golden.input.events.map((event) => new Date(event.at).toISOString().slice(0, 7)),
  ];
  const horizon = named.reduce((latest, month) => (month > latest ? month : latest), '');
  return months.filter((month) => month.month <= horizon);
}

/** Months the case does not list must have no movement. */
function compareMonths(
  id: string,
  months: readonly MonthlyMovements[],
  expected: ExpectedMonth[],
): CaseResult {
  for (const month of expected) {
    const got = monthAt(months, month.month);
    const amounts = AMOUNTS.every((name) => Math.abs(got[name] - month[name]) <= TOLERANCE_MINOR);
    const customers = month.active_customers === undefined || month.active_customers === got.activeCustomers;
    if (!amounts || !customers || Math.abs(month.fx) > TOLERANCE_MINOR) {
      return { id, status: 'fail', got: asExpected(got), expected: onlyKnown(month) };
    }
  }
  const listed = new Set(expected.map((month) => month.month));
  const extra = months.find((month) => !listed.has(month.month) && moves(month));
  if (extra) {
    const quiet = { ...asExpected(extra), new: 0, expansion: 0, contraction: 0, churn: 0, reactivation: 0 };
    return { id, status: 'fail', got: asExpected(extra), expected: { ...quiet, closing: extra.opening } };
  }
  return { id, status: 'pass' };
}

function moves(month: MonthlyMovements): boolean {
  return month.new + month.expansion + month.contraction + month.churn + month.reactivation > 0;
}

/** The month, or a quiet one that carries the balance of the last before it. */
function monthAt(months: readonly MonthlyMovements[], name: string): MonthlyMovements {
  const exact = months.find((month) => month.month === name);
  if (exact) return exact;
  const before = months.filter((month) => month.month < name).at(-1);
  const carried = before?.closing ?? 0;
  const quiet = { new: 0, expansion: 0, contraction: 0, churn: 0, reactivation: 0 };
  return {
    month: name,
    opening: carried,
    ...quiet,
    closing: carried,
    activeCustomers: before?.activeCustomers ?? 0,
  };
}

function asExpected({ activeCustomers, ...amounts }: MonthlyMovements): { [key: string]: Json } {
  return { ...amounts, fx: 0, active_customers: activeCustomers };
}

function onlyKnown(month: ExpectedMonth): { [key: string]: Json } {
  const amounts = Object.fromEntries(AMOUNTS.map((name) => [name, month[name]]));
  return { month: month.month, ...amounts, fx: month.fx, active_customers: month.active_customers ?? null };
}

/** Formulas by the name of what they give. Null when an input is missing. */
const FORMULAS: ReadonlyMap<string, (input: Record<string, number>) => number | null> = new Map([
  [
    'quick_ratio',
    ({ new: added, expansion, contraction, churn }) =>
      added === undefined || expansion === undefined || contraction === undefined || churn === undefined
        ? null
        : quickRatio({ new: added, expansion, contraction, churn }),
  ],
  [
    'net_revenue_churn_percent',
    ({
      starting_mrr_30d_ago: startingMinor,
      churned_mrr_incl_downgrades: churnedMinor,
      expansion: expansionMinor,
    }) =>
      startingMinor === undefined || churnedMinor === undefined || expansionMinor === undefined
        ? null
        : netRevenueChurnPercent({ startingMinor, churnedMinor, expansionMinor }),
  ],
  [
    'ltv',
    ({ arpu, monthly_retention: retention }) =>
      arpu === undefined || retention === undefined ? null : lifetimeValue(arpu, retention),
  ],
]);

const RELATIVE_TOLERANCE = 1e-9;

export function runFormulaCase(golden: FormulaCase): CaseResult {
  const { id, input, expected } = golden;
  const got: { [key: string]: Json } = {};
  for (const name of Object.keys(expected)) {
    const formula = FORMULAS.get(name);
    if (!formula)
      return { id, status: 'unsupported', reason: `the formula "${name}" is not one this product has` };
    got[name] = formula(input);
  }
  const equal = Object.entries(expected).every(([name, value]) => isClose(got[name], value));
  return equal ? { id, status: 'pass' } : { id, status: 'fail', got, expected };
}

function isClose(got: Json | undefined, expected: number): boolean {
  return (
    typeof got === 'number' &&
    Math.abs(got - expected) <= RELATIVE_TOLERANCE * Math.max(1, Math.abs(expected))
  );
}
