import { UserError } from '../../lib/errors.ts';
import { type Band, bandOf, type Outlook } from './accuracy.ts';
import type { KnownRegressors } from './arima-outlook.ts';
import { boundsOf, isWithin } from './bounds.ts';
import { type ClaimedErrors, claimedErrors, widening } from './conformal.ts';
import { isConstant } from './differences.ts';
import { combined, fitMembers, type Member } from './members.ts';
import { naive2, seasonalNaive } from './naive.ts';

/** What a reader must know of a forecast beside its numbers. */
export type ForecastNote =
  | { kind: 'too_short'; values: number; needed: number }
  | { kind: 'constant' }
  | { kind: 'dropped'; models: string[] }
  | { kind: 'all_dropped' }
  | { kind: 'kept_above_zero' }
  | { kind: 'no_earlier_origin' };

export interface SeriesForecast {
  outlook: Outlook;
  /** One a level asked for; none where the history says nothing of its own spread. */
  bands: (Band & { level: number; widening: number })[];
  /** What was combined with equal weight, each by itself. */
  models: { name: string; outlook: Outlook }[];
  notes: ForecastNote[];
}

export interface ForecastOptions {
  levels?: readonly number[];
  regressors?: KnownRegressors;
}

/** Below this a model has nothing to be fitted to, and the last value stands. */
const ENOUGH = 10;

const LAST_VALUE = 'Last value';

const DEFAULT_LEVELS = [0.8, 0.95];

/**
 * The forecast of a series for so many steps: the mean of ETS, ARIMA and Theta, its intervals corrected by what was
 * missed from earlier origins. A model that leaves what history allows is dropped, and where all do, or the series
 * is too short, a naive forecast stands in; the notes say so. Throws `invalid_input` for an empty series, a value
 * that is no finite number, or a horizon below 1.
 */
export function forecastSeries(
  series: ArrayLike<number>,
  period: number,
  horizon: number,
  options: ForecastOptions = {},
): SeriesForecast {
  const values = Float64Array.from(series);
  check(values, horizon);
  const levels = options.levels ?? DEFAULT_LEVELS;
  if (isConstant(values) && values.length > 2) {
    const models = [{ name: LAST_VALUE, outlook: constantOutlook(values, horizon) }];
    return finished(values, models, levels, [{ kind: 'constant' }]);
  }
  if (values.length < ENOUGH) {
    const note: ForecastNote = { kind: 'too_short', values: values.length, needed: ENOUGH };
    const known = values.length > 2 ? levels : [];
    const models = [{ name: LAST_VALUE, outlook: seasonalNaive(values, 1, horizon) }];
    return finished(values, models, known, [note]);
  }
  return fromModels(values, period, horizon, { ...options, levels });
}

function fromModels(
  values: Float64Array,
  period: number,
  horizon: number,
  { levels = DEFAULT_LEVELS, regressors }: ForecastOptions,
): SeriesForecast {
  const bounds = boundsOf(values, horizon);
  const fitted = fitMembers(values, period, regressors);
  const seen = fitted.map((member) => ({ member, name: member.name, outlook: member.outlook(horizon) }));
  const kept = seen.filter(({ outlook }) => isWithin(outlook, bounds));
  const notes: ForecastNote[] = [];
  if (kept.length === 0) {
    const models = [{ name: 'Naive2', outlook: naive2(values, period, horizon) }];
    return finished(values, models, levels, [{ kind: 'all_dropped' }]);
  }
  if (kept.length < seen.length) {
    const dropped = seen.filter((one) => !kept.includes(one)).map(({ name }) => name);
    notes.push({ kind: 'dropped', models: dropped });
  }
  const errors = levels.length > 0 ? earlierErrors(values, period, horizon, kept) : undefined;
  if (errors?.origins === 0) notes.push({ kind: 'no_earlier_origin' });
  const models = kept.map(({ name, outlook }) => ({ name, outlook }));
  return finished(values, models, levels, notes, errors);
}

function earlierErrors(
  values: Float64Array,
  period: number,
  horizon: number,
  kept: readonly { member: Member }[],
): ClaimedErrors {
  const members = kept.map(({ member }) => member);
  return claimedErrors(values, members, horizon, Math.max(ENOUGH, 2 * period + 1));
}

function finished(
  values: Float64Array,
  models: SeriesForecast['models'],
  levels: readonly number[],
  notes: ForecastNote[],
  errors: ClaimedErrors = { scores: [], origins: 0 },
): SeriesForecast {
  const outlook = combined(models.map((model) => model.outlook));
  const bands = levels.map((level) => {
    const wider = widening(errors, level);
    return { level, widening: wider, ...bandOf(outlook, level, wider) };
  });
  if (values.some((value) => value < 0)) return { outlook, bands, models, notes };
  const cut = [outlook.mean, ...bands.map(({ low }) => low)].some((side) => side.some((value) => value < 0));
  if (!cut) return { outlook, bands, models, notes };
  const above = (side: Float64Array) => side.map((value) => Math.max(0, value));
  return {
    outlook: { ...outlook, mean: above(outlook.mean) },
    bands: bands.map((band) => ({ ...band, low: above(band.low), high: above(band.high) })),
    models,
    notes: [...notes, { kind: 'kept_above_zero' }],
  };
}

function constantOutlook(values: Float64Array, horizon: number): Outlook {
  const mean = new Float64Array(horizon).fill(values.at(-1) ?? 0);
  return { mean, deviation: new Float64Array(horizon) };
}

function check(values: Float64Array, horizon: number): void {
  if (values.length === 0) throw new UserError('invalid_input', 'There is no history to forecast from.');
  const wrong = values.findIndex((value) => !Number.isFinite(value));
  if (wrong >= 0) throw new UserError('invalid_input', `Value ${wrong + 1} of the history is not a number.`);
  if (!(Number.isInteger(horizon) && horizon >= 1)) {
    throw new UserError('invalid_input', 'A forecast needs at least one step ahead.');
  }
}
