import { z } from 'zod';
import type { Approval } from '../../approvals/types.ts';
import { plainCell } from '../../domain/language/safe-text.ts';
import { formatMoney } from '../../domain/money/format.ts';
import { moneySchema } from '../../domain/output-shapes.ts';
import type { Json, Money } from '../../domain/types.ts';
import { count, sayMoneys, totals } from '../../tools/wording.ts';

/** What became of a row of the card. */
export const FATES = ['sent', 'excluded', 'paid', 'expired', 'failed', 'unknown', 'undecided'] as const;
type Fate = (typeof FATES)[number];

export const rowSchema = z.object({
  customer: z.string(),
  what: z.string(),
  fate: z.enum(FATES),
  by: z.array(z.string()),
  amount: moneySchema.nullable(),
  outcome: z.string().nullable(),
});
export type ReportRow = z.output<typeof rowSchema>;

/** `isPaid`: the invoice has been paid by now. */
export function reportRow(approval: Approval, isPaid: boolean): { [key: string]: Json } {
  const { plan, decisions, outcome } = approval;
  return {
    customer: plan.customer?.name ?? 'a customer',
    what: plan.title,
    fate: fateOf(approval, isPaid),
    by: decisions.map((decision) => decision.name),
    amount: plan.amount === null ? null : { minor: plan.amount.minor, currency: plan.amount.currency },
    outcome,
  };
}

function fateOf({ state }: Approval, isPaid: boolean): Fate {
  if (state === 'applied') return 'sent';
  if (state === 'rejected') return 'excluded';
  if (state === 'unknown') return 'unknown';
  if (isPaid) return 'paid';
  if (state === 'expired') return 'expired';
  return state === 'failed' || state === 'superseded' || state === 'undone' ? 'failed' : 'undecided';
}

const HEADS: Record<Fate, string> = {
  sent: 'Sent',
  excluded: 'Excluded',
  paid: 'Paid meanwhile',
  expired: 'Expired',
  failed: 'Not sent',
  unknown: 'Nobody can tell whether it was sent',
  undecided: 'Nobody decided',
};

/** A line for each kind of outcome, the rows named with who decided. */
export function reportWords(rows: readonly ReportRow[]): string {
  const sent = rows.filter((row) => row.fate === 'sent');
  const sums = sumOf(sent);
  const head = `${sent.length} of ${count(rows.length, 'payment reminder')} sent${sums === '' ? '' : `, about ${sums}`}.`;
  const lines = FATES.flatMap((fate) => {
    const some = rows.filter((row) => row.fate === fate);
    if (some.length === 0) return [];
    const [first, ...others] = some.map(whoWords);
    // One person for all of them is named once.
    const shared = others.length > 0 && first !== '' && others.every((who) => who === first);
    const named = some.map((row) => `${nameWords(row)}${shared ? '' : whoWords(row)}${whyWords(row)}`);
    const all = shared ? `; all${first?.slice(1)}` : '';
    return [`• ${HEADS[fate]} (${some.length}): ${named.join('; ')}${all}`];
  });
  return [head, ...lines].join('\n');
}

function sumOf(rows: readonly ReportRow[]): string {
  const amounts = rows.flatMap((row): Money[] => (row.amount === null ? [] : [row.amount]));
  return amounts.length === 0 ? '' : sayMoneys(totals(amounts));
}

function nameWords({ customer, amount }: ReportRow): string {
  return `${plainCell(customer)}${amount === null ? '' : ` ${formatMoney(amount)}`}`;
}

function whoWords({ by, fate }: ReportRow): string {
  if (by.length === 0) return '';
  return `, ${fate === 'excluded' ? '' : 'approved '}by ${by.join(' and ')}`;
}

function whyWords({ fate, outcome }: ReportRow): string {
  return fate === 'failed' && outcome !== null ? `: ${plainCell(outcome)}` : '';
}
