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
 * What a period still owes after it is rated again: a line for every amount that differs from what has been billed,
 * negative where too much was. `billed` holds all lines of the period so far, corrections included, so that a second
 * run finds nothing. Lines name `linePeriod`, or the period of the line they correct where none is given.
 */
export function calculateDifference(
  billed: readonly InvoiceLine[],
  now: readonly InvoiceLine[],
  linePeriod?: ServicePeriod,
): InvoiceLine[] {
  const before = byOrigin(billed);
  const after = byOrigin(now);
  const differences: InvoiceLine[] = [];
  for (const key of new Set([...after.keys(), ...before.keys()])) {
    const difference = subtractLines(key, after.get(key) ?? [], before.get(key) ?? []);
    if (difference) differences.push(linePeriod ? { ...difference, period: linePeriod } : difference);
  }
  return differences;
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
): InvoiceLine | null {
  const origin = now[0] ?? billed[0];
  const amountMinor = sumMinor(now) - sumMinor(billed);
  if (!origin || amountMinor === 0n) return null;
  return {
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
}

function sumMinor(lines: readonly InvoiceLine[]): bigint {
  return lines.reduce((sum, { amountMinor }) => sum + amountMinor, 0n);
}

function sumOf(lines: readonly InvoiceLine[], part: (line: InvoiceLine) => Exact): Exact {
  return lines.reduce((sum, line) => add(sum, part(line)), ZERO);
}
