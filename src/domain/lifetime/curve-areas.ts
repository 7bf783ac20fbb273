import type { SurvivalCurve } from '../survival/kaplan-meier.ts';
import type { Spell } from '../survival/spells.ts';

/** A share of customers by age in months: from each time on, until the next. From 0 to the first it is 1. */
export type Steps = readonly { time: number; survival: number }[];

export function shareAt(steps: Steps, time: number): number {
  return steps.findLast((step) => step.time <= time)?.survival ?? 1;
}

/** The area under the curve over each month of age: how much of the month an average customer is there. */
export function monthlyAreas(steps: Steps, months: number): number[] {
  const areas = new Array<number>(months).fill(0);
  let [from, survival] = [0, 1];
  for (const { time, survival: next } of [...steps, { time: months, survival: 0 }]) {
    const until = Math.min(time, months);
    for (let at = from; at < until; ) {
      const month = Math.floor(at);
      const end = Math.min(until, month + 1);
      areas[month] = (areas[month] ?? 0) + (end - at) * survival;
      at = end;
    }
    from = Math.max(from, until);
    survival = next;
  }
  return areas;
}

/**
 * The curve of a group that is too small for its own: everybody's, at a hazard multiplied by `ratio`.
 */
export function atHazard(everybody: Steps, ratio: number): Steps {
  return everybody.map(({ time, survival }) => ({ time, survival: survival ** ratio }));
}

/** The group's own curve as long as it was seen, then everybody's from there on. */
export function continued(own: Steps, everybody: Steps, seenMonths: number): Steps {
  const [left, all] = [shareAt(own, seenMonths), shareAt(everybody, seenMonths)];
  const later = everybody
    .filter(({ time }) => time > seenMonths)
    .map(({ time, survival }) => ({ time, survival: all === 0 ? 0 : (left * survival) / all }));
  return [...own.filter(({ time }) => time <= seenMonths), ...later];
}

/** The last whole month of age at whose end at least so many are still observed. */
export function seenMonths({ points }: SurvivalCurve, atLeast: number): number {
  const last = points.findLast(({ atRisk }) => atRisk >= atLeast);
  return last ? Math.floor(last.time) : 0;
}

/**
 * Kaplan and Meier's curve of rows that count several times or not at all, the shortest first, with the last whole month
 * at which at least `atLeast` are still observed. All begin at 0.
 */
export function countedSteps(
  spells: readonly Spell[],
  counts: readonly number[],
  atLeast: number,
): { steps: Steps; events: number; seenMonths: number } {
  const steps: { time: number; survival: number }[] = [];
  let atRisk = counts.reduce((sum, count) => sum + count, 0);
  let [survival, events, seen] = [1, 0, 0];
  for (let at = 0; at < spells.length; ) {
    const time = spells[at]?.stop ?? 0;
    let [ended, left] = [0, 0];
    for (; spells[at]?.stop === time; at += 1) {
      const count = counts[at] ?? 0;
      ended += count;
      if (spells[at]?.event) left += count;
    }
    if (ended > 0 && atRisk >= atLeast) seen = time;
    if (left > 0) {
      survival *= 1 - left / atRisk;
      events += left;
      steps.push({ time, survival });
    }
    atRisk -= ended;
  }
  return { steps, events, seenMonths: Math.floor(seen) };
}
