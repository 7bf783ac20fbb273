import { normalPair, type Random } from '../statistics/random.ts';
import { kaplanMeier, type SurvivalCurve } from '../survival/kaplan-meier.ts';
import { atHazard, continued, countedSteps, monthlyAreas, type Steps } from './curve-areas.ts';
import type { Group } from './group.ts';
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
const ENOUGH_SEEN = 5;

/** Everybody's curve, which small groups lean on. */
export interface Whole {
  curve: SurvivalCurve;
}

export function wholeOf(group: Group): Whole {
  return { curve: kaplanMeier(group.spells) };
}

/** Everybody's cumulative hazard at the end of each of a group's spells: the churns to be expected of each. */
export function hazardsOf(group: Group, { curve }: Whole): number[] {
  let at = 0;
  return group.spells.map(({ stop }) => {
    while ((curve.points[at]?.time ?? Number.POSITIVE_INFINITY) <= stop) at += 1;
    return curve.points[at - 1]?.cumulativeHazard ?? 0;
  });
}

/** A month's money today: margin, discounted from the middle of the month. */
export function monthlyWeights({ months, margin, discountRate }: Terms): number[] {
  return Array.from({ length: months }, (_, month) => margin * (1 + discountRate) ** -((month + 0.5) / 12));
}

/** How often each row counts: once, or as often as it was drawn. */
export type Counts = readonly number[];

/** With `random`, the hazard of a group that leans on everybody's is drawn from its posterior. */
export function estimate(
  group: Group,
  counts: Counts,
  { whole, hazards, terms, random }: { whole: Whole; hazards: Counts; terms: Terms; random: Random | null },
) {
  const own = countedSteps(group.spells, counts, ENOUGH_SEEN);
  let [expectedChurns, ratio]: [number | null, number | null] = [null, null];
  let steps: Steps = own.steps;
  if (own.events < ENOUGH_CHURNS && whole.curve.events > own.events) {
    expectedChurns = hazards.reduce((sum, hazard, row) => sum + hazard * (counts[row] ?? 0), 0);
    ratio = (own.events + ENOUGH_CHURNS) / (expectedChurns + ENOUGH_CHURNS);
    const draw = random ? normalPair(random)[0] / Math.sqrt(own.events + ENOUGH_CHURNS) : 0;
    steps = atHazard(whole.curve.points, ratio * Math.exp(draw));
  } else if (own.seenMonths < terms.months) steps = continued(steps, whole.curve.points, own.seenMonths);
  const areas = monthlyAreas(steps, terms.months);
  const path = pathOf(group.revenue, counts, terms.months);
  const each = monthlyWeights(terms).map((weight, month) => weight * (areas[month] ?? 0));
  let value = 0;
  const cumulative = each.map((weight, month) => {
    value += weight * (path[month] ?? 0);
    return value;
  });
  const flat = each.reduce((total, weight) => total + weight, 0) * (path[0] ?? 0);
  return { value, flat, areas, path, cumulative, seen: own.seenMonths, expectedChurns, ratio };
}
