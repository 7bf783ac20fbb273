import { add, type Exact, subtract, ZERO } from '../../money/exact.ts';
import type { InvoiceLine, ServicePeriod } from '../invoice.ts';
import { subtractSteps } from './steps.ts';

/** Between a line's key and the count of the lines that correct it. */
const CORRECTION = /~\d+$/;

/** The key of the line that a correction is of; of any other line, its own. */
export function originalKey(key: string): string {
  return key.replace(CORRECTION, '');
}

/**
 * What a period still owes after it is rated again: lines never billed as they are, and for the others a line for every
 * amount that differs from what has been billed, negative where too much was; what no longer exists is given back.
 * `billed` holds all lines of the period so far, corrections included, so that a run that is repeated bills nothing.
 * Lines name `linePeriod`, or the period of the line they correct where none is given.
 */
export function calculateDifference(
  billed: readonly InvoiceLine[],
  now: readonly InvoiceLine[],
  linePeriod?: ServicePeriod,
): InvoiceLine[] {
  const before = byOrigin(billed);
  const after = byOrigin(now);
  const lines = [...after].flatMap(([key, own]) => (before.has(key) ? [] : own));
  for (const [key, own] of before) lines.push(...subtractLines(key, after.get(key) ?? [], own));
  return linePeriod ? lines.map((line) => ({ ...line, period: linePeriod })) : lines;
}

function byOrigin(lines: readonly InvoiceLine[]): Map<string, InvoiceLine[]> {
  const groups = new Map<string, InvoiceLine[]>();
  for (const line of lines) {
    const key = originalKey(line.key);
    groups.set(key, [...(groups.get(key) ?? []), line]);
  }
  return groups;
}

function subtractLines(
  key: string,
  now: readonly InvoiceLine[],
  billed: readonly InvoiceLine[],
): InvoiceLine[] {
  const origin = now[0] ?? billed[0];
  const amountMinor = sumMinor(now) - sumMinor(billed);
  if (!origin || amountMinor === 0n) return [];
  const line: InvoiceLine = {
    ...origin,
    key: `${key}~${billed.length}`,
    kind: origin.kind === 'usage' || origin.kind === 'late_usage' ? 'late_usage' : 'adjustment',
    quantity: subtract(
      sumOf(now, (line) => line.quantity),
      sumOf(billed, (line) => line.quantity),
    ),
    amountMinor,
    exactMinor: subtract(
      sumOf(now, (line) => line.exactMinor),
      sumOf(billed, (line) => line.exactMinor),
    ),
    steps: subtractSteps(
      now.flatMap(({ steps }) => steps),
      billed.flatMap(({ steps }) => steps),
    ),
  };
  return [line];
}

function sumMinor(lines: readonly InvoiceLine[]): bigint {
  return lines.reduce((sum, { amountMinor }) => sum + amountMinor, 0n);
}

function sumOf(lines: readonly InvoiceLine[], part: (line: InvoiceLine) => Exact): Exact {
  return lines.reduce((sum, line) => add(sum, part(line)), ZERO);
}
