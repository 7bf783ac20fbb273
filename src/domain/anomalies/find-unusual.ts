import { type AnomalyEvent, eventsOf } from './events.ts';
import { type Judgement, judgeSeries } from './judge-series.ts';
import { type KnownSpan, knownAt, type SeriesKind, type SeriesPoint, STEP_MS } from './series.ts';

/** Something measured over time: a metric of the company, or one customer's share of it. */
export interface WatchedSeries<T> {
  about: T;
  kind: SeriesKind;
  points: readonly SeriesPoint[];
}

export interface Unusual<T> {
  about: T;
  event: AnomalyEvent;
  /** The known incident it lies in; null where nothing known explains it. */
  incident: KnownSpan | null;
  /** Whether its last point is the last there is: it may still go on. */
  ongoing: boolean;
}

export interface Looked<T> {
  /** What nothing known explains, furthest from the expected first. */
  unusual: Unusual<T>[];
  explained: Unusual<T>[];
  /** Judged and within what was to be expected. */
  usual: T[];
  /** Too short to judge. */
  unknown: T[];
  judgements: { about: T; judgements: Judgement[] }[];
}

/**
 * What stands out within a window, of series that begin well before it. An event counts when any of its points lies
 * in the window; it is told from its own beginning.
 */
export function findUnusual<T>(
  watched: readonly WatchedSeries<T>[],
  window: { startAt: number; endAt: number },
): Looked<T> {
  const looked: Looked<T> = { unusual: [], explained: [], usual: [], unknown: [], judgements: [] };
  for (const { about, kind, points } of watched) {
    const judgements = judgeSeries(points, kind);
    looked.judgements.push({ about, judgements });
    const inside = judgements.filter(({ at }) => at >= window.startAt && at < window.endAt);
    if (inside.every(({ verdict }) => verdict === 'unknown')) {
      looked.unknown.push(about);
      continue;
    }
    const touching = ({ startAt, endAt }: AnomalyEvent) => startAt < window.endAt && endAt > window.startAt;
    const lastAt = (points.at(-1)?.at ?? 0) + STEP_MS[kind.step];
    const told = (event: AnomalyEvent): Unusual<T> => ({
      about,
      event,
      incident: knownAt(event.peak.at, kind),
      ongoing: event.endAt >= lastAt,
    });
    const unusual = eventsOf(judgements, kind.step).filter(touching).map(told);
    const explained = eventsOf(judgements, kind.step, 'explained').filter(touching).map(told);
    looked.unusual.push(...unusual);
    looked.explained.push(...explained);
    if (unusual.length + explained.length === 0) looked.usual.push(about);
  }
  const byDistance = (a: Unusual<T>, b: Unusual<T>) => b.event.peak.score - a.event.peak.score;
  looked.unusual.sort(byDistance);
  looked.explained.sort(byDistance);
  return looked;
}
