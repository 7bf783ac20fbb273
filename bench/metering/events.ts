import type { UsageEvent } from '../../src/domain/billing/usage-event.ts';

export const HOUR_MS = 3_600_000;
const CATEGORIES = ['inference', 'embeddings', 'search', 'batch'];

/** A spread of numbers that is the same in every run. */
function mix(n: number): number {
  let h = Math.imul(n ^ (n >>> 16), 0x7feb352d);
  h = Math.imul(h ^ (h >>> 15), 0x846ca68b);
  return (h ^ (h >>> 16)) >>> 0;
}

export const customerId = (n: number) => `cus_${String(n).padStart(6, '0')}`;

/**
 * Events as a busy API sends them: in order of time but for some jitter, of many customers at once, each customer in
 * two of the categories, with ids that tell nothing about their time.
 */
export function eventsOf(shape: {
  count: number;
  customers: number;
  startAt: number;
  hours: number;
}): UsageEvent[] {
  const step = (shape.hours * HOUR_MS) / shape.count;
  return Array.from({ length: shape.count }, (_, index) => {
    const dice = mix(index + 1);
    const customer = dice % shape.customers;
    return {
      source: 'psizero',
      id: `evt_${dice.toString(36)}${mix(index + 7).toString(36)}${index.toString(36)}`,
      meter: 'api_calls',
      customerId: customerId(customer),
      at: Math.floor(shape.startAt + index * step + (dice >>> 20)),
      value: String(1 + (dice >>> 24)),
      properties: { category: CATEGORIES[(customer + (dice & 1)) % 4] ?? 'search' },
      corrects: null,
    };
  });
}
