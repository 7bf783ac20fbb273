/** What was tried and what worked, of one customer or one slot of the week. */
export interface Trials {
  successes: number;
  trials: number;
}

/** A beta prior of a success rate; alpha + beta is how many trials it weighs. */
export interface BetaPrior {
  alpha: number;
  beta: number;
}

/** Never certain about a segment: a customer's own fifty attempts outweigh any prior, and one attempt outweighs none. */
const WEAKEST = 2;
const STRONGEST = 50;

/**
 * The prior that groups with different rates have in common (empirical Bayes): the pooled rate, and as weight what
 * the spread of the groups' rates leaves after chance, by the method of moments for the beta-binomial (Kleinman,
 * JASA 68, 1973). Groups that differ no more than by chance give the strongest weight.
 */
export function fitPrior(groups: readonly Trials[]): BetaPrior {
  const used = groups.filter(({ trials }) => trials > 0);
  const total = used.reduce((sum, { trials }) => sum + trials, 0);
  const rate = (used.reduce((sum, { successes }) => sum + successes, 0) + 0.5) / (total + 1);
  if (used.length < 2) return { alpha: rate * WEAKEST, beta: (1 - rate) * WEAKEST };
  const spread = used.reduce(
    (sum, { successes, trials }) => sum + trials * (successes / trials - rate) ** 2,
    0,
  );
  const sizes = used.reduce((sum, { trials }) => sum + trials * trials, 0) / total;
  const chance = rate * (1 - rate);
  // E[spread] = chance * ((k - 1) + rho * (total - sizes - (k - 1))), with rho = 1 / (weight + 1).
  const k = used.length - 1;
  const rho = (spread / chance - k) / (total - sizes - k);
  const weight = rho > 0 && Number.isFinite(rho) ? 1 / rho - 1 : STRONGEST;
  const bounded = Math.min(STRONGEST, Math.max(WEAKEST, weight));
  return { alpha: rate * bounded, beta: (1 - rate) * bounded };
}

/** The customer's own record, drawn towards the prior: between both, the nearer to the record the longer it is. */
export function shrunkRate({ successes, trials }: Trials, { alpha, beta }: BetaPrior): number {
  return (alpha + successes) / (alpha + beta + trials);
}

export function logit(rate: number): number {
  const safe = Math.min(1 - 1e-9, Math.max(1e-9, rate));
  return Math.log(safe / (1 - safe));
}
