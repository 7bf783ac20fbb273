import { addMoney } from '../domain/money/arithmetic.ts';
import { formatMoney } from '../domain/money/format.ts';
import { dateAt } from '../domain/periods/calendar.ts';
import { describeDays } from '../domain/periods/describe-period.ts';
import type { Money } from '../domain/types.ts';

/** How tools put things into words, the same everywhere. */
export function sayDay(at: number, tz: string): string {
  const date = dateAt(at, tz);
  return describeDays(date, date);
}

/** "1 invoice", "3 invoices". */
export function count(n: number, noun: string): string {
  return `${n.toLocaleString('en-US')} ${noun}${n === 1 ? '' : 's'}`;
}

/** One sum a currency, in the order they first come. */
export function totals(amounts: readonly Money[]): Money[] {
  const currencies = [...new Set(amounts.map((amount) => amount.currency))];
  return currencies.map((currency) =>
    addMoney(
      currency,
      amounts.filter((amount) => amount.currency === currency),
    ),
  );
}

/** "$34,200.00 and €1,200.00". */
export function sayMoneys(moneys: readonly Money[]): string {
  return sayList(moneys.map(formatMoney));
}

export function sayList(items: readonly string[]): string {
  const last = items.at(-1) ?? '';
  return items.length > 1 ? `${items.slice(0, -1).join(', ')} and ${last}` : last;
}

const DAY_MS = 86_400_000;

/** Whole days from one instant to a later one; 0 when it is not later. */
export function daysBetween(fromAt: number, toAt: number): number {
  return Math.max(0, Math.floor((toAt - fromAt) / DAY_MS));
}

export function left(...headers: string[]) {
  return headers.map((header) => ({ header, align: 'left' as const }));
}

export function right(...headers: string[]) {
  return headers.map((header) => ({ header, align: 'right' as const }));
}
