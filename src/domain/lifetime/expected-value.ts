import { type Random, seededRandom } from '../statistics/random.ts';
import {
  curveAt,
  kaplanMeier,
  quantileOf,
  restrictedMean,
  type SurvivalCurve,
} from '../survival/kaplan-meier.ts';
import { shareAt } from './curve-areas.ts';
import { ENOUGH_CHURNS, estimate, hazardsOf, type Terms, type Whole } from './estimate.ts';
import type { Group } from './group.ts';

export interface ExpectedValue {
  customers: number;
  churned: number;
  /** Per customer from the first payment on, company minor units: gross profit, discounted. */
  valueMinor: number;
  /** 95%, by the bootstrap over customers. */
  lowMinor: number;
  highMinor: number;
  /** Were every customer to pay what they paid at first. */
  withoutGrowthMinor: number;
  /** MRR of an average customer at the start, and of one still there at the end of the months counted. */
  startMinor: number;
  endMinor: number;
  /** Mean months with the company within the months counted, and its 95% interval. */
  months: number;
  monthsLow: number;
  monthsHigh: number;
  /** Still there after a year, or after the months counted where they are fewer, with a 95% band; null of nobody seen. */
  stillThere: { months: number; share: number; low: number; high: number } | null;
  /** By which half have left; null where more than half stay as long as anybody was seen. */
  medianMonths: number | null;
  /** Value by the end of each month of age. */
  cumulativeMinor: number[];
  /** How many churns were to be expected of the group at everybody's rate; null where its own curve was used. */
  expectedChurns: number | null;
  /** From this month of age on everybody's curve is followed; null where the group was seen long enough. */
  followedFrom: number | null;
  curve: SurvivalCurve;
}

/**
 * What a customer of the group is worth over the months counted: the share still there, times what those there pay,
 * times margin, discounted. A group with fewer than ENOUGH_CHURNS churns takes everybody's curve at a hazard of (its churns
 * + k) over (those to be expected of it + k), the mean of a gamma posterior with k = ENOUGH_CHURNS; a group that is young
 * follows everybody's curve where its own ends.
 */
export function expectedValue(group: Group, whole: Whole, terms: Terms, seed: string): ExpectedValue {
  const hazards = hazardsOf(group, whole);
  const once = group.spells.map(() => 1);
  const own = estimate(group, once, { whole, hazards, terms, random: null });
  const curve = kaplanMeier(group.spells);
  const random = seededRandom(seed);
  const drawn = Array.from({ length: rounds(group) }, () => {
    const { value, areas } = estimate(group, drawnCounts(once.length, random), {
      whole,
      hazards,
      terms,
      random,
    });
    return { log: Math.log(value), months: sum(areas) };
  });
  const spread = deviationOf(drawn.map(({ log }) => log).filter(Number.isFinite));
  const leaned = own.expectedChurns !== null || own.seen < terms.months;
  const months = sum(own.areas);
  // Of a curve that leans on everybody's, the bootstrap knows what the formula does not.
  const error = leaned
    ? deviationOf(drawn.map((one) => one.months))
    : restrictedMean(curve, terms.months).stdErr;
  return {
    customers: group.spells.length,
    churned: curve.events,
    valueMinor: Math.round(own.value),
    lowMinor: Math.round(own.value * Math.exp(-Z * spread)),
    highMinor: Math.round(own.value * Math.exp(Z * spread)),
    withoutGrowthMinor: Math.round(own.flat),
    startMinor: Math.round(own.path[0] ?? 0),
    endMinor: Math.round(own.path.at(-1) ?? 0),
    months,
    monthsLow: Math.max(0, months - Z * error),
    monthsHigh: Math.min(terms.months, months + Z * error),
    stillThere: stillThere(own.ratio, curve, whole, Math.min(12, terms.months)),
    medianMonths: quantileOf(curve),
    cumulativeMinor: own.cumulative.map(Math.round),
    expectedChurns: own.expectedChurns,
    followedFrom: own.expectedChurns === null && own.seen < terms.months ? own.seen : null,
    curve,
  };
}

/** For 95%. */
const Z = 1.959964;

/** Resamplings of customers: with thousands of them fewer show the same spread. */
function rounds({ spells }: Group): number {
  return spells.length > 2000 ? 60 : 200;
}

function stillThere(ratio: number | null, curve: SurvivalCurve, whole: Whole, months: number) {
  if (ratio !== null) {
    const share = shareAt(whole.curve.points, months);
    const factor = Math.exp(Z / Math.sqrt(curve.events + ENOUGH_CHURNS));
    return { months, share: share ** ratio, low: share ** (ratio * factor), high: share ** (ratio / factor) };
  }
  const { survival, low, high, atRisk } = curveAt(curve, months);
  return atRisk === 0 ? null : { months, share: survival, low: low ?? 0, high: high ?? survival };
}

function drawnCounts(size: number, random: Random): number[] {
  const counts = new Array<number>(size).fill(0);
  for (let draw = 0; draw < size; draw += 1) {
    const row = Math.floor(random() * size);
    counts[row] = (counts[row] ?? 0) + 1;
  }
  return counts;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function deviationOf(values: readonly number[]): number {
  const mean = sum(values) / Math.max(1, values.length);
  return Math.sqrt(sum(values.map((value) => (value - mean) ** 2)) / Math.max(1, values.length - 1));
}
