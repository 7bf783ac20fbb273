import { exact, subtract, ZERO } from './exact.ts';
import type { InvoiceLine } from './invoice.ts';

/** What a key was billed before, over all earlier invoices of the period, before discounts and tax. */
export interface BilledLine {
  line: InvoiceLine;
  amountMinor: bigint;
}

/**
 * The lines of a re-run that are still to be billed: each with what it is more, or less, than was billed under its key;
 * what no longer exists is given back. A re-run without changes bills nothing.
 */
export function billDifference(lines: readonly InvoiceLine[], billed: readonly BilledLine[]): InvoiceLine[] {
  const before = new Map(billed.map((one) => [one.line.key, one]));
  const now = new Set(lines.map(({ key }) => key));
  const gone = billed.filter(({ line }) => !now.has(line.key));
  return [
    ...lines.map((line) => difference(line, before.get(line.key)?.amountMinor ?? 0n)),
    ...gone.map(({ line, amountMinor }) =>
      difference({ ...line, amountMinor: 0n, exactMinor: ZERO, steps: [] }, amountMinor),
    ),
  ].filter((line) => line.amountMinor !== 0n);
}

function difference(line: InvoiceLine, billedMinor: bigint): InvoiceLine {
  if (billedMinor === 0n) return line;
  const amountMinor = line.amountMinor - billedMinor;
  const billed = {
    rule: 'billed before',
    quantity: exact(1n),
    unitAmount: null,
    amount: exact(-billedMinor),
  };
  return {
    ...line,
    amountMinor,
    exactMinor: subtract(line.exactMinor, exact(billedMinor)),
    steps: [...line.steps, billed],
  };
}
