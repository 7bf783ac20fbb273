import type { Exhibit } from '../domain/types.ts';
import { percentWords, shortValue, signedValue } from './chart-words.ts';

export type Waterfall = Extract<Exhibit, { kind: 'waterfall' }>;

/** "MRR movements: $86k, up $3.4k (4.1%) from $82.6k": its last total against its first, where it has two. */
export function waterfallHeadline({ title, steps, valueLabel: unit }: Waterfall): string {
  const totals = steps.filter(({ total }) => total);
  const first = totals[0];
  const last = totals.at(-1);
  if (!first || !last || first === last) return title;
  const change = last.value - first.value;
  if (change === 0) return `${title}: ${shortValue(last.value, unit)}, as before`;
  const share = first.value > 0 && unit !== '%' ? ` (${percentWords(change / first.value)})` : '';
  const size =
    unit === '%' ? `${shortValue(Math.abs(change), '')} points` : shortValue(Math.abs(change), unit);
  const way = change > 0 ? 'up' : 'down';
  return `${title}: ${shortValue(last.value, unit)}, ${way} ${size}${share} from ${shortValue(first.value, unit)}`;
}

/** Every step in order, for those who cannot look. */
export function waterfallAlt(waterfall: Waterfall): string {
  const steps = waterfall.steps.map(({ label, value, total }) => {
    const words = total ? shortValue : signedValue;
    return `${label} ${words(value, waterfall.valueLabel)}`;
  });
  return `${waterfallHeadline(waterfall)}. ${steps.join(', ')}.`;
}
