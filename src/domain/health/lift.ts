import { type Band, bandOf, nextBandAt } from './bands.ts';
import { pointsOf, valueFor } from './feature.ts';
import { FEATURES } from './registry.ts';
import type { Part, Score } from './score.ts';
import type { BandSettings } from './settings.ts';

/** One feature moved as far as it must be. */
export interface Move {
  feature: string;
  title: string;
  from: number;
  to: number;
  /** The value to be reached, in words. */
  say: string;
}

/** The smallest feasible change that lifts an account into a better band. */
export interface Lift {
  band: Band;
  score: number;
  moves: readonly Move[];
}

interface Lever {
  part: Part & { points: number };
  value: number;
  effort: number;
}

/** A hair beyond the edge, since a band ends at its edge and not before. */
const BEYOND = 0.01;

/** Points of the score that are worth naming a feature for. */
const LEAST_GAIN = 1.5;
/** What each further feature costs beside the points it is moved: fewer things are easier to do. */
const PER_FEATURE = 20;

/**
 * The change with the least effort: points moved times how hard that is, and a little for each further feature. Null
 * where the account is healthy already, has no score, or nothing that can be done would be enough.
 */
export function smallestLift(score: Score, band: Band, settings: BandSettings): Lift | null {
  const edge = nextBandAt(band, settings);
  if (score.score === null || edge === null) return null;
  const needed = edge + BEYOND - score.score;
  const levers = leversOf(score);
  const ways = [...levers.map((lever) => [lever]), [...levers].sort((a, b) => costOf(a) - costOf(b))];
  const [best] = ways.flatMap((way) => inTurn(way, needed) ?? []).sort((a, b) => a.effort - b.effort);
  if (!best) return null;
  const reached = score.score + best.gain;
  return { band: bandOf(reached, band, settings), score: reached, moves: best.moves };
}

function leversOf({ parts }: Score): Lever[] {
  return parts.flatMap((part) => {
    const lever = FEATURES.find(({ name }) => name === part.feature)?.lever;
    if (!lever || part.points === null || part.measured.is !== 'value' || part.costs < LEAST_GAIN) return [];
    return [{ part: { ...part, points: part.points }, value: part.measured.value, effort: lever.effort }];
  });
}

/** Effort for a point of the score. */
const costOf = ({ part, effort }: Lever) => effort / part.share;

interface Way {
  moves: Move[];
  gain: number;
  effort: number;
}

/** Each to its best in turn, the last one only as far as is needed; null where all of them are not enough. */
function inTurn(levers: readonly Lever[], needed: number): Way | null {
  const way: Way = { moves: [], gain: 0, effort: 0 };
  for (const lever of levers) {
    const wanted = lever.part.points + (needed - way.gain) / lever.part.share;
    const step = stepOf(lever, Math.min(bestOf(lever), wanted));
    if (!step) continue;
    way.moves.push(step.move);
    way.gain += step.gain;
    way.effort += step.gain * costOf(lever) + PER_FEATURE;
    if (way.gain >= needed - 1e-9) return way;
  }
  return null;
}

function scaleOf(lever: Lever) {
  return FEATURES.find(({ name }) => name === lever.part.feature);
}

function bestOf(lever: Lever): number {
  return Math.max(...(scaleOf(lever)?.scale.map(([, points]) => points) ?? [0]));
}

function stepOf(lever: Lever, points: number): { move: Move; gain: number } | null {
  const feature = scaleOf(lever);
  const to = feature ? valueFor(feature, points, lever.value) : null;
  if (!feature?.lever || to === null) return null;
  const { part, value: from } = lever;
  const move = { feature: part.feature, title: part.title, from, to, say: feature.lever.say(to) };
  return { move, gain: part.share * (pointsOf(feature, to) - part.points) };
}
