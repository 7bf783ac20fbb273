import { type DriverPaths, type MrrMonth, monthFrom } from '../../../../src/domain/forecast/mrr/months.ts';
import { normalPair, seededRandom } from '../../../../src/domain/statistics/random.ts';

/** A made-up company: new business that grows by $100 a month, steady shares, every month with its own chance. */
export function company(seed: string, count: number, noise = 0.15): MrrMonth[] {
  const random = seededRandom(seed);
  const months: MrrMonth[] = [];
  let opening = 5_000_000;
  for (let at = 0; at < count; at += 1) {
    const near = (value: number) => Float64Array.of(Math.max(0, value * (1 + noise * normalPair(random)[0])));
    const paths: DriverPaths = {
      new: near(400_000 + 10_000 * at),
      reactivation: near(40_000),
      expansion: near(0.02),
      contraction: near(0.01),
      churn: near(0.025),
    };
    const month = monthFrom(opening, paths, 0);
    months.push(month);
    opening = month.closing;
  }
  return months;
}
