import type { BillingConventions } from '../conventions.ts';
import { calculateUsageInvoice, type UsageBasis } from './basis.ts';
import { type Proof, proveInvoice, type SourceTotals } from './prove.ts';
import type { DailyCalls } from './usage-evidence.ts';
import type { RunProblem } from './validate.ts';

/** An invoice of a run before anybody approved it. */
export interface RunDraft {
  basis: UsageBasis;
  subtotalMinor: number;
  taxMinor: number;
  totalMinor: number;
  proof: Proof;
  /** What stands out, in sentences. */
  flags: readonly string[];
  /** Why it may not be issued, in sentences; an invoice with any is blocked. */
  problems: readonly string[];
}

/**
 * The invoices of a run: one for every customer who owes something for calls beyond the plan, each computed twice. In
 * the order of the largest sums a currency.
 */
export function planRun(run: {
  bases: readonly UsageBasis[];
  conventions: BillingConventions;
  source: SourceTotals;
  problems: readonly RunProblem[];
  flags: ReadonlyMap<string, readonly string[]>;
  /** Calls a day as they were rated, of those whose second count differs. */
  billedDays?: DailyCalls;
}): RunDraft[] {
  return run.bases
    .map((basis): RunDraft => {
      const invoice = calculateUsageInvoice(basis, run.conventions);
      const proof = proveInvoice(
        basis,
        invoice.subtotalMinor,
        run.source,
        run.billedDays?.get(basis.customerId),
      );
      const own = run.problems.filter(({ customerId }) => customerId === basis.customerId);
      return {
        basis,
        subtotalMinor: Number(invoice.subtotalMinor),
        taxMinor: Number(invoice.taxMinor),
        totalMinor: Number(invoice.totalMinor),
        proof,
        flags: run.flags.get(basis.customerId) ?? [],
        problems: [
          ...own.map(({ words }) => words),
          ...(proof.difference === null ? [] : [`The second computation differs: ${proof.difference}.`]),
        ],
      };
    })
    .filter((draft) => draft.subtotalMinor !== 0 || draft.problems.length > 0)
    .sort(bySum);
}

function bySum(one: RunDraft, other: RunDraft): number {
  if (one.basis.currency !== other.basis.currency) return one.basis.currency < other.basis.currency ? -1 : 1;
  return other.totalMinor - one.totalMinor || (one.basis.customerId < other.basis.customerId ? -1 : 1);
}
