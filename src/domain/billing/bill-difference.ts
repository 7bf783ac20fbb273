import type { InvoiceLine } from './invoice.ts';
import { calculateDifference, originalKey } from './rating/difference.ts';

/**
 * The lines of a run that are still to be billed: those never billed as they are, and for the others what they are more,
 * or less, than `billed` (all lines of the period so far, corrections included); what no longer exists is given back.
 * A run that is repeated bills nothing.
 */
export function billDifference(lines: readonly InvoiceLine[], billed: readonly InvoiceLine[]): InvoiceLine[] {
  const known = new Set(billed.map(({ key }) => originalKey(key)));
  const again = lines.filter(({ key }) => known.has(key));
  return [...lines.filter(({ key }) => !known.has(key)), ...calculateDifference(billed, again)];
}
