import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fitAft } from '../../../src/domain/survival/fit-aft.ts';
import type { LogTimeName } from '../../../src/domain/survival/log-time-distributions.ts';
import { everybody, untreated } from './gehan.ts';

/** R: f <- survreg(Surv(tt, ss) ~ x, dist = ...): coef, sqrt(diag(vcov))[1:2], scale, loglik[2]. */
const FITS: { name: LogTimeName; of: number[] }[] = [
  {
    name: 'weibull',
    of: [3.515686946085, -1.267334585214, 0.251781019379, 0.31063993549, 0.73219440304, -106.579491581564],
  },
  {
    name: 'exponential',
    of: [3.686097811125, -1.526613561772, 0.333333333329, 0.398409536441, 1, -108.524049536789],
  },
  {
    name: 'lognormal',
    of: [3.171967702155, -1.346846682001, 0.243980444585, 0.316497884327, 0.923868779817, -106.704622354482],
  },
  {
    name: 'loglogistic',
    of: [3.158153963313, -1.265463384889, 0.248362882097, 0.325661257993, 0.546553330402, -107.661417159926],
  },
];

describe('a model of accelerated failure times', () => {
  test.each(FITS)('is fitted by $name as R fits it', ({ name, of }) => {
    const fit = fitAft(everybody, untreated, ['untreated'], name);
    const [intercept, effect] = fit.coefficients;
    const got = [
      intercept?.coefficient,
      effect?.coefficient,
      intercept?.stdErr,
      effect?.stdErr,
      fit.scale,
      fit.logLikelihood,
    ];
    expect(got).toEqual(of.map((value) => expect.closeTo(value, 6)));
    expect(fit.converged).toBe(true);
  });

  test('has a curve from 1 down to 0', () => {
    for (const { name } of FITS) {
      const fit = fitAft(everybody, untreated, ['untreated'], name);
      const curve = [0, 1, 5, 20, 1e6].map((time) => fit.survivalAt(time, [0]));
      expect(curve[0]).toBe(1);
      expect(curve).toEqual(curve.toSorted((a, b) => b - a));
      expect(curve.at(-1)).toBeLessThan(1e-3);
    }
  });

  test('finds the rate of an exponential: events over time under observation', () => {
    const rows = fc.array(
      fc.record({ stop: fc.double({ min: 0.1, max: 50, noNaN: true }), event: fc.boolean() }),
      { minLength: 2, maxLength: 30 },
    );
    fc.assert(
      fc.property(rows, (some) => {
        const spells = [{ start: 0, stop: 3, event: true }, ...some.map((one) => ({ start: 0, ...one }))];
        const fit = fitAft(
          spells,
          spells.map(() => []),
          [],
          'exponential',
        );
        const events = spells.filter(({ event }) => event).length;
        const mean = spells.reduce((sum, { stop }) => sum + stop, 0) / events;
        expect(Math.exp(fit.coefficients[0]?.coefficient ?? 0) / mean).toBeCloseTo(1, 6);
      }),
    );
  });

  test('is refused for lifetimes that were not seen whole', () => {
    expect(() => fitAft([{ start: 2, stop: 5, event: true }], [[]], [], 'weibull')).toThrow(
      'Row 1 begins after 0',
    );
    expect(() => fitAft([{ start: 0, stop: 5, event: false }], [[]], [], 'weibull')).toThrow(
      'Nobody had the event',
    );
  });
});
