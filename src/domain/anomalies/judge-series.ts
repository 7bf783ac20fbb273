import { SystemError } from '../../lib/errors.ts';
import { dayNameAt } from '../periods/calendar.ts';
import { FAR, leastSpread, MovingWindow } from './robust.ts';
import { Seasons } from './seasons.ts';
import { knownAt, type SeasonSlots, type SeriesKind, type SeriesPoint, seasonOf } from './series.ts';

/** `explained` would stand out, but lies in a known span; `unknown` has no value or too short a history. */
export type Verdict = 'usual' | 'unusual' | 'explained' | 'unknown';

export interface Judgement {
  at: number;
  value: number | null;
  /** What was to be expected from everything before, and the band outside of which a value stands out. */
  expected: number | null;
  low: number | null;
  high: number | null;
  /** Robust deviations from the expected, 0..1000; 0 where it cannot be judged. */
  score: number;
  verdict: Verdict;
  /** Of what is explained or unknown: "API outage", "not enough history", "no value". */
  reason: string | null;
}

interface Pace {
  /** Points whose median is the level: short enough to follow a trend, long enough to outlast an incident. */
  level: number;
  /** Points from which the spread is told. */
  spread: number;
  /** Values before any residual is taken, and residuals before anything is judged. */
  fewest: number;
}

/** A week of hours for the level, four for the spread; of days two weeks and ten. */
const PACES: Readonly<Record<SeriesKind['step'], Pace>> = {
  hour: { level: 168, spread: 672, fewest: 24 },
  day: { level: 14, spread: 70, fewest: 14 },
};

/** Of heavy-tailed residuals the 98th percentile counts as two deviations, where the median distance says less. */
const TAIL = 0.98;
const TAIL_SIGMAS = 1.96;
/** A residual is remembered at most as far as what just stands out: one incident must not hide the next. */
const MOST_REMEMBERED = FAR;
/** A share of the usual range below which no spread goes. */
const LEAST_OF_RANGE = 0.02;
const MOST_SCORE = 1_000;

/**
 * Judges each point by the points before it alone: level (moving median) plus season (the same slot's usual distance
 * from the level, shrunk while it has been seen seldom) plus drift (the median of recent residuals), in units of a
 * robust spread. The same beginning of a series always gets the same judgements. n points cost n log n.
 * Points in known spans, holidays and points without a value are left out of what later points are held against.
 * Throws `internal` where the points are not in order of time.
 */
export function judgeSeries(points: readonly SeriesPoint[], kind: SeriesKind): Judgement[] {
  const past = new Past(kind);
  let before = Number.NEGATIVE_INFINITY;
  return points.map((point) => {
    if (point.at < before) throw new SystemError('internal', 'The points of a series are not in order.');
    before = point.at;
    return past.judge(point);
  });
}

interface Expectation {
  expected: number;
  spread: number;
}

/** What is known of a series up to now. */
class Past {
  private readonly pace: Pace;
  private readonly recent: MovingWindow;
  private readonly values: MovingWindow;
  private readonly distances: MovingWindow;
  private readonly residuals: MovingWindow;
  /** Distances of slots that were known by then: what is learnt at the beginning is no unrest. */
  private readonly settled: MovingWindow;
  private readonly seasons = new Seasons();

  constructor(private readonly kind: SeriesKind) {
    this.pace = PACES[kind.step];
    this.recent = new MovingWindow(this.pace.level);
    this.values = new MovingWindow(this.pace.spread);
    this.distances = new MovingWindow(this.pace.spread);
    this.settled = new MovingWindow(this.pace.spread);
    this.residuals = new MovingWindow(this.pace.level);
  }

  judge({ at, value: measured }: SeriesPoint): Judgement {
    const value = measured !== null && Number.isFinite(measured) ? measured : null;
    const known = knownAt(at, this.kind);
    const holiday = known === null && this.kind.isHoliday?.(dayNameAt(at, this.kind.tz)) === true;
    const season = seasonOf(at, this.kind);
    const usual = this.expectation(season.slots);
    const judged = this.judged({ at, value }, usual, holiday ? this.onSunday(season) : null);
    if (value !== null && !known && !holiday) this.remember(value, season, usual);
    if (!known || judged.verdict !== 'unusual') return judged;
    return { ...judged, verdict: 'explained', reason: known.label };
  }

  private judged(
    { at, value }: { at: number; value: number | null },
    usual: Expectation | null,
    sunday: Expectation | null,
  ): Judgement {
    if (!usual || this.distances.count < this.pace.fewest) {
      const reason = value === null ? 'no value' : 'not enough history';
      return { at, value, expected: null, low: null, high: null, score: 0, verdict: 'unknown', reason };
    }
    const bands = [usual, ...(sunday ? [sunday] : [])];
    const low = Math.min(...bands.map((band) => band.expected - FAR * band.spread));
    const high = Math.max(...bands.map((band) => band.expected + FAR * band.spread));
    const shown = { expected: usual.expected, ...this.possible(low, high) };
    if (value === null) return { at, value, ...shown, score: 0, verdict: 'unknown', reason: 'no value' };
    const scores = bands.map((band) => Math.abs(value - band.expected) / band.spread);
    const score = Math.min(MOST_SCORE, ...scores);
    return { at, value, ...shown, score, verdict: score >= FAR ? 'unusual' : 'usual', reason: null };
  }

  /** What was never below nothing is not expected to be; nor a ratio above all that was never there. */
  private possible(low: number, high: number): { low: number; high: number } {
    const floor = this.values.quantile(0) >= 0 ? 0 : low;
    const ceiling = this.kind.unit === 'ratio' && this.values.quantile(1) <= 1 ? 1 : high;
    return { low: Math.max(low, floor), high: Math.min(high, ceiling) };
  }

  /** Null until there is a level to speak of. */
  private expectation(slots: readonly string[]): Expectation | null {
    if (this.recent.count < this.pace.fewest) return null;
    const level = this.recent.quantile(0.5);
    const expected =
      level + this.residuals.quantile(0.5) + this.seasons.effect(slots, this.unrest().spreadOfDistances());
    return { expected, spread: this.spreadAround(level, expected) };
  }

  private unrest(): MovingWindow {
    return this.settled.count >= 2 * this.pace.fewest ? this.settled : this.distances;
  }

  private onSunday(season: SeasonSlots): Expectation | null {
    const slots = season.slots.map((slot, rank) => (rank === season.slots.length - 1 ? season.sunday : slot));
    return this.expectation(slots);
  }

  private spreadAround(level: number, expected: number): number {
    const { unit } = this.kind;
    const unrest = this.unrest();
    const range = this.values.quantile(0.95) - this.values.quantile(0.05);
    const chance = unit === 'count' ? Math.sqrt(Math.abs(expected)) : 0;
    return Math.max(
      unrest.spreadOfDistances(),
      unrest.quantile(TAIL) / TAIL_SIGMAS,
      leastSpread(unit, level),
      LEAST_OF_RANGE * range,
      chance,
    );
  }

  private remember(value: number, { slots }: SeasonSlots, usual: Expectation | null): void {
    if (usual) {
      const level = this.recent.quantile(0.5);
      const residual = value - usual.expected;
      const ready = this.distances.count >= this.pace.fewest;
      const limit = ready ? MOST_REMEMBERED * usual.spread : Number.POSITIVE_INFINITY;
      const distance = Math.min(Math.abs(residual), limit);
      this.distances.add(distance);
      if (this.seasons.knows(slots)) this.settled.add(distance);
      this.residuals.add(residual);
      this.seasons.learn(slots, value - level, this.unrest().spreadOfDistances());
    }
    this.recent.add(value);
    this.values.add(value);
  }
}
