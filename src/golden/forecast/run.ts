import {
  type Band,
  bandOf,
  coverage,
  intervalScore,
  naiveScale,
  type Outlook,
  scaledError,
  symmetricError,
} from '../../domain/forecast/accuracy.ts';
import { forecastSeries } from '../../domain/forecast/forecast.ts';
import { naive2, seasonalNaive } from '../../domain/forecast/naive.ts';
import type { Json } from '../../domain/types.ts';
import type { CaseResult } from '../result.ts';
import type { ForecastFile } from './file.ts';

const LEVEL = 0.95;

/** What other programs call the same method. */
const REFERENCE_NAMES: ReadonlyMap<string, string> = new Map([
  ['combination', 'combo_ets_arima_theta'],
  ['ets', 'ets'],
  ['arima', 'auto_arima'],
  ['theta', 'thetaf'],
  ['seasonal_naive', 'snaive'],
  ['naive2', 'naive2'],
]);

interface Scores {
  smape: number;
  /** Null where the history never changes from season to season. */
  mase: number | null;
  cov95: number;
  msis95: number | null;
}

interface Timed {
  wallMs: number;
  cpuMs: number;
}

interface SeriesResult extends Timed {
  id: string;
  models: string[];
  notes: string[];
  methods: Map<string, Scores>;
}

type Series = ForecastFile['series'][number];

/** Every series' scores, then those of each method over all of them beside the file's reference. */
export function runForecastCases(file: ForecastFile, id: string | undefined): CaseResult[] {
  const chosen = file.series.filter((series) => id === undefined || series.id === id);
  const results = chosen.map((series) => scoreSeries(series, file.frequency));
  const lines = results.map(seriesLine);
  return id === undefined ? [...lines, ...methodLines(results, file.reference)] : lines;
}

function scoreSeries({ id, train, test }: Series, period: number): SeriesResult {
  const history = Float64Array.from(train);
  const scale = naiveScale(history, period);
  const scored = (mean: Float64Array, band: Band): Scores => ({
    smape: symmetricError(test, mean),
    mase: scale > 0 ? scaledError(test, mean, scale) : null,
    cov95: coverage(test, band),
    msis95: scale > 0 ? intervalScore(test, band, LEVEL, scale) : null,
  });
  const plain = (outlook: Outlook) => scored(outlook.mean, bandOf(outlook, LEVEL));
  const [began, cpu] = [performance.now(), process.cpuUsage()];
  const forecast = forecastSeries(history, period, test.length, { levels: [LEVEL] });
  const wallMs = performance.now() - began;
  const { user, system } = process.cpuUsage(cpu);
  const band = forecast.bands[0] ?? bandOf(forecast.outlook, LEVEL);
  const methods = new Map([['combination', scored(forecast.outlook.mean, band)]]);
  for (const { name, outlook } of forecast.models) methods.set(familyOf(name), plain(outlook));
  methods.set('seasonal_naive', plain(seasonalNaive(history, period, test.length)));
  methods.set('naive2', plain(naive2(history, period, test.length)));
  const models = forecast.models.map(({ name }) => name);
  const notes = forecast.notes.map(({ kind }) => kind);
  return { id, models, notes, methods, wallMs, cpuMs: (user + system) / 1000 };
}

/** "ARIMA(0,1,1)(0,1,1)[12]" is of the family "arima". */
function familyOf(name: string): string {
  return (name.match(/^[A-Za-z0-9 ]+/)?.[0] ?? name).toLowerCase().replaceAll(' ', '_');
}

function seriesLine({ id, models, notes, methods, wallMs, cpuMs }: SeriesResult): CaseResult {
  const own = methods.get('combination');
  const got: { [key: string]: Json } = {
    models,
    ...(own ? rounded(own) : {}),
    ms: round(wallMs, 1),
    cpu_ms: round(cpuMs, 1),
    ...(notes.length > 0 ? { notes } : {}),
  };
  return { id, status: 'scored', got, expected: null };
}

function methodLines(results: readonly SeriesResult[], reference: ForecastFile['reference']): CaseResult[] {
  return [...REFERENCE_NAMES].flatMap(([method, named]): CaseResult[] => {
    const means = meansOf(results, method);
    if (!means) return [];
    const floor = meansOf(
      results.filter(({ methods }) => methods.has(method)),
      'naive2',
    );
    const got: { [key: string]: Json } = { ...rounded(means.scores), owa: overall(means, floor) };
    if (means.count < results.length) got.series = means.count;
    if (method === 'combination') {
      got.ms_median = round(medianOf(results.map(({ wallMs }) => wallMs)), 1);
      got.cpu_ms_median = round(medianOf(results.map(({ cpuMs }) => cpuMs)), 1);
    }
    const expected: { [key: string]: Json } = {};
    for (const name of ['smape', 'mase', 'cov95', 'msis95', 'owa'] as const) {
      const value = reference[named]?.[name];
      if (typeof value === 'number') expected[name] = value;
    }
    return [
      { id: method, status: 'scored', got, expected: Object.keys(expected).length > 0 ? expected : null },
    ];
  });
}

interface Means {
  scores: Scores;
  count: number;
}

function meansOf(results: readonly SeriesResult[], method: string): Means | null {
  const all = results.flatMap(({ methods }) => methods.get(method) ?? []);
  if (all.length === 0) return null;
  const over = (of: (scores: Scores) => number | null) => {
    const known = all.map(of).filter((value) => value !== null);
    return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0) / known.length;
  };
  const scores = {
    smape: over(({ smape }) => smape) ?? 0,
    mase: over(({ mase }) => mase),
    cov95: over(({ cov95 }) => cov95) ?? 0,
    msis95: over(({ msis95 }) => msis95),
  };
  return { scores, count: all.length };
}

/** The overall weighted average of the M4 competition: sMAPE and MASE, each over those of Naive2. */
function overall({ scores }: Means, floor: Means | null): number | null {
  if (!floor?.scores.mase || floor.scores.smape === 0 || scores.mase === null) return null;
  return round((scores.smape / floor.scores.smape + scores.mase / floor.scores.mase) / 2, 4);
}

function rounded(scores: Scores): { [key: string]: Json } {
  return Object.fromEntries(
    Object.entries(scores).map(([name, value]) => [name, value === null ? null : round(value, 4)]),
  );
}

function round(value: number, places: number): number {
  return Number(value.toFixed(places));
}

function medianOf(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? 0)) / 2;
}
