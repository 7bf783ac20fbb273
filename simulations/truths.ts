import { figuresIn, shows } from '../evals/figures.ts';
import type { SandboxClient } from '../sandbox/client.ts';
import { localDay, wallClock } from './mornings.ts';

/** Lines of a briefing by their label, and which of the sandbox's own numbers each must be. */
const SNAPSHOTS: readonly [RegExp, string][] = [
  [/^MRR \W?\d/, 'mrr'],
  [/^Active customers \d/, 'active_customers'],
  [/^Open tickets \d/, 'tickets_open'],
  [/^Overdue receivables \W?\d/, 'receivables_overdue'],
];
const FLOWS: readonly [RegExp, string][] = [
  [/^Payments( \(gross revenue\))? \W?\d/, 'revenue_gross'],
  [/^Signups \d/, 'signups'],
  [/^API calls \d/, 'api_calls'],
  [/^Failed payments \d/, 'failed_payments'],
  [/^Uptime \d/, 'uptime'],
  [/^Error rate \d/, 'error_rate'],
];

export interface TruthCheck {
  checked: number;
  wrong: string[];
}

/**
 * Compares the headline figure of each line it knows with the sandbox's truth. `at` is the morning it was due:
 * what stands is taken just before it, what flows over the company day that is over.
 */
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
    const parameters = snapshot ? { at: new Date(at - 1).toISOString() } : { period };
    const truth = await client.truth(query, parameters);
    const figure = figuresIn(line)[0];
    outcome.checked += 1;
    if (!figure || !shows(figure, truth)) {
      outcome.wrong.push(`"${line}" at ${new Date(at).toISOString()}: the truth is ${truth.value}`);
    }
  }
  return outcome;
}
