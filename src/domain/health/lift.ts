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

/**
 * Fewest features first, and of equally many those with the least effort (points moved times how hard that is). Null
 * where the account is healthy already, has no score, or nothing that can be done would be enough.
 */
export function smallestLift(score: Score, band: Band, settings: BandSettings): Lift | null {
  const edge = nextBandAt(band, settings);
  if (score.score === null || edge === null) return null;
  const needed = edge + BEYOND - score.score;
  const levers = leversOf(score);
  const single = bestSingle(levers, needed);
  const moves = single ?? together(levers, needed);
  if (moves === null) return null;
  const reached = score.score + moves.reduce((sum, { gain }) => sum + gain, 0);
  return { band: bandOf(reached, band, settings), score: reached, moves: moves.map(({ move }) => move) };
}

function leversOf({ parts }: Score): Lever[] {
  return parts.flatMap((part) => {
    const lever = FEATURES.find(({ name }) => name === part.feature)?.lever;
    if (!lever || part.points === null || part.measured.is !== 'value' || part.costs <= 0) return [];
    return [{ part: { ...part, points: part.points }, value: part.measured.value, effort: lever.effort }];
  });
}

interface Step {
  move: Move;
  gain: number;
}

function bestSingle(levers: readonly Lever[], needed: number): Step[] | null {
  const effortOf = ({ part, effort }: Lever) => (needed / part.share) * effort;
  const enough = levers
    .flatMap((lever) => {
      const step = stepOf(lever, lever.part.points + needed / lever.part.share);
      return step && step.gain >= needed - 1e-9 ? [{ step, effort: effortOf(lever) }] : [];
    })
    .sort((a, b) => a.effort - b.effort);
  return enough[0] ? [enough[0].step] : null;
}

/** Those with most to gain for their effort, each to its best, the last one only as far as is needed. */
function together(levers: readonly Lever[], needed: number): Step[] | null {
  const byWorth = [...levers].sort((a, b) => b.part.costs / b.effort - a.part.costs / a.effort);
  const steps: Step[] = [];
  let left = needed;
  for (const lever of byWorth) {
    const step = stepOf(lever, Math.min(bestOf(lever), lever.part.points + left / lever.part.share));
    if (!step) continue;
    steps.push(step);
    left -= step.gain;
    if (left <= 1e-9) return steps;
  }
  return null;
}

function scaleOf(lever: Lever) {
  return FEATURES.find(({ name }) => name === lever.part.feature);
}

function bestOf(lever: Lever): number {
  return Math.max(...(scaleOf(lever)?.scale.map(([, points]) => points) ?? [0]));
}

function stepOf(lever: Lever, points: number): Step | null {
  const feature = scaleOf(lever);
  const to = feature ? valueFor(feature, points, lever.value) : null;
  if (!feature?.lever || to === null) return null;
  const { part, value: from } = lever;
  const move = { feature: part.feature, title: part.title, from, to, say: feature.lever.say(to) };
  return { move, gain: part.share * (pointsOf(feature, to) - part.points) };
}
