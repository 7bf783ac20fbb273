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
  const { compare, by, top, order, chart, filter, customer, ...rest } = before;
  const next: Input = { ...rest };
  const kept = { ...asRecord(filter), ...asRecord(delta.filter) };
  if (Object.keys(kept).length > 0) next.filter = kept;
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
  const { filter: _, ...changes } = delta;
  return { ...next, ...changes };
}

/** Without what the metric cannot do: a carried breakdown it does not have, a carried customer it is not narrowed to. */
export function fitted(input: Input): Input {
  const metric = findMetric(String(input.metric));
  if (!metric) return input;
  const { by, top, order, customer, filter, ...rest } = input;
  const fits =
    by === undefined || STEPS.includes(by) || metric.dimensions.some((dimension) => dimension === by);
  return {
    ...rest,
    ...(fits && by !== undefined ? { by } : {}),
    ...(fits && top !== undefined ? { top } : {}),
    ...(fits && order !== undefined ? { order } : {}),
    ...(metric.narrows && customer !== undefined ? { customer } : {}),
    ...(metric.narrows && filter !== undefined ? { filter } : {}),
  };
}
