import type { AccuracyClaim } from '../../domain/forecast/claims.ts';
import type { ForecastNote } from '../../domain/forecast/forecast.ts';
import type { MrrMethod } from '../../domain/forecast/mrr/backtest.ts';
import type { Driver } from '../../domain/forecast/mrr/months.ts';
import type { Utterance } from '../../domain/language/utterance.ts';

export const METHOD_WORDS: Readonly<Record<MrrMethod, string>> = {
  by_movement: 'movement by movement',
  top_down: 'as one series, the movements made to agree',
  mean_of_both: 'half from its movements, half as one series',
};

export const DRIVER_WORDS: Readonly<Record<Driver, string>> = {
  new: 'New business',
  reactivation: 'Customers who come back',
  expansion: 'Expansion',
  contraction: 'Contraction',
  churn: 'Churn',
};

export function noteWords(note: ForecastNote): string {
  switch (note.kind) {
    case 'too_short':
      return `${note.values} months are too few for a model: the last value stands, with the range of its changes.`;
    case 'constant':
      return 'It never changed, so it is forecast not to.';
    case 'dropped':
      return `Left out, for it went further than the history allows: ${note.models.join(', ')}.`;
    case 'all_dropped':
      return 'Every model went further than the history allows: the last value stands, with its season.';
    case 'kept_above_zero':
      return 'Kept from going below zero, where it never was.';
    case 'no_earlier_origin':
      return 'Too short for the ranges to be corrected by earlier forecasts: they are as wide as the models say.';
  }
}

/** "Nov 2027" */
export function monthWords(month: string): string {
  const at = Date.parse(`${month}-15T00:00:00Z`);
  return new Intl.DateTimeFormat('en-US', { month: 'short', year: 'numeric', timeZone: 'UTC' }).format(at);
}

/** What was seen in earlier months; over 90% is said only where that was. */
export function claimWords(claims: readonly AccuracyClaim[]): string {
  const seen = claims.filter(({ errorPercent }) => errorPercent !== null);
  if (seen.length === 0) return 'No earlier month can tell how accurate this is.';
  const shown = seen
    .slice(0, 3)
    .map(({ monthsAhead, errorPercent, lastValueErrorPercent, origins, claim }) => {
      const few = claim === 'too_few_origins' ? `, from only ${origins}` : '';
      return `${errorPercent?.toFixed(1)}% ${aheadWords(monthsAhead)} (repeating the last value: ${lastValueErrorPercent?.toFixed(1)}%${few})`;
    });
  const over = seen.filter(({ claim }) => claim === 'over_90_percent').map(({ monthsAhead }) => monthsAhead);
  const farthest = over.at(-1);
  const accurate = farthest === undefined ? '' : ` Over 90% accurate so far up to ${aheadWords(farthest)}.`;
  return `Made from earlier months it would have missed by ${shown.join(', ')}.${accurate}`;
}

function aheadWords(months: number): string {
  return months === 1 ? '1 month ahead' : `${months} months ahead`;
}

const FORESEES =
  /\b(?:forecast(?:s|ed|ing)?|predict(?:s|ed|ion|ions|ing)?|projections?|projected|outlook)\b|\b(?:what|where|how (?:much|many|high)\b.*) will\b|\bwill (?:our |the )?(?:mrr|arr|revenue|churn|usage|signups)\b|\b(?:expected|future) (?:mrr|arr|revenue|churn|sales|growth)\b/i;

/** Words of coming dates that are known: what is due, renewed, ended, ordered. */
const KNOWN_DATES =
  /\b(?:due|renew\w*|trials?|until|till|snooze|remind\w*|send|post|move|set|schedule\w*|expir\w+|deadlines?|back)\b/i;

/** Whether a message asks what a number will be; of single customers nothing is foreseen here. */
export function asksAhead({ text, customers, periods, nowAt }: Utterance): boolean {
  if (customers.length > 0) return false;
  if (FORESEES.test(text)) return true;
  const ahead = periods.some(({ period }) => period !== null && period.startAt > nowAt);
  return ahead && !KNOWN_DATES.test(text);
}

const DAY_MS = 86_400_000;
const MONTH_MS = 30.44 * DAY_MS;
const MOST_MONTHS = 24;

/**
 * Months from the running one, counted as the first, to the end of what was named; null where nothing was. A month or
 * quarter named without a year is the coming one.
 */
export function monthsAsked({ periods, nowAt }: Pick<Utterance, 'periods' | 'nowAt'>): number | null {
  const ends = periods.flatMap(({ period }) => {
    if (!period) return [];
    if (period.endAt > nowAt) return [period.endAt];
    return period.endAt - period.startAt < 100 * DAY_MS ? [period.endAt + 365.25 * DAY_MS] : [];
  });
  if (ends.length === 0) return null;
  const months = Math.ceil((Math.max(...ends) - nowAt) / MONTH_MS - 0.1);
  return Math.min(MOST_MONTHS, Math.max(1, months));
}
