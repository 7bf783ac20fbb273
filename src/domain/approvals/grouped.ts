import type { ApprovalSummary } from '../ports.ts';
import type { Money } from '../types.ts';

/** One line of a list of approvals: a proposal by itself, or all rows of a batch together. */
export interface ApprovalEntry {
  id: string;
  title: string;
  /** Of a batch: "10 pending, 2 applied" where its rows differ. */
  state: string;
  requester: string;
  /** What it comes to, each currency by itself. */
  amounts: Money[];
  expiresAt: number;
  count: number;
}

/** In the order of the first row of each. */
export function groupedByBatch(rows: readonly ApprovalSummary[]): ApprovalEntry[] {
  const groups = new Map<string, [ApprovalSummary, ...ApprovalSummary[]]>();
  for (const row of rows) {
    const key = row.batch?.id ?? row.id;
    const known = groups.get(key);
    if (known === undefined) groups.set(key, [row]);
    else known.push(row);
  }
  return [...groups].map(([id, group]) => {
    const [first] = group;
    const many = group.length === 1 ? '' : ` (${group.length} rows)`;
    return {
      id,
      title: first.batch === null ? first.title : `${first.batch.title}${many}`,
      state: statesOf(group),
      requester: first.requesterName,
      amounts: sumsOf(group),
      expiresAt: Math.min(...group.map((row) => row.expiresAt)),
      count: group.length,
    };
  });
}

function statesOf(group: readonly ApprovalSummary[]): string {
  const counts = new Map<string, number>();
  for (const { state } of group) counts.set(state, (counts.get(state) ?? 0) + 1);
  const states = [...counts];
  const [only] = states;
  if (states.length === 1 && only !== undefined) return only[0];
  return states.map(([state, count]) => `${count} ${state}`).join(', ');
}

function sumsOf(group: readonly ApprovalSummary[]): Money[] {
  const sums = new Map<string, Money>();
  for (const { amount } of group) {
    if (amount === null) continue;
    const minor = (sums.get(amount.currency)?.minor ?? 0) + amount.minor;
    sums.set(amount.currency, { minor, currency: amount.currency });
  }
  return [...sums.values()];
}
