import { judgeSeries } from '../../src/domain/anomalies/judge-series.ts';
import { seasonalZScores } from './reference.ts';
import { averagePrecision, bestThreshold, type EventFigures, eventFigures, type Scored } from './score.ts';
import type { LabelledSeries } from './telemetry.ts';

interface Method {
  name: string;
  /** Sees what came after a point when it judges it. */
  hindsight: boolean;
  scores(series: LabelledSeries): number[];
}

const reference = (hours: number, hindsight: boolean): Method => ({
  name: `seasonal MAD z, hour of the ${hours === 24 ? 'day' : 'week'}${hindsight ? ', with hindsight' : ''}`,
  hindsight,
  scores: (series) => seasonalZScores(series, { hours, hindsight }),
});

export const OURS: Method = {
  name: 'ours',
  hindsight: false,
  scores: ({ points }) =>
    judgeSeries(points, { step: 'hour', tz: 'UTC', unit: null }).map((judged) => judged.score),
};

export const REFERENCES: readonly Method[] = [
  reference(168, false),
  reference(24, false),
  reference(168, true),
  reference(24, true),
];

export interface Figures {
  /** Average precision over points. */
  averagePrecision: number;
  /** At 3.5 deviations, the rule of the briefing. */
  fixed: EventFigures;
  /** At the threshold that was best on the tuning half. */
  tuned: EventFigures;
}

export interface Compared {
  method: string;
  threshold: number;
  /** By name of series, and of 'tuning', 'test' and 'all' together. */
  figures: Map<string, Figures>;
}

export const FIXED_THRESHOLD = 3.5;

/** One method over all series: its threshold from the tuning half, its figures for each series and the halves. */
export function measureMethod(method: Method, all: readonly LabelledSeries[]): Compared {
  const scored = all.map((series) => ({ series, scores: method.scores(series), labels: series.labels }));
  const threshold = bestThreshold(scored.filter(({ series }) => series.half === 'tuning'));
  const of = (some: readonly Scored[]): Figures => ({
    averagePrecision: averagePrecision(some),
    fixed: eventFigures(some, FIXED_THRESHOLD),
    tuned: eventFigures(some, threshold),
  });
  const figures = new Map(scored.map((one) => [one.series.name, of([one])]));
  for (const half of ['tuning', 'test'] as const)
    figures.set(half, of(scored.filter(({ series }) => series.half === half)));
  figures.set('all', of(scored));
  return { method: method.name, threshold, figures };
}
