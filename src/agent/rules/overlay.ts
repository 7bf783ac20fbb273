import { findMetric } from '../../domain/metrics/index.ts';
import type { Json } from '../../domain/types.ts';
import { asRecord } from './describe-input.ts';

type Input = { [key: string]: Json };

const STEPS: readonly Json[] = ['day', 'week', 'month'];

/**
 * A question with what a follow-up changes of it. What is named replaces; filters of other kinds stay beside a new
 * one; a comparison goes with the period or the breakdown it was made for.
 */
export function overlay(before: Input, delta: Input): Input {
  const { compare, by, top, order, chart, customer, ...rest } = before;
  const next: Input = { ...rest };
  for (const field of NARROWING) {
    const kept = { ...asRecord(before[field]), ...asRecord(delta[field]) };
    if (Object.keys(kept).length > 0) next[field] = kept;
  }
  const goesOn = delta.period === undefined && delta.by === undefined;
  if (compare !== undefined && goesOn) next.compare = compare;
  if (customer !== undefined && delta.by !== 'customer') next.customer = customer;
  const sameBy = delta.by === undefined || delta.by === by;
  const ofOne = delta.customer !== undefined && by === 'customer';
  if (sameBy && !ofOne) {
    if (by !== undefined) next.by = by;
    if (top !== undefined) next.top = top;
    if (order !== undefined) next.order = order;
  }
  if (chart !== undefined && !ofOne) next.chart = chart;
  const changes = Object.entries(delta).filter(([field]) => !NARROWING.includes(field));
  return { ...next, ...Object.fromEntries(changes) };
}

/** What a number is narrowed by, kind by kind: a new plan replaces the plan and leaves the country. */
export const NARROWING: readonly string[] = ['filter', 'where', 'exclude'];

/** Without what the metric cannot do: a carried breakdown it does not have, a carried customer it is not narrowed to. */
export function fitted(input: Input): Input {
  const metric = findMetric(String(input.metric));
  if (!metric) return input;
  const { by } = input;
  const fits =
    by === undefined || STEPS.includes(by) || metric.dimensions.some((dimension) => dimension === by);
  const dropped = new Set([
    ...(fits ? [] : ['by', 'top', 'order']),
    ...(metric.narrows ? [] : ['customer', ...NARROWING]),
  ]);
  return Object.fromEntries(Object.entries(input).filter(([field]) => !dropped.has(field)));
}
