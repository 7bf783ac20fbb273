import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  curveAt,
  kaplanMeier,
  quantileOf,
  restrictedMean,
} from '../../../src/domain/survival/kaplan-meier.ts';
import type { Spell } from '../../../src/domain/survival/spells.ts';
import { late, treated } from './gehan.ts';

/** As R's survival 3.5 has them: summary(survfit(Surv(t, s) ~ 1, conf.type = ...), times = c(6, 10, 23)). */
const BANDS = [
  {
    band: 'plain',
    low: [0.707479311825, 0.564099326679, 0.184384863841],
    high: [1, 0.941783026262, 0.711973679577],
  },
  {
    band: 'log',
    low: [0.719817083916, 0.58591898203, 0.248788226818],
    high: [1, 0.967574754552, 0.807372045529],
  },
  {
    band: 'log-log',
    low: [0.619717955266, 0.5031995108, 0.188052005959],
    high: [0.951551747647, 0.889361835169, 0.680142628495],
  },
] as const;

const close = (values: readonly (number | null)[]) =>
  values.map((value) => expect.closeTo(value ?? Number.NaN, 8));

describe('the curve of Kaplan and Meier', () => {
  test.each(BANDS)('has the $band band of R', ({ band, low, high }) => {
    const curve = kaplanMeier(treated, { band });
    const at = [6, 10, 23].map((time) => curveAt(curve, time));
    expect(at.map(({ atRisk }) => atRisk)).toEqual([21, 15, 6]);
    expect(at.map(({ survival }) => survival)).toEqual(
      close([0.857142857143, 0.752941176471, 0.448179271709]),
    );
    expect(at.map(({ stdErr }) => stdErr)).toEqual(close([0.0763603548321, 0.0963496529943, 0.134591456756]));
    expect(at.map((one) => one.low)).toEqual(close(low));
    expect(at.map((one) => one.high)).toEqual(close(high));
  });

  test('has the cumulative hazard of Nelson and Aalen', () => {
    // R: f$cumhaz, f$std.chaz at times 10 and 23
    const at = [10, 23].map((time) => curveAt(kaplanMeier(treated), time));
    expect(at.map(({ cumulativeHazard }) => cumulativeHazard)).toEqual(
      close([0.268347338936, 0.752113572702]),
    );
    expect(at.map(({ hazardStdErr }) => hazardStdErr)).toEqual(close([0.121273959057, 0.279467746695]));
  });

  test('gives quantiles and the restricted mean of R', () => {
    // R: quantile(f, c(.25, .5)); summary(f, rmean = 24)$table
    const curve = kaplanMeier(treated);
    expect([0.25, 0.5, 0.9].map((share) => quantileOf(curve, share))).toEqual([13, 23, null]);
    const { mean, stdErr } = restrictedMean(curve, 24);
    expect([mean, stdErr]).toEqual(close([18.35742296919, 1.63655638981]));
  });

  test('takes people in when they come under observation', () => {
    // R: survfit(Surv(en, ex, ev) ~ 1)
    const { points } = kaplanMeier(late);
    expect(points.map(({ atRisk }) => atRisk)).toEqual([8, 8, 8, 7, 6, 5, 4, 3, 2, 1]);
    expect(points.map(({ survival }) => survival)).toEqual(
      close([
        0.875, 0.765625, 0.765625, 0.765625, 0.638020833333, 0.510416666667, 0.3828125, 0.255208333333,
        0.255208333333, 0,
      ]),
    );
  });

  test('lies flat on a half: the median is the middle of the flat', () => {
    const spells = [1, 2, 4, 6].map((stop) => ({ start: 0, stop, event: true }));
    expect(quantileOf(kaplanMeier(spells))).toBe(3);
  });

  test('is refused for a row that ends before it starts, by its number', () => {
    expect(() =>
      kaplanMeier([
        { start: 0, stop: 1, event: true },
        { start: 3, stop: 2, event: false },
      ]),
    ).toThrow('Row 2 ends at 2, which is not after its start 3.');
    expect(() => kaplanMeier([])).toThrow('nobody to observe');
  });
});

const spellsOf = fc.array(
  fc
    .record({ stop: fc.integer({ min: 1, max: 30 }), event: fc.boolean() })
    .map((one) => ({ start: 0, ...one })),
  { minLength: 1, maxLength: 40 },
);

describe('any curve', () => {
  test('never rises, stays within 0 and 1 and within its band', () => {
    fc.assert(
      fc.property(spellsOf, fc.constantFrom('plain', 'log', 'log-log'), (spells: Spell[], band) => {
        const { points } = kaplanMeier(spells, { band });
        let before = 1;
        for (const { survival, low, high } of points) {
          expect(survival).toBeLessThanOrEqual(before);
          expect(survival).toBeGreaterThanOrEqual(0);
          expect(low ?? survival).toBeLessThanOrEqual(survival + 1e-12);
          expect(high ?? survival).toBeGreaterThanOrEqual(survival - 1e-12);
          before = survival;
        }
      }),
    );
  });

  test('is the plain share left where nobody is censored', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 30 }), (stops) => {
        const curve = kaplanMeier(stops.map((stop) => ({ start: 0, stop, event: true })));
        for (let time = 0; time <= 12; time += 1) {
          const left = stops.filter((stop) => stop > time).length / stops.length;
          expect(curveAt(curve, time).survival).toBeCloseTo(left, 10);
        }
      }),
    );
  });

  test('does not change when a row is cut in two', () => {
    fc.assert(
      fc.property(spellsOf, fc.nat(), (spells: Spell[], pick) => {
        const cut = spells[pick % spells.length];
        if (!cut || cut.stop < 2) return;
        const rest = spells.filter((one) => one !== cut);
        const parts = [
          { start: 0, stop: 1, event: false },
          { start: 1, stop: cut.stop, event: cut.event },
        ];
        const times = spells.map(({ stop }) => stop);
        const [whole, split] = [kaplanMeier(spells), kaplanMeier([...rest, ...parts])];
        for (const time of times) {
          expect(curveAt(split, time).survival).toBeCloseTo(curveAt(whole, time).survival, 12);
        }
      }),
    );
  });

  test('has a restricted mean that grows with its limit and never exceeds it', () => {
    fc.assert(
      fc.property(spellsOf, fc.double({ min: 0.5, max: 35, noNaN: true }), (spells: Spell[], until) => {
        const curve = kaplanMeier(spells);
        const { mean } = restrictedMean(curve, until);
        expect(mean).toBeLessThanOrEqual(until + 1e-9);
        expect(restrictedMean(curve, until + 1).mean).toBeGreaterThanOrEqual(mean - 1e-9);
      }),
    );
  });
});
