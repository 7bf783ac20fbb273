import { type Band, bandOf } from './bands.ts';
import type { ChurnChance, ChurnModel } from './churn-model.ts';
import { type AccountFacts, type CompanyDays, knownAt, liveSubscriptions } from './facts.ts';
import { type Lift, smallestLift } from './lift.ts';
import { type Score, scoreOf } from './score.ts';
import type { HealthSettings } from './settings.ts';
import { DAY_MS } from './windows.ts';

/** Days back that a score is held against. */
export const TREND_DAYS = [7, 30, 90] as const;

/** How an account stands at an instant. */
export interface Standing {
  customerId: string;
  name: string;
  segment: string;
  at: number;
  score: Score;
  /** Null where there is no score. */
  band: Band | null;
}

/** A standing with where it came from and what would lift it. */
export interface Assessment extends Standing {
  band: Band;
  /** Score now less the score so many days ago; null where there was none. */
  trends: readonly { days: number; before: number | null; change: number | null }[];
  /** What the score was made of 30 days ago, to tell which parts moved it; null where there was none. */
  monthAgo: Score | null;
  lift: Lift | null;
  /** Null where no model has been trained. */
  churn: ChurnChance | null;
}

/**
 * The score and band of an account by what was known at `at`. Null when it had no live subscription then.
 * `previous` is the band it was in before, if that is known.
 */
export function standingAt(
  facts: AccountFacts,
  company: CompanyDays,
  settings: HealthSettings,
  at: number,
  previous: Band | null = null,
): Standing | null {
  const known = knownAt(facts, company, at);
  if (liveSubscriptions(known).length === 0) return null;
  const score = scoreOf(known, settings);
  const band = score.score === null ? null : bandOf(score.score, previous, settings.bands);
  const { id: customerId, name, segment } = facts;
  return { customerId, name, segment, at, score, band };
}

/** The whole of an account; null when it has no live subscription, or too little is known for a score. */
export function assess(
  facts: AccountFacts,
  company: CompanyDays,
  settings: HealthSettings,
  at: number,
  given: { previous: Band | null; model: ChurnModel | null },
): Assessment | null {
  const standing = standingAt(facts, company, settings, at, given.previous);
  if (standing === null || standing.band === null) return null;
  const now = standing.score.score ?? 0;
  const past = new Map<number, Score | null>(
    TREND_DAYS.map((days) => [days, standingAt(facts, company, settings, at - days * DAY_MS)?.score ?? null]),
  );
  const trends = TREND_DAYS.map((days) => {
    const before = past.get(days)?.score ?? null;
    return { days, before, change: before === null ? null : now - before };
  });
  return {
    ...standing,
    band: standing.band,
    trends,
    monthAgo: past.get(30) ?? null,
    lift: smallestLift(standing.score, standing.band, settings.bands),
    churn: given.model?.score(standing.score.parts) ?? null,
  };
}
