import type { KnownFacts } from './facts.ts';
import { type Feature, type Measured, pointsOf } from './feature.ts';
import { FEATURES } from './registry.ts';
import { type HealthSettings, weightsFor } from './settings.ts';

/** One feature's part in a score. */
export interface Part {
  feature: string;
  title: string;
  measured: Measured;
  /** Its share of the score once what says nothing has left its weight to the others; 0 where it says nothing. */
  share: number;
  /** 0 to 100; null where it says nothing. */
  points: number | null;
  /** What it costs the score, in points: its share of what is missing to 100. */
  costs: number;
}

export interface Score {
  /** 0 to 100; null where too little is known to give one. */
  score: number | null;
  /** 0 to 1: the weight of what could be known. */
  confidence: number;
  /** In the order of the registry. */
  parts: readonly Part[];
}

/** Below this much weight that speaks, a score would be a guess. */
const LEAST_WEIGHT = 0.3;

/**
 * The weighted mean of the points of all features that speak. What nobody can know lowers the confidence and not the
 * score; what has nothing to say lowers neither.
 */
export function scoreOf(known: KnownFacts, settings: HealthSettings): Score {
  const weights = weightsFor(settings, known.segment);
  const measured = FEATURES.flatMap((feature) => {
    const weight = weights.get(feature.name) ?? 0;
    return weight === 0 ? [] : [{ feature, weight, measured: feature.measure(known) }];
  });
  return fromMeasured(measured);
}

interface Weighed {
  feature: Feature;
  weight: number;
  measured: Measured;
}

function fromMeasured(all: readonly Weighed[]): Score {
  let [speaking, unknown] = [0, 0];
  for (const { weight, measured } of all) {
    if (measured.is === 'value') speaking += weight;
    if (measured.is === 'missing') unknown += weight;
  }
  const parts = all.map(({ feature, weight, measured }): Part => {
    const { name, title } = feature;
    if (measured.is !== 'value') return { feature: name, title, measured, share: 0, points: null, costs: 0 };
    const points = pointsOf(feature, measured.value);
    const share = weight / speaking;
    return { feature: name, title, measured, share, points, costs: share * (100 - points) };
  });
  const score = parts.reduce((sum, { share, points }) => sum + share * (points ?? 0), 0);
  return {
    score: speaking < LEAST_WEIGHT ? null : Math.min(100, Math.max(0, score)),
    confidence: Math.max(0, 1 - unknown),
    parts,
  };
}

/** What costs most, with what it costs, then nothing below half a point. */
export function weaknesses({ parts }: Score, limit: number): Part[] {
  return parts
    .filter(({ costs }) => costs >= 0.5)
    .sort((a, b) => b.costs - a.costs)
    .slice(0, limit);
}

/** What carries the score: the largest shares with at least 80 points. */
export function strengths({ parts }: Score, limit: number): Part[] {
  const carried = (part: Part) => part.share * (part.points ?? 0);
  return parts
    .filter(({ points }) => (points ?? 0) >= 80)
    .sort((a, b) => carried(b) - carried(a))
    .slice(0, limit);
}
