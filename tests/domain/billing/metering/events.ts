import * as fc from 'fast-check';
import type { Aggregating, Measured } from '../../../../src/domain/billing/metering/rollup.ts';
import { AGGREGATIONS } from '../../../../src/domain/billing/usage-event.ts';

export const MARCH = { startAt: Date.UTC(2026, 2, 1), endAt: Date.UTC(2026, 3, 1) };

export function measured(id: string, at: number | string, value = '1', region = 'eu'): Measured {
  return {
    source: 'api',
    id,
    at: typeof at === 'number' ? at : Date.parse(at),
    value,
    properties: { region },
  };
}

/** Of March, some at the same instant, with values below 0 and with decimals. */
export const events: fc.Arbitrary<Measured[]> = fc
  .array(
    fc.tuple(
      fc.oneof(
        fc.constant(MARCH.startAt),
        fc.integer({ min: MARCH.startAt, max: MARCH.endAt - 1 }),
        fc.constant(MARCH.startAt + 5),
      ),
      fc.integer({ min: -5000, max: 5000 }),
      fc.constantFrom('', '.5', '.25'),
      fc.constantFrom('eu', 'us', 'in'),
    ),
    { maxLength: 25 },
  )
  .map((found) =>
    found.map(([at, whole, decimals, region], id) => measured(String(id), at, `${whole}${decimals}`, region)),
  );

export const meters: fc.Arbitrary<Aggregating> = fc
  .tuple(fc.constantFrom(...AGGREGATIONS), fc.constantFrom(0, 50, 95, 99.9, 100))
  .map(([aggregation, percentile]) => ({ aggregation, property: 'region', percentile }));
