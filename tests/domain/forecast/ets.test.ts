import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { bandOf } from '../../../src/domain/forecast/accuracy.ts';
import { bestEts, etsName } from '../../../src/domain/forecast/ets.ts';
import { fitEts } from '../../../src/domain/forecast/ets-fit.ts';
import { etsOutlook } from '../../../src/domain/forecast/ets-outlook.ts';
import { type EtsForm, EtsRecursion, FIRST_SEASON } from '../../../src/domain/forecast/ets-recursion.ts';
import { DEATHS, HURON, NILE, PASSENGERS } from './series.ts';

const form = (code: string): EtsForm => {
  const [error = 'A', trend = 'N', season = 'N'] = code.replace('d', '').split('');
  const part = (letter: string) => (letter === 'A' || letter === 'M' ? letter : 'N');
  return {
    error: error === 'M' ? 'M' : 'A',
    trend: part(trend),
    damped: code.includes('d'),
    season: part(season),
  };
};

/** R 4.2, forecast 8.20: f <- ets(series, model = , damped = ); f$aicc, forecast(f, 3)$mean, $upper at 95%. */
const REFERENCE: {
  series: string;
  values: number[];
  period: number;
  code: string;
  aicc: number;
  mean: number[];
  upper?: number[];
  within: number;
}[] = [
  {
    series: 'Nile',
    values: NILE,
    period: 1,
    code: 'ANN',
    aicc: 1459.03104,
    mean: [805.381, 805.381, 805.381],
    upper: [1088.07, 1096.467, 1104.628],
    within: 0.001,
  },
  {
    series: 'Nile',
    values: NILE,
    period: 1,
    code: 'MNN',
    aicc: 1458.551916,
    mean: [838.875, 838.875, 838.875],
    upper: [1093.36, 1096.329, 1099.267],
    within: 0.01,
  },
  {
    series: 'USAccDeaths',
    values: DEATHS,
    period: 12,
    code: 'ANA',
    aicc: 1148.716099,
    mean: [8397.497, 7599.221, 8396.595],
    upper: [8971.16, 8266.63, 9146.115],
    within: 0.02,
  },
  {
    series: 'AirPassengers',
    values: PASSENGERS,
    period: 12,
    code: 'MAdM',
    aicc: 1400.638432,
    mean: [441.802, 434.119, 496.63],
    upper: [475.717, 475.338, 551.689],
    within: 0.02,
  },
  {
    series: 'LakeHuron',
    values: HURON,
    period: 1,
    code: 'AAdN',
    aicc: 403.6195753,
    mean: [579.96, 579.96, 579.96],
    within: 0.001,
  },
];

describe('beside R', () => {
  test.each(REFERENCE)('$series, ETS($code): at least as likely, and the same forecast', (row) => {
    const values = Float64Array.from(row.values);
    const fit = fitEts(values, row.period, form(row.code));
    if (!fit) throw new Error('no fit');
    expect(fit.aicc).toBeLessThan(row.aicc + 0.01);
    const outlook = etsOutlook(fit, values, 3);
    for (const [step, expected] of row.mean.entries()) {
      expect(Math.abs((outlook.mean[step] ?? 0) / expected - 1)).toBeLessThan(row.within);
    }
    const { high } = bandOf(outlook, 0.95);
    for (const [step, expected] of (row.upper ?? []).entries()) {
      expect(Math.abs((high[step] ?? 0) / expected - 1)).toBeLessThan(row.within);
    }
  });

  it('finds the same optimum where there is one parameter to find', () => {
    expect(fitEts(Float64Array.from(NILE), 1, form('ANN'))?.aicc).toBeCloseTo(1459.03104, 3);
  });

  it('chooses a season of factors for passengers who grow in number', () => {
    const fit = bestEts(Float64Array.from(PASSENGERS), 12);
    expect(fit && etsName(fit.form)).toMatch(/^ETS\(M,Ad?,M\)$/);
  });
});

const FORMS = ['ANN', 'AAN', 'AAdN', 'ANA', 'AAA', 'MNN', 'MAdM', 'MAM', 'MNA', 'MMN', 'MMdM', 'AMdN', 'AAM'];

describe('the gradient', () => {
  test.each(FORMS)('of ETS(%s) is that of its likelihood', (code) => {
    const period = code.endsWith('N') ? 1 : 4;
    const values = Float64Array.from(PASSENGERS.slice(0, 30));
    const recursion = new EtsRecursion(values, period, form(code));
    const growth = form(code).trend === 'M' ? 1.01 : 1.5;
    const seasons = form(code).season === 'M' ? [0.9, 1.05, 1.1, 0.95] : [-9, 4, 8, -3];
    const at = Float64Array.of(0.4, 0.1, 0.2, 0.93, 115, growth, ...seasons);
    const gradient = new Float64Array(FIRST_SEASON + 4);
    recursion.run(at);
    recursion.gradient(at, gradient);
    for (let place = 0; place < FIRST_SEASON + (period > 1 ? period : 0); place += 1) {
      const step = 1e-6 * Math.max(1, Math.abs(at[place] ?? 0));
      const above = recursion.run(at.with(place, (at[place] ?? 0) + step));
      const below = recursion.run(at.with(place, (at[place] ?? 0) - step));
      const slope = (above - below) / (2 * step);
      expect(Math.abs((gradient[place] ?? 0) - slope)).toBeLessThan(1e-3 * Math.max(1, Math.abs(slope)));
    }
  });
});

it('variances by formula are those of many paths', () => {
  const values = Float64Array.from(PASSENGERS);
  const fit = fitEts(values, 12, form('MMdM'));
  const close = fitEts(values, 12, form('MAdM'));
  if (!fit || !close) throw new Error('no fit');
  const [byPaths, byFormula] = [etsOutlook(fit, values, 12), etsOutlook(close, values, 12)];
  for (const step of [0, 5, 11]) {
    const ratio = (byPaths.deviation[step] ?? 0) / (byFormula.deviation[step] ?? 1);
    expect(ratio).toBeGreaterThan(0.75);
    expect(ratio).toBeLessThan(1.35);
  }
});

test('the same series is fitted the same every time, and scaling it scales its forecast', () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: 50, max: 150, noNaN: true }), { minLength: 15, maxLength: 25 }),
      fc.constantFrom(0.01, 1000),
      (list, factor) => {
        const values = Float64Array.from(list);
        const fit = fitEts(values, 1, form('ANN'));
        const larger = values.map((value) => value * factor);
        const same = fitEts(larger, 1, form('ANN'));
        if (!fit || !same) return;
        const ours = etsOutlook(fit, values, 1).mean[0] ?? 0;
        const scaled = (etsOutlook(same, larger, 1).mean[0] ?? 0) / factor;
        expect(Math.abs(ours - scaled)).toBeLessThan(0.5);
        expect(fitEts(values, 1, form('ANN'))).toEqual(fit);
      },
    ),
    { numRuns: 30, seed: 7 },
  );
});
