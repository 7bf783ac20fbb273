import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { bestArima } from '../../../src/domain/forecast/arima.ts';
import { fitArima } from '../../../src/domain/forecast/arima-fit.ts';
import { type ArimaOrder, arimaName, OrderPolynomials } from '../../../src/domain/forecast/arima-order.ts';
import { arimaOutlook } from '../../../src/domain/forecast/arima-outlook.ts';
import { kpss, plainDifferences, seasonalDifferences } from '../../../src/domain/forecast/differences.ts';
import { KalmanFilter } from '../../../src/domain/forecast/kalman.ts';
import { seasonalStrength } from '../../../src/domain/forecast/stl.ts';
import { DEATHS, HORMONE, HURON, NILE, PASSENGERS } from './series.ts';

const LOG_PASSENGERS = PASSENGERS.map(Math.log);
const none = { p: 0, d: 0, q: 0, seasonalP: 0, seasonalD: 0, seasonalQ: 0, period: 1, constant: false };

/** R 4.2: f <- arima(series, order, seasonal, method = "ML"); f$loglik, f$coef; predict(f, n.ahead = 3). */
const REFERENCE: {
  name: string;
  values: number[];
  order: ArimaOrder;
  logLikelihood: number;
  ar?: number[];
  ma?: number[];
  constant?: number;
  mean?: number[];
  slack: number;
}[] = [
  {
    name: 'lh by three lags',
    values: HORMONE,
    order: { ...none, p: 3, constant: true },
    logLikelihood: -27.09241106,
    ar: [0.6448027, -0.063382, -0.2197984],
    constant: 2.3931188,
    mean: [2.46018094, 2.270841994, 2.19861217],
    slack: 2e-3,
  },
  {
    name: 'lh by a lag and two shocks',
    values: HORMONE,
    order: { ...none, p: 1, q: 2, constant: true },
    logLikelihood: -27.52309518,
    ar: [0.04610689666],
    ma: [0.633092101, 0.3581265894],
    constant: 2.401787576,
    slack: 5e-3,
  },
  {
    name: 'accidental deaths, the airline model',
    values: DEATHS,
    order: { ...none, d: 1, q: 1, seasonalD: 1, seasonalQ: 1, period: 12 },
    logLikelihood: -425.4399936,
    ma: [-0.4302679985],
    mean: [8336.061534, 7531.829357, 8314.644003],
    slack: 2e-3,
  },
  {
    name: 'log passengers, all parts at once',
    values: LOG_PASSENGERS,
    order: { p: 2, d: 0, q: 1, seasonalP: 1, seasonalD: 1, seasonalQ: 1, period: 12, constant: false },
    logLikelihood: 246.0339924,
    slack: 2e-3,
  },
];

describe('beside R', () => {
  test.each(REFERENCE)('$name', (row) => {
    const values = Float64Array.from(row.values);
    const fit = fitArima(values, row.order);
    if (!fit) throw new Error('no fit');
    expect(fit.logLikelihood).toBeCloseTo(row.logLikelihood, 2);
    for (const [lag, expected] of (row.ar ?? []).entries()) {
      expect(Math.abs((fit.ar[lag] ?? 0) - expected)).toBeLessThan(row.slack);
    }
    for (const [lag, expected] of (row.ma ?? []).entries()) {
      expect(Math.abs((fit.ma[lag] ?? 0) - expected)).toBeLessThan(row.slack);
    }
    if (row.constant !== undefined) expect(fit.coefficients[0]).toBeCloseTo(row.constant, 2);
    const { mean } = arimaOutlook(fit, values, 3);
    for (const [step, expected] of (row.mean ?? []).entries()) {
      expect(Math.abs((mean[step] ?? 0) / expected - 1)).toBeLessThan(row.slack);
    }
  });

  // arima(LakeHuron, order = c(2,0,0), xreg = time(LakeHuron) - 1920, method = "ML")
  it('LakeHuron on its years: the regressor of R', () => {
    const values = Float64Array.from(HURON);
    const past = [values.map((_value, at) => 1875 + at - 1920)];
    const fit = fitArima(values, { ...none, p: 2, constant: true }, past);
    if (!fit) throw new Error('no fit');
    expect(fit.logLikelihood).toBeCloseTo(-101.1982672, 3);
    expect(fit.ar[0]).toBeCloseTo(1.004820053, 2);
    expect(fit.coefficients[0]).toBeCloseTo(-0.02156792598, 4);
    expect(fit.coefficients[1]).toBeCloseTo(579.0993923, 2);
    const { mean } = arimaOutlook(fit, values, 3, { past, future: [Float64Array.of(53, 54, 55)] });
    for (const [step, expected] of [579.397254, 578.8052254, 578.3680947].entries()) {
      expect(mean[step]).toBeCloseTo(expected, 2);
    }
  });

  // auto.arima(series)
  test.each([
    ['Nile', NILE, 1, 'ARIMA(1,1,1)', 1267.507395],
    ['USAccDeaths', DEATHS, 12, 'ARIMA(0,1,1)(0,1,1)[12]', 857.3163507],
    ['lh', HORMONE, 1, 'ARIMA(1,0,0) with mean', 65.30377932],
    ['log AirPassengers', LOG_PASSENGERS, 12, 'ARIMA(0,1,1)(0,1,1)[12]', -483.2100848],
  ] as const)('%s: the order R chooses', (_name, list, period, expected, aicc) => {
    const fit = bestArima(Float64Array.from(list), period);
    expect(fit && arimaName(fit.order)).toBe(expected);
    expect(Math.abs((fit?.aicc ?? 0) - aicc)).toBeLessThan(0.02);
  });

  // auto.arima(LakeHuron) stops at ARIMA(0,1,0)
  it('LakeHuron: an order of less AICc than the one R stops at', () => {
    expect(bestArima(Float64Array.from(HURON), 1)?.aicc).toBeLessThan(220.2578647);
  });

  // urca::ur.kpss(series, type = "mu", use.lag = trunc(3 * sqrt(length(series)) / 13))@teststat
  test.each([
    ['Nile', NILE, 1.315226463],
    ['USAccDeaths', DEATHS, 0.2912338042],
    ['LakeHuron', HURON, 1.221218569],
    ['lh', HORMONE, 0.3678891108],
  ] as const)('%s: the KPSS statistic of R', (_name, list, expected) => {
    expect(kpss(Float64Array.from(list))).toBeCloseTo(expected, 6);
  });

  // s <- mstl(series); 1 - var(remainder) / var(remainder + season)
  test.each([
    ['USAccDeaths', DEATHS, 0.9447944649],
    ['AirPassengers', PASSENGERS, 0.9406724903],
  ] as const)('%s: the strength of the season as in R', (_name, list, expected) => {
    expect(seasonalStrength(Float64Array.from(list), 12)).toBeCloseTo(expected, 2);
    expect(seasonalDifferences(Float64Array.from(list), 12)).toBe(1);
  });
});

test('whatever the weights, the process is stationary and invertible, and its likelihood a number', () => {
  const weight = fc.double({ min: -1.8, max: 1.8, noNaN: true });
  fc.assert(
    fc.property(fc.array(weight, { minLength: 6, maxLength: 6 }), (weights) => {
      const order = { ...none, p: 2, q: 1, seasonalP: 1, seasonalQ: 2, period: 4 };
      const polynomials = new OrderPolynomials(order);
      polynomials.set(Float64Array.from(weights));
      const values = Float64Array.from(NILE).map((value) => value - 919);
      const filter = new KalmanFilter([values], polynomials.ar.length, polynomials.ma.length);
      expect(filter.run(polynomials)).toBe(true);
      expect(filter.innovations[0]?.every(Number.isFinite)).toBe(true);
      // Far ahead a stationary process is back at its mean.
      const far = filter.ahead(0, 4000).at(-1) ?? Number.NaN;
      expect(Math.abs(far)).toBeLessThan(1e-3 * Math.max(...filter.ahead(0, 40).map(Math.abs), 1));
    }),
    { numRuns: 60, seed: 11 },
  );
});

test('a straight line needs one difference, and noise none', () => {
  const line = new Float64Array(40).map((_zero, at) => 3 * at + (at % 2));
  expect(plainDifferences(line)).toBe(1);
  expect(plainDifferences(line.map((_value, at) => ((at * 7919) % 13) - 6))).toBe(0);
});
