import { type Life, MONTH_MS } from '../../../src/domain/lifetime/life.ts';
import { seededRandom } from '../../../src/domain/statistics/random.ts';

export const NOW = Date.parse('2026-11-22T12:00:00Z');

interface Story {
  count: number;
  /** Chance of leaving in a month of age, by when the month begins in months before now. */
  leaves(monthsAgo: number): number;
  /** Of MRR, a month. */
  growth?: number;
  startMinor?(monthsAgo: number): number;
  traits?: Partial<Life>;
  seed?: string;
}

/** Customers who came evenly over the last three years and left by chance, their MRR changing each month. */
export function livesOf({
  count,
  leaves,
  growth = 0,
  startMinor = () => 10_000,
  traits,
  seed = 'lives',
}: Story): Life[] {
  const random = seededRandom(seed);
  return Array.from({ length: count }, (_, at) => {
    const monthsAgo = 36 * (1 - at / count);
    const startAt = Math.round(NOW - monthsAgo * MONTH_MS);
    const steps: { at: number; minor: number }[] = [];
    let endAt: number | null = null;
    for (let month = 0; month < monthsAgo; month += 1) {
      steps.push({
        at: Math.round(startAt + month * MONTH_MS),
        minor: Math.round(startMinor(monthsAgo) * (1 + growth) ** month),
      });
      const left = Math.round(startAt + (month + random()) * MONTH_MS);
      if (random() < leaves(monthsAgo - month) && left < NOW) {
        endAt = left;
        steps.push({ at: left, minor: 0 });
        break;
      }
    }
    return {
      customerId: `${seed} ${at}`,
      segment: 'startup',
      channel: 'ads',
      plan: 'growth',
      region: 'na',
      country: 'US',
      startAt,
      endAt,
      steps,
      ...traits,
    };
  });
}
