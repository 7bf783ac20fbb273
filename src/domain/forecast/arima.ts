import { type ArimaFit, type FitEffort, fitArima } from './arima-fit.ts';
import type { ArimaOrder } from './arima-order.ts';
import { differenced, isConstant, plainDifferences, seasonalDifferences } from './differences.ts';

const MOST_MODELS = 94;
const LARGEST = { p: 5, q: 5, seasonalP: 2, seasonalQ: 2 };

/** Enough to tell orders apart; the winner is fitted to the end. */
const GLANCE: FitEffort = { iterations: 4, rough: true };

/** Steps from one order to its neighbours, in the sequence of Hyndman and Khandakar's search. */
const STEPS: readonly (readonly [p: number, q: number, seasonalP: number, seasonalQ: number])[] = [
  [0, 0, -1, 0],
  [0, 0, 0, -1],
  [0, 0, 1, 0],
  [0, 0, 0, 1],
  [0, 0, -1, -1],
  [0, 0, -1, 1],
  [0, 0, 1, -1],
  [0, 0, 1, 1],
  [-1, 0, 0, 0],
  [0, -1, 0, 0],
  [1, 0, 0, 0],
  [0, 1, 0, 0],
  [-1, -1, 0, 0],
  [-1, 1, 0, 0],
  [1, -1, 0, 0],
  [1, 1, 0, 0],
];

/**
 * The order of least AICc by a stepwise search (Hyndman and Khandakar, Journal of Statistical Software 27, 2008), with
 * differences chosen by the season's strength and the KPSS test. Orders whose roots come near the unit circle are not
 * taken. Null where the series is too short for any.
 */
export function bestArima(
  values: Float64Array,
  period: number,
  regressors: readonly Float64Array[] = [],
): ArimaFit | null {
  const search = new Search(values, period, regressors);
  const ranked = search.run();
  for (const glance of ranked.slice(0, 5)) {
    const fit = fitArima(values, glance.order, regressors, { iterations: 60, start: glance.weights });
    if (fit?.sound) return fit;
  }
  return fitArima(values, { ...search.base, constant: false }, regressors);
}

class Search {
  readonly base: ArimaOrder;
  private readonly values: Float64Array;
  private readonly regressors: readonly Float64Array[];
  private readonly limits: typeof LARGEST;
  private readonly seen = new Map<string, ArimaFit | null>();
  private best: ArimaFit | null = null;

  constructor(values: Float64Array, period: number, regressors: readonly Float64Array[]) {
    this.values = values;
    this.regressors = regressors;
    const seasonalD = seasonalDifferences(values, period);
    const deseasoned = differenced(values, { d: 0, seasonalD, period });
    const d = isConstant(deseasoned) ? 0 : plainDifferences(deseasoned);
    const third = Math.floor(values.length / 3);
    const turns = period > 1 ? Math.floor(third / period) : 0;
    this.limits = {
      p: Math.min(LARGEST.p, third),
      q: Math.min(LARGEST.q, third),
      seasonalP: Math.min(LARGEST.seasonalP, turns),
      seasonalQ: Math.min(LARGEST.seasonalQ, turns),
    };
    const constant = d + seasonalD <= 1;
    this.base = { p: 0, d, q: 0, seasonalP: 0, seasonalD, seasonalQ: 0, period, constant };
  }

  /** All sound orders that were looked at, best first. */
  run(): ArimaFit[] {
    const { limits } = this;
    const once = { p: Math.min(1, limits.p), q: Math.min(1, limits.q) };
    const turn = { P: Math.min(1, limits.seasonalP), Q: Math.min(1, limits.seasonalQ) };
    this.look({
      ...this.base,
      p: Math.min(2, limits.p),
      q: Math.min(2, limits.q),
      seasonalP: turn.P,
      seasonalQ: turn.Q,
    });
    this.look(this.base);
    this.look({ ...this.base, p: once.p, seasonalP: turn.P });
    this.look({ ...this.base, q: once.q, seasonalQ: turn.Q });
    if (this.base.constant) this.look({ ...this.base, constant: false });
    while (this.seen.size < MOST_MODELS && this.improve());
    return [...this.seen.values()]
      .filter((fit): fit is ArimaFit => fit !== null)
      .sort((a, b) => a.aicc - b.aicc);
  }

  /** Goes to the first better neighbour; false where there is none. */
  private improve(): boolean {
    const from = this.best?.order ?? this.base;
    for (const [p, q, seasonalP, seasonalQ] of STEPS) {
      const order = {
        ...from,
        p: from.p + p,
        q: from.q + q,
        seasonalP: from.seasonalP + seasonalP,
        seasonalQ: from.seasonalQ + seasonalQ,
      };
      if (this.allowed(order) && this.look(order)) return true;
    }
    return this.base.constant && this.look({ ...from, constant: !from.constant });
  }

  private allowed({ p, q, seasonalP, seasonalQ }: ArimaOrder): boolean {
    if (Math.min(p, q, seasonalP, seasonalQ) < 0) return false;
    const { limits } = this;
    return p <= limits.p && q <= limits.q && seasonalP <= limits.seasonalP && seasonalQ <= limits.seasonalQ;
  }

  /** Whether an order not seen yet is the best so far. */
  private look(order: ArimaOrder): boolean {
    const key = [order.p, order.q, order.seasonalP, order.seasonalQ, order.constant].join();
    if (this.seen.has(key) || this.seen.size >= MOST_MODELS) return false;
    const fit = fitArima(this.values, order, this.regressors, GLANCE);
    const taken = fit?.sound ? fit : null;
    this.seen.set(key, taken);
    if (!taken || (this.best && taken.aicc >= this.best.aicc)) return false;
    this.best = taken;
    return true;
  }
}
