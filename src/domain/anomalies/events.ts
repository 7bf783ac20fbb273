import type { Judgement, Verdict } from './judge-series.ts';
import { type SeriesKind, STEP_MS } from './series.ts';

/** What happened, once: consecutive points that stand out are one event. */
export interface AnomalyEvent {
  startAt: number;
  /** The end of its last point; it may still go on. */
  endAt: number;
  /** Which side of the expected its strongest point lies on. */
  kind: 'spike' | 'drop';
  peak: { at: number; value: number; expected: number; low: number; high: number; score: number };
  /** The sum of distances from the expected over its points: signups too few, calls too many. */
  size: number;
  points: number;
}

/** Usual points, or points without a value, that may lie within one event. */
const MOST_BETWEEN = 1;

/**
 * Events in order of time: of what stands out, or of what would if it were not `explained`. A later point never
 * changes when an event began.
 */
export function eventsOf(
  judgements: readonly Judgement[],
  step: SeriesKind['step'],
  verdict: Extract<Verdict, 'unusual' | 'explained'> = 'unusual',
): AnomalyEvent[] {
  const events: AnomalyEvent[] = [];
  let lastIndex = Number.NEGATIVE_INFINITY;
  for (const [index, judged] of judgements.entries()) {
    const { value, expected, low, high } = judged;
    if (judged.verdict !== verdict || value === null || expected === null || low === null || high === null)
      continue;
    const peak = { at: judged.at, value, expected, low, high, score: judged.score };
    const endAt = judged.at + STEP_MS[step];
    const open = index - lastIndex <= MOST_BETWEEN + 1 ? events.at(-1) : undefined;
    lastIndex = index;
    if (!open) {
      events.push({ startAt: judged.at, endAt, kind: kindOf(peak), peak, size: value - expected, points: 1 });
      continue;
    }
    open.endAt = endAt;
    open.size += value - expected;
    open.points += 1;
    if (peak.score > open.peak.score) {
      open.peak = peak;
      open.kind = kindOf(peak);
    }
  }
  return events;
}

function kindOf(peak: { value: number; expected: number }): 'spike' | 'drop' {
  return peak.value > peak.expected ? 'spike' : 'drop';
}
