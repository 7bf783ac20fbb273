import { UserError } from '../../../lib/errors.ts';
import { add, divide, type Exact, exact, greatest } from '../../money/exact.ts';
import type { ServicePeriod } from '../invoice.ts';
import type { Meter } from '../usage-event.ts';

/** A meter's usage over one period as sums, the way a store of hours tells it. */
export interface PeriodTotal {
  count: number;
  sum: Exact;
  max: Exact | null;
  last: { value: Exact } | null;
  /** The level over the period in value times milliseconds, its opening included. */
  weightedMs: Exact;
  /** The level when the period began; 0 unless the meter carries over. */
  opening: Exact;
}

/**
 * The quantity that sums of a period come to; nothing used is 0, or the level carried over. Throws `unsupported` for
 * aggregations that sums cannot tell (distinct values, percentiles): those need the events or a `Rollup`.
 */
export function quantityOfTotal(
  { aggregation, carriesOver }: Pick<Meter, 'aggregation' | 'carriesOver'>,
  total: PeriodTotal,
  period: ServicePeriod,
): Exact {
  switch (aggregation) {
    case 'count':
      return exact(BigInt(total.count));
    case 'sum':
      return carriesOver ? add(total.opening, total.sum) : total.sum;
    case 'max':
      if (total.max === null) return total.opening;
      return carriesOver ? greatest(total.opening, total.max) : total.max;
    case 'last':
      return total.last?.value ?? total.opening;
    case 'weighted_sum':
      return divide(total.weightedMs, exact(BigInt(period.endAt - period.startAt)));
    case 'unique_count':
    case 'percentile':
      throw new UserError('unsupported', `A ${aggregation} cannot be told from sums; it needs the events.`);
  }
}
