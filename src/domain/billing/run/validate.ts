import type { UsageBasis } from './basis.ts';

/** What keeps an invoice, or (without a customer) the whole run, from being issued. */
export interface RunProblem {
  customerId: string | null;
  words: string;
}

/** What a run is held against before anything is calculated. */
export interface RunFacts {
  bases: readonly UsageBasis[];
  /** Days of the period, "2026-10-01"; and those on which anybody called. */
  days: readonly string[];
  daysWithUsage: ReadonlySet<string>;
  /** Usage is known up to here; null: never read. */
  usageThroughAt: number | null;
  endAt: number;
}

/**
 * What is wrong with a run's facts, in sentences: usage that is not complete, customers that appear twice, numbers
 * that cannot be, a price or tax that is missing. An empty list means it may be rated.
 */
export function validateRun(facts: RunFacts): RunProblem[] {
  return [...incomplete(facts), ...duplicates(facts.bases), ...facts.bases.flatMap(problemsOf)];
}

function incomplete({ days, daysWithUsage, usageThroughAt, endAt }: RunFacts): RunProblem[] {
  const problems: RunProblem[] = [];
  if (usageThroughAt === null || usageThroughAt < endAt) {
    problems.push({ customerId: null, words: 'Usage is not known up to the end of the month yet.' });
  }
  const silent = days.filter((day) => !daysWithUsage.has(day));
  if (silent.length > 0) {
    problems.push({
      customerId: null,
      words: `Nobody called at all on ${silent.join(', ')}: usage is missing.`,
    });
  }
  return problems;
}

function duplicates(bases: readonly UsageBasis[]): RunProblem[] {
  const seen = new Set<string>();
  return bases.flatMap(({ customerId, customerName }) => {
    if (!seen.has(customerId)) {
      seen.add(customerId);
      return [];
    }
    return [{ customerId, words: `${customerName} appears twice.` }];
  });
}

function problemsOf(basis: UsageBasis): RunProblem[] {
  const { customerId, customerName, calls, categories, included, perThousand, currency, plan } = basis;
  const words: string[] = [];
  if (calls < 0 || categories.some((one) => one.calls < 0)) {
    words.push(`Usage of ${customerName} is below zero.`);
  }
  if (categories.reduce((sum, one) => sum + one.calls, 0) !== calls) {
    words.push(`Usage of ${customerName} by category does not add up to the whole.`);
  }
  if (calls > included && perThousand === null) {
    words.push(`There is no price in ${currency} for calls beyond the plan ${plan}.`);
  }
  const bills = calls > included || basis.late.length > 0;
  if (bills && basis.taxMissing !== null) {
    words.push(`To tax ${customerName}, this is missing: ${basis.taxMissing}.`);
  }
  for (const { now } of basis.late) {
    if (now.calls > now.included && now.perThousand === null)
      words.push(`There is no price in ${currency} for late calls beyond the plan ${now.plan}.`);
  }
  return words.map((text) => ({ customerId, words: text }));
}
