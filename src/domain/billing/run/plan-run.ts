import type { BillingConventions } from '../conventions.ts';
import { calculateUsageInvoice, type LateUsage, type UsageBasis } from './basis.ts';
import { monthOf } from './month.ts';
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
  /** What late usage of closed months is counted a second time by, by the instant they began. */
  lateSources?: ReadonlyMap<number, SourceTotals>;
}): RunDraft[] {
  return run.bases
    .map((basis): RunDraft => {
      const invoice = calculateUsageInvoice(basis, run.conventions);
      const ofMonth = calculateUsageInvoice({ ...basis, late: [] }, run.conventions);
      const billedDays = run.billedDays?.get(basis.customerId);
      const proof = proveInvoice(basis, ofMonth.subtotalMinor, run.source, billedDays);
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
          ...basis.late.flatMap((late) => lateProblems(basis, late, run)),
          ...(invoice.totalMinor < 0n
            ? ['More is given back than is owed: credit the customer instead of billing them.']
            : []),
        ],
      };
    })
    .filter((draft) => draft.subtotalMinor !== 0 || draft.problems.length > 0)
    .sort(bySum);
}

function lateProblems(
  basis: UsageBasis,
  { now }: LateUsage,
  run: { conventions: BillingConventions; lateSources?: ReadonlyMap<number, SourceTotals> },
): string[] {
  const rated = { ...basis, ...now, late: [] };
  const source = run.lateSources?.get(now.startAt);
  const month = monthOf(now.startAt, basis.tz);
  if (source === undefined) return [`Late usage of ${month} was not counted a second time.`];
  const { difference } = proveInvoice(
    rated,
    calculateUsageInvoice(rated, run.conventions).subtotalMinor,
    source,
  );
  return difference === null
    ? []
    : [`The second computation of late usage of ${month} differs: ${difference}.`];
}

function bySum(one: RunDraft, other: RunDraft): number {
  if (one.basis.currency !== other.basis.currency) return one.basis.currency < other.basis.currency ? -1 : 1;
  return other.totalMinor - one.totalMinor || (one.basis.customerId < other.basis.customerId ? -1 : 1);
}
