import { normalCdf } from '../statistics/distributions.ts';

/** A function of z with its first and second derivative there. */
export interface Jet {
  value: number;
  first: number;
  second: number;
}

/** The standard distribution of the error W in log T = x'b + scale W. */
export interface LogTimeDistribution {
  logDensity(z: number): Jet;
  logSurvival(z: number): Jet;
  /** Where the scale is not fitted: 1 for the exponential. */
  fixedScale?: number;
}

/** The smallest extreme value: T is Weibull's, with shape 1/scale. */
const extreme: LogTimeDistribution = {
  logDensity: (z) => ({ value: z - Math.exp(z), first: 1 - Math.exp(z), second: -Math.exp(z) }),
  logSurvival: (z) => ({ value: -Math.exp(z), first: -Math.exp(z), second: -Math.exp(z) }),
};

const normal: LogTimeDistribution = {
  logDensity: (z) => ({ value: -0.5 * z * z - 0.5 * Math.log(2 * Math.PI), first: -z, second: -1 }),
  logSurvival: (z) => {
    const density = Math.exp(-0.5 * z * z) / Math.sqrt(2 * Math.PI);
    if (z < FAR) {
      const tail = normalCdf(-z);
      const hazard = density / tail;
      return { value: Math.log(tail), first: -hazard, second: -hazard * (hazard - z) };
    }
    const ratio = millsRatio(z);
    const hazard = 1 / ratio;
    const value = -0.5 * z * z - 0.5 * Math.log(2 * Math.PI) + Math.log(ratio);
    return { value, first: -hazard, second: -hazard * (hazard - z) };
  },
};

const logistic: LogTimeDistribution = {
  logDensity: (z) => {
    const above = 1 / (1 + Math.exp(-z));
    return { value: -softPlus(-z) - softPlus(z), first: 1 - 2 * above, second: -2 * above * (1 - above) };
  },
  logSurvival: (z) => {
    const above = 1 / (1 + Math.exp(-z));
    return { value: -softPlus(z), first: -above, second: -above * (1 - above) };
  },
};

/** By the name the time itself has, as in R's survreg. */
export const LOG_TIME_DISTRIBUTIONS = {
  weibull: extreme,
  exponential: { ...extreme, fixedScale: 1 },
  lognormal: normal,
  loglogistic: logistic,
} as const satisfies Record<string, LogTimeDistribution>;

export type LogTimeName = keyof typeof LOG_TIME_DISTRIBUTIONS;

/** Beyond it the normal's tail is a difference of nearly equal numbers. */
const FAR = 4;

/** The normal's tail over its density, by Laplace's continued fraction: right to the last digit from 4 on. */
function millsRatio(z: number): number {
  let ratio = z;
  for (let level = 120; level >= 1; level -= 1) ratio = z + level / ratio;
  return 1 / ratio;
}

/** log(1 + e^z), without overflow. */
function softPlus(z: number): number {
  return z > 0 ? z + Math.log1p(Math.exp(-z)) : Math.log1p(Math.exp(z));
}
