import { normalPair, type Random, seededRandom } from '../statistics/random.ts';
import {
  curveAt,
  kaplanMeier,
  quantileOf,
  restrictedMean,
  type SurvivalCurve,
} from '../survival/kaplan-meier.ts';
import type { Spell } from '../survival/spells.ts';
import { atHazard, continued, monthlyAreas, type Steps, seenMonths, shareAt } from './curve-areas.ts';
import { type Life, MONTH_MS, mrrAtAge, spellOf } from './life.ts';
import { pathOf } from './revenue-path.ts';

/** What value is made of beside who stays and what they pay. */
export interface Terms {
  /** Months of age counted. */
  months: number;
  /** Share of revenue that is left after what it costs to serve. */
  margin: number;
  /** Share a year by which later money is worth less. */
  discountRate: number;
}

/** Below it a group's churn is drawn towards everybody's. */
export const ENOUGH_CHURNS = 5;
/** At risk at an age, for a group's own curve to count there. */
export const ENOUGH_SEEN = 5;

/** A group of lives as known at an instant. */
export interface Group {
  asOfAt: number;
  spells: readonly Spell[];
  /** MRR by month of age, as far as each was seen. */
  revenue: readonly (readonly number[])[];
}

export function groupOf(lives: readonly Life[], asOfAt: number, months: number): Group {
  const seen = lives.flatMap((life) => {
    const spell = spellOf(life, asOfAt);
    return spell ? [{ life, spell }] : [];
  });
  return {
    asOfAt,
    spells: seen.map(({ spell }) => spell),
    revenue: seen.map(({ life }) => {
      const ages = Math.min(months + 1, Math.floor((asOfAt - life.startAt) / MONTH_MS) + 1);
      return Array.from({ length: ages }, (_, age) => mrrAtAge(life, age));
    }),
  };
}

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

/** Everybody's curve, which small groups lean on. */
export interface Whole {
  steps: Steps;
  curve: SurvivalCurve;
}

export function wholeOf(group: Group): Whole {
  const curve = kaplanMeier(group.spells);
  return { curve, steps: curve.points };
}

/**
 * What a customer of the group is worth over the months counted: the share still there, times what those there pay,
 * times margin, discounted. A group with fewer than ENOUGH_CHURNS churns takes everybody's curve at a hazard of (its churns
 * + k) over (those to be expected of it + k), the mean of a gamma posterior with k = ENOUGH_CHURNS; a group that is young
 * follows everybody's curve where its own ends.
 */
export function expectedValue(group: Group, whole: Whole, terms: Terms, seed: string): ExpectedValue {
  const own = estimate(group, whole, terms, null);
  const { curve, path } = own;
  const random = seededRandom(seed);
  const rounds = group.spells.length > 2000 ? 60 : 200;
  const drawn = Array.from({ length: rounds }, () => {
    const { value, areas } = estimate(resampled(group, random), whole, terms, random);
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
    startMinor: Math.round(path[0] ?? 0),
    endMinor: Math.round(path.at(-1) ?? 0),
    months,
    monthsLow: Math.max(0, months - Z * error),
    monthsHigh: Math.min(terms.months, months + Z * error),
    stillThere: stillThere(own, whole, Math.min(12, terms.months)),
    medianMonths: quantileOf(curve),
    cumulativeMinor: own.cumulative.map(Math.round),
    expectedChurns: own.expectedChurns,
    followedFrom: own.expectedChurns === null && own.seen < terms.months ? own.seen : null,
    curve,
  };
}

/** For 95%. */
const Z = 1.959964;

function stillThere({ curve, ratio }: ReturnType<typeof estimate>, whole: Whole, months: number) {
  if (ratio !== null) {
    const share = shareAt(whole.steps, months);
    const factor = Math.exp(Z / Math.sqrt(curve.events + ENOUGH_CHURNS));
    return { months, share: share ** ratio, low: share ** (ratio * factor), high: share ** (ratio / factor) };
  }
  const { survival, low, high, atRisk } = curveAt(curve, months);
  return atRisk === 0 ? null : { months, share: survival, low: low ?? 0, high: high ?? survival };
}

/** Months of discounting at the middle of each month. */
function weights({ months, margin, discountRate }: Terms): number[] {
  return Array.from({ length: months }, (_, month) => margin * (1 + discountRate) ** -((month + 0.5) / 12));
}

/** With `random`, the hazard of a group that leans on everybody's is drawn from its posterior. */
function estimate(group: Group, whole: Whole, terms: Terms, random: Random | null) {
  const curve = kaplanMeier(group.spells);
  const seen = seenMonths(curve, ENOUGH_SEEN);
  let [expectedChurns, ratio]: [number | null, number | null] = [null, null];
  let steps: Steps = curve.points;
  if (curve.events < ENOUGH_CHURNS && whole.curve.events > curve.events) {
    expectedChurns = sum(group.spells.map(({ stop }) => hazardAt(whole.curve, stop)));
    ratio = (curve.events + ENOUGH_CHURNS) / (expectedChurns + ENOUGH_CHURNS);
    const draw = random ? normalPair(random)[0] / Math.sqrt(curve.events + ENOUGH_CHURNS) : 0;
    steps = atHazard(whole.steps, ratio * Math.exp(draw));
  } else if (seen < terms.months) steps = continued(steps, whole.steps, seen);
  const areas = monthlyAreas(steps, terms.months);
  const path = pathOf(group.revenue, terms.months);
  const each = weights(terms).map((weight, month) => weight * (areas[month] ?? 0));
  let value = 0;
  const cumulative = each.map((weight, month) => {
    value += weight * (path[month] ?? 0);
    return value;
  });
  return {
    value,
    flat: sum(each) * (path[0] ?? 0),
    areas,
    path,
    cumulative,
    seen,
    expectedChurns,
    ratio,
    curve,
  };
}

function hazardAt(curve: SurvivalCurve, time: number): number {
  return curve.points.findLast((point) => point.time <= time)?.cumulativeHazard ?? 0;
}

function resampled({ asOfAt, spells, revenue }: Group, random: Random): Group {
  const rows = spells.map(() => Math.floor(random() * spells.length));
  return {
    asOfAt,
    spells: rows.flatMap((row) => spells[row] ?? []),
    revenue: rows.flatMap((row) => (revenue[row] ? [revenue[row]] : [])),
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function deviationOf(values: readonly number[]): number {
  const mean = sum(values) / Math.max(1, values.length);
  return Math.sqrt(sum(values.map((value) => (value - mean) ** 2)) / Math.max(1, values.length - 1));
}
