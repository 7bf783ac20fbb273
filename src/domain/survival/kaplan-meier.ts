import { normalQuantile } from '../statistics/distributions.ts';
import { checkSpells, type Spell } from './spells.ts';

/** How the band around a curve is made: on the scale of the curve, of its logarithm, or of log(-log). */
export type BandScale = 'plain' | 'log' | 'log-log';

/** One time at which somebody's observation ended. */
export interface CurvePoint {
  time: number;
  /** Just before the time. */
  atRisk: number;
  events: number;
  censored: number;
  /** The share still without the event after the time. */
  survival: number;
  /** Of the share: Greenwood's. */
  stdErr: number;
  /** Null where the curve is at zero: nothing is known there. */
  low: number | null;
  high: number | null;
  /** Nelson and Aalen's estimate, and its standard error (Aalen 1978). */
  cumulativeHazard: number;
  hazardStdErr: number;
}

export interface SurvivalCurve {
  /** Rows, and how many of them end with the event. */
  rows: number;
  events: number;
  points: readonly CurvePoint[];
}

/**
 * The share of those at risk without the event by time (Kaplan and Meier, JASA 53, 1958), with Greenwood's standard
 * error and a pointwise band; the band's scale is log(-log) unless told, which stays within 0 and 1. Throws
 * `invalid_input` for rows that make no sense.
 */
export function kaplanMeier(
  spells: readonly Spell[],
  { confidence = 0.95, band = 'log-log' }: { confidence?: number; band?: BandScale } = {},
): SurvivalCurve {
  checkSpells(spells);
  const z = normalQuantile(0.5 + confidence / 2);
  const starts = spells.map(({ start }) => start).sort((a, b) => a - b);
  const stops = spells.toSorted((a, b) => a.stop - b.stop);
  const points: CurvePoint[] = [];
  let [survival, greenwood, hazard, hazardVariance, begun] = [1, 0, 0, 0, 0];
  for (let at = 0; at < stops.length; ) {
    const time = stops[at]?.stop ?? 0;
    const ended = at;
    let events = 0;
    for (; stops[at]?.stop === time; at += 1) events += stops[at]?.event ? 1 : 0;
    while ((starts[begun] ?? Number.POSITIVE_INFINITY) < time) begun += 1;
    const atRisk = begun - ended;
    if (events > 0) {
      survival = events === atRisk ? 0 : survival * (1 - events / atRisk);
      greenwood += events === atRisk ? 0 : events / (atRisk * (atRisk - events));
      hazard += events / atRisk;
      hazardVariance += events / atRisk ** 2;
    }
    const stdErr = survival * Math.sqrt(greenwood);
    points.push({
      time,
      atRisk,
      events,
      censored: at - ended - events,
      survival,
      stdErr,
      ...bandOf(survival, Math.sqrt(greenwood), z, band),
      cumulativeHazard: hazard,
      hazardStdErr: Math.sqrt(hazardVariance),
    });
  }
  return { rows: spells.length, events: spells.filter(({ event }) => event).length, points };
}

/** `logError` is the standard error of the curve's logarithm. */
function bandOf(survival: number, logError: number, z: number, scale: BandScale) {
  if (survival === 0) return { low: null, high: null };
  if (survival === 1) return { low: 1, high: 1 };
  const clipped = (low: number, high: number) => ({ low: Math.max(0, low), high: Math.min(1, high) });
  if (scale === 'plain') {
    return clipped(survival - z * survival * logError, survival + z * survival * logError);
  }
  const log = Math.log(survival);
  if (scale === 'log') return clipped(Math.exp(log - z * logError), Math.exp(log + z * logError));
  const [centre, half] = [Math.log(-log), (z * logError) / Math.abs(log)];
  return { low: Math.exp(-Math.exp(centre + half)), high: Math.exp(-Math.exp(centre - half)) };
}

/** The curve as it stands at a time: `atRisk` those whose observation ends at the next point or later. */
export function curveAt(curve: SurvivalCurve, time: number): Omit<CurvePoint, 'events' | 'censored'> {
  const last = curve.points.findLast((point) => point.time <= time);
  const atRisk = curve.points.find((point) => point.time >= time)?.atRisk ?? 0;
  const beginning = { survival: 1, stdErr: 0, low: 1, high: 1, cumulativeHazard: 0, hazardStdErr: 0 };
  return { ...beginning, ...last, time, atRisk };
}

/** Differences of the curve below this are rounding. */
const SAME = 1.5e-8;

/**
 * The time by which a share has had the event, 0.5 for the median; where the curve lies flat on exactly that share, the
 * middle of the flat. Null where the curve never comes so low.
 */
export function quantileOf(curve: SurvivalCurve, share = 0.5): number | null {
  const level = 1 - share;
  const reached = curve.points.findIndex(({ survival }) => survival < level + SAME);
  const first = curve.points[reached];
  if (!first) return null;
  if (Math.abs(first.survival - level) >= SAME) return first.time;
  const next = curve.points.find(({ survival }, at) => at > reached && survival < first.survival);
  return next ? (first.time + next.time) / 2 : first.time;
}

/**
 * The mean time without the event up to `until`: the area under the curve, which lies flat after its last point, with
 * its standard error (Klein and Moeschberger 2003, 4.5).
 */
export function restrictedMean(curve: SurvivalCurve, until: number): { mean: number; stdErr: number } {
  const within = curve.points.filter(({ time, events }) => events > 0 && time < until);
  const areas = [0, ...within.map(({ time }) => time)].map((from, at) => {
    const survival = within[at - 1]?.survival ?? 1;
    return survival * ((within[at]?.time ?? until) - from);
  });
  // Areas beyond each event time, summed from the end.
  let [beyond, variance] = [0, 0];
  for (let at = within.length - 1; at >= 0; at -= 1) {
    beyond += areas[at + 1] ?? 0;
    const { atRisk = 0, events = 0 } = within[at] ?? {};
    if (atRisk > events) variance += (beyond ** 2 * events) / (atRisk * (atRisk - events));
  }
  return { mean: areas.reduce((sum, area) => sum + area, 0), stdErr: Math.sqrt(variance) };
}
