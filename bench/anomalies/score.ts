/** Scores of a series' points beside what an expert marked. */
export interface Scored {
  scores: readonly number[];
  labels: readonly boolean[];
}

export interface EventFigures {
  events: number;
  found: number;
  alarms: number;
  falseAlarms: number;
  precision: number;
  recall: number;
  f1: number;
}

interface Window {
  first: number;
  last: number;
}

/** Runs of points; alarms may have `between` quiet points within. */
function windowsOf(flags: readonly boolean[], between: number): Window[] {
  const windows: Window[] = [];
  for (const [index, flag] of flags.entries()) {
    if (!flag) continue;
    const open = windows.at(-1);
    if (open && index - open.last <= between + 1) open.last = index;
    else windows.push({ first: index, last: index });
  }
  return windows;
}

/** A marked window is found when any alarm overlaps it; an alarm that overlaps none is a false one. */
export function eventFigures(all: readonly Scored[], threshold: number): EventFigures {
  let events = 0;
  let found = 0;
  let alarms = 0;
  let falseAlarms = 0;
  for (const { scores, labels } of all) {
    const marked = windowsOf(labels, 0);
    const raised = windowsOf(
      scores.map((score) => score >= threshold),
      1,
    );
    const touches = (a: Window, b: Window) => a.first <= b.last && a.last >= b.first;
    events += marked.length;
    found += marked.filter((event) => raised.some((alarm) => touches(alarm, event))).length;
    alarms += raised.length;
    falseAlarms += raised.filter((alarm) => !marked.some((event) => touches(alarm, event))).length;
  }
  const precision = alarms === 0 ? 0 : (alarms - falseAlarms) / alarms;
  const recall = events === 0 ? 0 : found / events;
  const f1 = precision + recall === 0 ? 0 : (2 * precision * recall) / (precision + recall);
  return { events, found, alarms, falseAlarms, precision, recall, f1 };
}

/**
 * Average precision over points: the sum over distinct scores, from the highest, of precision times the recall
 * gained; equal scores count as one step. 0 where nothing is marked.
 */
export function averagePrecision(all: readonly Scored[]): number {
  const points = all.flatMap(({ scores, labels }) =>
    scores.map((score, at) => ({ score, marked: labels[at] === true })),
  );
  const total = points.filter((point) => point.marked).length;
  if (total === 0) return 0;
  points.sort((a, b) => b.score - a.score);
  let hits = 0;
  let counted = 0;
  let sum = 0;
  for (const [index, point] of points.entries()) {
    if (point.marked) hits += 1;
    if (points[index + 1]?.score === point.score) continue;
    sum += ((hits - counted) / total) * (hits / (index + 1));
    counted = hits;
  }
  return sum;
}

/** Below two deviations nothing is an anomaly, and an alarm without end would find every event. */
const THRESHOLDS: readonly number[] = Array.from({ length: 120 }, (_, at) => 2 * 1.04 ** at);

/** The threshold of the best event F1, the lowest where several are equal. */
export function bestThreshold(tuning: readonly Scored[]): number {
  let best = { threshold: THRESHOLDS[0] ?? 2, f1: -1 };
  for (const threshold of THRESHOLDS) {
    const { f1 } = eventFigures(tuning, threshold);
    if (f1 > best.f1) best = { threshold, f1 };
  }
  return best.threshold;
}
