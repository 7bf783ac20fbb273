import { formatMoney } from '../money/format.ts';
import { chiSquareTail } from '../statistics/distributions.ts';
import type { Interval, Moments } from '../statistics/samples.ts';
import { type Experiment, type Guardrail, HOLDOUT } from './experiment.ts';
import { differenceSequence, shareDifferenceSequence } from './sequential.ts';

/** What has been seen of an arm so far, of customers whose window is over. Amounts in minor units. */
export interface ArmResult {
  arm: string;
  /** Recovered a customer, 0 for who did not pay. */
  recovered: Moments;
  events: Readonly<Partial<Record<Guardrail, number>>>;
  /** Customers assigned, whether their window is over or not. */
  assigned: number;
}

export const VERDICTS = [
  'invalid',
  'harmful',
  'too_early',
  'better',
  'worse',
  'no_effect',
  'no_effect_shown',
  'running',
] as const;
export type Verdict = (typeof VERDICTS)[number];

export interface ArmComparison {
  arm: string;
  verdict: Verdict;
  words: string;
  /** Recovered a customer more than the first arm, minor units. */
  perCustomer: Interval;
  /** The same over all customers of the arm. */
  incremental: Interval;
  guardrails: { metric: Guardrail; increase: Interval; harmed: boolean; shownHarmless: boolean }[];
}

export interface ExperimentReport {
  /** Whether customers fell into the arms as the weights say. Below 0.001 nothing else is to be believed. */
  sampleRatio: { chiSquare: number; p: number; ok: boolean };
  comparisons: ArmComparison[];
  /** What all arms together recovered more than the holdout, a customer; null without a holdout's results. */
  againstHoldout: Interval | null;
}

const SAMPLE_RATIO_ALPHA = 0.001;

/**
 * An experiment at any look: intervals hold at all looks together, alpha shared evenly by the arms that are compared.
 * A guardrail stops an arm as soon as it is surely worse, before anything is said of money.
 */
export function judgeExperiment(
  experiment: Experiment,
  results: readonly ArmResult[],
  now: number,
): ExperimentReport {
  const byArm = experiment.arms.map(({ id }) => results.find(({ arm }) => arm === id) ?? nothingOf(id));
  const sampleRatio = sampleRatioOf(experiment, byArm);
  const [control, ...others] = byArm;
  const againstHoldout = holdoutDifference(experiment, byArm, results);
  if (!control) return { sampleRatio, comparisons: [], againstHoldout };
  return {
    sampleRatio,
    againstHoldout,
    comparisons: others.map((result) => compareArm(experiment, control, result, sampleRatio.ok, now)),
  };
}

function holdoutDifference(
  { alpha, planned, holdoutShare }: Experiment,
  arms: readonly ArmResult[],
  results: readonly ArmResult[],
): Interval | null {
  const holdout = results.find(({ arm }) => arm === HOLDOUT);
  if (!holdout) return null;
  const together = arms.reduce(
    (sum, { recovered }) => ({
      n: sum.n + recovered.n,
      sum: sum.sum + recovered.sum,
      sumOfSquares: sum.sumOfSquares + recovered.sumOfSquares,
    }),
    { n: 0, sum: 0, sumOfSquares: 0 },
  );
  return differenceSequence(together, holdout.recovered, { alpha, planned: planned / (1 - holdoutShare) });
}

function nothingOf(arm: string): ArmResult {
  return { arm, recovered: { n: 0, sum: 0, sumOfSquares: 0 }, events: {}, assigned: 0 };
}

/** Pearson's chi-square of the assigned against the weights. */
function sampleRatioOf({ arms }: Experiment, results: readonly ArmResult[]): ExperimentReport['sampleRatio'] {
  const total = results.reduce((sum, { assigned }) => sum + assigned, 0);
  const weights = arms.reduce((sum, { weight }) => sum + weight, 0);
  if (total === 0) return { chiSquare: 0, p: 1, ok: true };
  const chiSquare = arms.reduce((sum, { weight }, index) => {
    const expected = (total * weight) / weights;
    return sum + ((results[index]?.assigned ?? 0) - expected) ** 2 / expected;
  }, 0);
  const p = chiSquareTail(chiSquare, arms.length - 1);
  return { chiSquare, p, ok: p >= SAMPLE_RATIO_ALPHA };
}

function compareArm(
  experiment: Experiment,
  control: ArmResult,
  result: ArmResult,
  ratioOk: boolean,
  now: number,
): ArmComparison {
  const settings = {
    alpha: experiment.alpha / (experiment.arms.length - 1),
    planned: (2 * experiment.planned) / experiment.arms.length,
  };
  const perCustomer = differenceSequence(result.recovered, control.recovered, settings);
  const guardrails = experiment.guardrails.map(({ metric, maxIncrease }) => {
    const side = ({ events, recovered }: ArmResult) => ({ events: events[metric] ?? 0, n: recovered.n });
    const increase = shareDifferenceSequence(side(result), side(control), settings);
    return { metric, increase, harmed: increase.low > 0, shownHarmless: increase.high <= maxIncrease };
  });
  const harmed = guardrails.find((guardrail) => guardrail.harmed)?.metric ?? null;
  const smallest = Math.min(control.recovered.n, result.recovered.n);
  const verdict = ((): Verdict => {
    if (!ratioOk) return 'invalid';
    if (harmed !== null && smallest >= 50) return 'harmful';
    if (smallest < experiment.minimumPerArm)
      return now >= experiment.endsAt ? 'no_effect_shown' : 'too_early';
    if (perCustomer.low > 0) return 'better';
    if (perCustomer.high < 0) return 'worse';
    const bound = experiment.smallestEffectMinor;
    if (perCustomer.low > -bound && perCustomer.high < bound) return 'no_effect';
    return now >= experiment.endsAt ? 'no_effect_shown' : 'running';
  })();
  const incremental = times(perCustomer, result.recovered.n);
  const open = guardrails.filter(({ shownHarmless }) => !shownHarmless).map(({ metric }) => metric);
  const words = wordsOf({ verdict, experiment, incremental, harmed, open, smallest });
  return { arm: result.arm, verdict, words, perCustomer, incremental, guardrails };
}

function times({ estimate, low, high }: Interval, factor: number): Interval {
  if (factor === 0) return { estimate: 0, low, high };
  return { estimate: estimate * factor, low: low * factor, high: high * factor };
}

interface Said {
  verdict: Verdict;
  experiment: Experiment;
  incremental: Interval;
  harmed: Guardrail | null;
  open: readonly Guardrail[];
  smallest: number;
}

function wordsOf({ verdict, experiment, incremental, harmed, open, smallest }: Said): string {
  const money = (minor: number) => formatMoney({ minor: Math.round(minor), currency: experiment.currency });
  const range = Number.isFinite(incremental.low)
    ? `${money(incremental.estimate)} (between ${money(incremental.low)} and ${money(incremental.high)})`
    : 'nothing that can be said yet';
  switch (verdict) {
    case 'invalid':
      return 'Customers did not fall into the arms as planned, so nothing can be concluded. Look for what sorted them.';
    case 'harmful':
      return `Stop: ${harmed} rose beyond doubt.`;
    case 'too_early':
      return `Too early: ${smallest} of ${experiment.minimumPerArm} customers in the smaller arm.`;
    case 'better':
      return `It recovered more: ${range}.${open.length > 0 ? ` Not yet shown harmless: ${open.join(', ')}.` : ''}`;
    case 'worse':
      return `It recovered less: ${range}.`;
    case 'no_effect':
      return `No effect: the difference is smaller than ${money(experiment.smallestEffectMinor)} a customer.`;
    case 'no_effect_shown':
      return `Over, and no effect was shown: ${range}.`;
    case 'running':
      return `Still open: ${range}.`;
  }
}
