/** The errors made so many steps ahead, forecast over truth less 1, one an origin. */
export type ErrorsByStep = number[][];

/** What may be said of a forecast so many months ahead. */
export interface AccuracyClaim {
  monthsAhead: number;
  origins: number;
  /** Of the forecast and of repeating the last value, in percent; null where no origin reached so far. */
  errorPercent: number | null;
  lastValueErrorPercent: number | null;
  /** Over 90% is claimed only where it was seen, from enough origins; else what was measured is all that is said. */
  claim: 'over_90_percent' | 'as_measured' | 'too_few_origins';
}

const ORIGINS_FOR_A_CLAIM = 6;

/** Mean absolute percentage error, in percent; null of none. */
export function meanError(errors: readonly number[]): number | null {
  if (errors.length === 0) return null;
  return (100 * errors.reduce((sum, error) => sum + Math.abs(error), 0)) / errors.length;
}

/** The claims that errors from earlier origins allow, one a distance asked for. */
export function claimsFrom(
  own: ErrorsByStep,
  lastValue: ErrorsByStep,
  monthsAhead: readonly number[],
): AccuracyClaim[] {
  return monthsAhead.map((ahead) => {
    const errors = own[ahead - 1] ?? [];
    const errorPercent = meanError(errors);
    const accurate = errorPercent !== null && errorPercent <= 10;
    const enough = errors.length >= ORIGINS_FOR_A_CLAIM;
    return {
      monthsAhead: ahead,
      origins: errors.length,
      errorPercent,
      lastValueErrorPercent: meanError(lastValue[ahead - 1] ?? []),
      claim: !enough ? 'too_few_origins' : accurate ? 'over_90_percent' : 'as_measured',
    };
  });
}
