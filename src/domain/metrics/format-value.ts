import { formatMoney, groupDigits } from '../money/format.ts';
import type { Metric } from './metric.ts';

/** Decimals of a percentage: availability is read to the third. */
function percentDecimals(metric: Pick<Metric, 'name'>): number {
  return metric.name === 'uptime' ? 3 : 2;
}

/** A value for people: "$86,214.00", "1,204", "0.42%", "230 ms"; "no data" where there is none. */
export function formatValue(
  metric: Pick<Metric, 'name' | 'unit'>,
  value: number | null,
  currency: string,
): string {
  if (value === null) return 'no data';
  switch (metric.unit) {
    case 'money':
      return formatMoney({ minor: value, currency });
    case 'count':
      return `${value < 0 ? '-' : ''}${groupDigits(String(Math.abs(value)))}`;
    case 'ratio':
      return `${(value * 100).toFixed(percentDecimals(metric))}%`;
    case 'times':
      return `${value.toFixed(2)}x`;
    case 'days':
      return `${value.toFixed(1)} days`;
    case 'ms':
      return `${groupDigits(String(value))} ms`;
  }
}

/** A difference without its sign; ratios differ in percentage points. */
export function formatDifference(
  metric: Pick<Metric, 'name' | 'unit'>,
  difference: number,
  currency: string,
): string {
  const size = Math.abs(difference);
  if (metric.unit !== 'ratio') return formatValue(metric, size, currency);
  return `${(size * 100).toFixed(percentDecimals(metric))} percentage points`;
}

/** "Revenue, gross" as it stands in a sentence: "Gross revenue". */
export function titleInSentence(title: string): string {
  const [noun = title, adjective] = title.split(', ');
  if (adjective === undefined) return title;
  return `${adjective.charAt(0).toUpperCase()}${adjective.slice(1)} ${noun.toLowerCase()}`;
}
