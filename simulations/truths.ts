import { figuresIn, shows } from '../evals/figures.ts';
import type { SandboxClient } from '../sandbox/client.ts';
import { localDay, wallClock } from './mornings.ts';

/** Lines of a briefing by their label, and which of the sandbox's own numbers each must be. */
const SNAPSHOTS: readonly [RegExp, string][] = [
  [/^MRR\b/, 'mrr'],
  [/^Active customers\b/, 'active_customers'],
  [/^(Open tickets|Tickets open)\b/, 'tickets_open'],
  [/^(Overdue receivables|Receivables overdue|Receivables, overdue)\b/, 'receivables_overdue'],
];
const FLOWS: readonly [RegExp, string][] = [
  [/^(Revenue, gross|Gross revenue|Payments)\b/, 'revenue_gross'],
  [/^(Signups|New customers)\b/, 'signups'],
  [/^API calls\b/, 'api_calls'],
  [/^Failed payments\b/, 'failed_payments'],
  [/^Uptime\b/, 'uptime'],
  [/^Error rate\b/, 'error_rate'],
];

export interface TruthCheck {
  checked: number;
  wrong: string[];
}

/** Compares the headline figure of each line it knows with the sandbox's truth at the briefing's own instant. */
export async function checkTruth(
  client: SandboxClient,
  lines: readonly string[],
  at: number,
  companyTz: string,
): Promise<TruthCheck> {
  const today = localDay(at, companyTz);
  const yesterday = localDay(wallClock(today, '12:00', companyTz) - 86_400_000, companyTz);
  const iso = (day: string) => new Date(wallClock(day, '00:00', companyTz)).toISOString();
  const period = `${iso(yesterday)}/${iso(today)}`;
  const outcome: TruthCheck = { checked: 0, wrong: [] };
  for (const line of lines) {
    const snapshot = SNAPSHOTS.find(([label]) => label.test(line));
    const flow = FLOWS.find(([label]) => label.test(line));
    const query = snapshot?.[1] ?? flow?.[1];
    if (query === undefined) continue;
    const parameters = snapshot ? { at: new Date(at).toISOString() } : { period };
    const truth = await client.truth(query, parameters);
    const figure = figuresIn(line)[0];
    outcome.checked += 1;
    if (!figure || !shows(figure, truth)) {
      outcome.wrong.push(`"${line}" at ${new Date(at).toISOString()}: the truth is ${truth.value}`);
    }
  }
  return outcome;
}
