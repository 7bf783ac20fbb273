import { backtestSeries, type SeriesBacktest } from '../../domain/forecast/backtest.ts';
import { forecastSeries, type SeriesForecast } from '../../domain/forecast/forecast.ts';
import {
  forecastMrr,
  type MrrForecast,
  type MrrForecastOptions,
} from '../../domain/forecast/mrr/forecast-mrr.ts';
import type { MrrMonth } from '../../domain/forecast/mrr/months.ts';

const MONTHS_A_YEAR = 12;

export interface SeriesTask {
  values: number[];
  horizon: number;
}

export interface SeriesFit {
  forecast: SeriesForecast;
  backtest: SeriesBacktest;
}

export interface MrrTask {
  months: MrrMonth[];
  options: MrrForecastOptions;
}

/** What takes long enough to be done on a thread of its own. */
export interface Fits {
  series: { task: SeriesTask; result: SeriesFit };
  mrr: { task: MrrTask; result: MrrForecast };
}

export const FITS: { [K in keyof Fits]: (task: Fits[K]['task']) => Fits[K]['result'] } = {
  series: ({ values, horizon }) => ({
    forecast: forecastSeries(values, MONTHS_A_YEAR, horizon),
    backtest: backtestSeries(values, MONTHS_A_YEAR, horizon),
  }),
  mrr: ({ months, options }) => forecastMrr(months, options),
};
