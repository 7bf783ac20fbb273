import { lowerFirst } from '../metrics/format-value.ts';
import type { Metric } from '../metrics/metric.ts';
import type { EffectKind } from './moves.ts';

/** "1 customer", "1,204 customers". */
export function sentenceCount(count: number, noun: string): string {
  return `${count.toLocaleString('en-US')} ${noun}${count === 1 ? '' : 's'}`;
}

/** "A, B and C". */
export function sentenceList(items: readonly string[]): string {
  const last = items.at(-1) ?? '';
  return items.length > 1 ? `${items.slice(0, -1).join(', ')} and ${last}` : last;
}

type Labels = Readonly<Record<EffectKind, string>>;

const LABELS: Labels = {
  new: 'New customers',
  returned: 'Customers who came back',
  lost: 'Customers lost',
  plan: 'Plan changes',
  price: 'Price changes',
  quantity: 'Quantity (seats, units)',
  discount: 'Discounts',
  fx: 'Exchange rates',
  subscriptions: 'Subscriptions added or ended',
  count: 'Number per customer',
  average: 'Average amount',
  given_back: 'Refunds and credits',
  more: 'Customers with more',
  less: 'Customers with less',
  rate: 'Change within',
  mix: 'Shift between',
};

/** What the effects of a metric are called. */
export function labelOf(kind: EffectKind, metric: Metric, priced: boolean, by: string | null): string {
  if (kind === 'rate') return `${metric.title} within each ${by ?? 'group'}`;
  if (kind === 'mix') return `Shift between ${plural(by ?? 'group')}`;
  if (priced) return LABELS[kind];
  return unpriced(kind, metric) ?? LABELS[kind];
}

function unpriced(kind: EffectKind, metric: Metric): string | null {
  if (metric.grain === 'one customer') {
    if (kind === 'lost') return 'Customers counted before only';
    return kind === 'new' || kind === 'returned' ? 'Customers counted now only' : null;
  }
  const noun = nounOf(metric);
  switch (kind) {
    case 'returned':
      return `Customers with ${plural(noun)} now only`;
    case 'lost':
      return `Customers with ${plural(noun)} before only`;
    case 'plan':
      return 'Mix of plans';
    case 'count':
      return `Number of ${plural(noun)} per customer`;
    case 'average':
      return `Amount per ${noun}`;
    case 'more':
      return `Customers with more ${plural(noun)}`;
    case 'less':
      return `Customers with fewer ${plural(noun)}`;
    default:
      return null;
  }
}

/** "paid invoice" of "one paid invoice, refund or credit note"; of a count its title. */
function nounOf({ grain, unit, title }: Metric): string {
  if (unit === 'count') return title.charAt(0).toLowerCase() === 'a' ? title : lowerFirst(title);
  return /^one (.+?)(?: of an? .*|[,'].*)?$/.exec(grain)?.[1] ?? 'row';
}

function plural(noun: string): string {
  if (noun.endsWith('s')) return noun;
  if (/[^aeiou]y$/.test(noun)) return `${noun.slice(0, -1)}ies`;
  return `${noun}s`;
}
