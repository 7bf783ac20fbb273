import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assess, standingAt } from '../../../src/domain/health/assess.ts';
import { BANDS, type Band, bandOf, compareBands, plainBand } from '../../../src/domain/health/bands.ts';
import { pointsOf } from '../../../src/domain/health/feature.ts';
import { smallestLift } from '../../../src/domain/health/lift.ts';
import { FEATURES } from '../../../src/domain/health/registry.ts';
import { type Part, type Score, scoreOf, weaknesses } from '../../../src/domain/health/score.ts';
import { healthSettingsSchema, weightsFor } from '../../../src/domain/health/settings.ts';
import { account, company, DAY, known, NOW, settings, subscription, ticket, usage } from './account.ts';

const sliding = account({
  usage: usage({ calls: (day) => Math.max(0, 8_000 * Math.min(1, 1 + (day + 50) * -0.018)) }),
  tickets: [
    ticket({
      text: 'We are comparing providers before our renewal.',
      firstResponseAt: null,
      openedAt: NOW - 2 * DAY,
    }),
  ],
});
const happy = account({ usage: usage({ calls: (day) => 8_000 + day * 5 }) });

describe('the score', () => {
  it('tells who slides from who thrives', () => {
    const [bad, good] = [sliding, happy].map((one) => scoreOf(known(one), settings).score ?? -1);
    expect(bad).toBeLessThan(60);
    expect(good).toBeGreaterThan(85);
  });

  it('is the sum of its parts: 100 less what each costs', () => {
    for (const facts of [sliding, happy]) {
      const { score, parts } = scoreOf(known(facts), settings);
      expect(parts.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 9);
      expect(100 - parts.reduce((sum, { costs }) => sum + costs, 0)).toBeCloseTo(score ?? -1, 9);
    }
  });

  it('does not fall because a source is missing; the confidence does', () => {
    const { confidence, score } = scoreOf(known(happy), settings);
    const without = scoreOf(known(account({ ...happy, people: [] })), settings);
    expect(without.confidence).toBeCloseTo(
      confidence - (weightsFor(settings, 'midmarket').get('champion') ?? 0),
      9,
    );
    expect(Math.abs((without.score ?? 0) - (score ?? 0))).toBeLessThan(2);
    expect(confidence).toBeCloseTo(1 - 0.05, 9);
  });

  it('does not lose confidence because there is nothing to say', () => {
    const quiet = scoreOf(known(account({ ...happy, invoices: [] })), settings);
    expect(quiet.confidence).toBe(scoreOf(known(happy), settings).confidence);
  });

  it('is no guess: an account of a week has none', () => {
    const young = account({
      signedUpAt: NOW - 5 * DAY,
      people: [],
      invoices: [],
      usage: usage({ calls: () => 0 }),
    });
    expect(scoreOf(known(young), settings).score).toBeNull();
  });

  it('names what costs most, with its numbers', () => {
    const [first] = weaknesses(scoreOf(known(sliding), settings), 3);
    expect(first?.feature).toBe('calls_trend');
    expect(first?.measured).toMatchObject({ words: expect.stringMatching(/fell \d+% over 28 days/) });
  });

  it('takes less than 10 ms an account, trends and lift included', () => {
    const days = company();
    for (let warm = 0; warm < 20; warm += 1)
      assess(sliding, days, settings, NOW, { previous: null, model: null });
    const startedAt = performance.now();
    for (let run = 0; run < 50; run += 1)
      assess(sliding, days, settings, NOW, { previous: null, model: null });
    expect((performance.now() - startedAt) / 50).toBeLessThan(10);
  });
});

describe('bands', () => {
  const edges = settings.bands;
  it.each<[number, Band]>([
    [0, 'critical'],
    [29.9, 'critical'],
    [30, 'warning'],
    [59.9, 'warning'],
    [60, 'stable'],
    [80, 'stable'],
    [80.1, 'healthy'],
    [100, 'healthy'],
  ])('a score of %d is %s', (score, band) => {
    expect(plainBand(score, edges)).toBe(band);
    expect(bandOf(score, null, edges)).toBe(band);
    expect(bandOf(score, band, edges)).toBe(band);
  });

  it('do not flap: noise within the margin about an edge changes the band once at most', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(edges.critical, edges.warning, edges.healthy),
        fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 2, maxLength: 40 }),
        (edge, noise) => {
          let band: Band | null = null;
          let changes = -1;
          for (const one of noise) {
            const next = bandOf(edge + one * edges.margin, band, edges);
            if (next !== band) changes += 1;
            band = next;
          }
          expect(changes).toBeLessThanOrEqual(0);
        },
      ),
    );
  });

  it('follow a score that really moved, whatever the band was', () => {
    for (const band of BANDS) {
      expect(bandOf(10, band, edges)).toBe('critical');
      expect(bandOf(95, band, edges)).toBe('healthy');
    }
  });
});

describe('the smallest change', () => {
  /** A score made of any values of all features, as scoreOf would make it. */
  const anyScore = fc
    .record(
      Object.fromEntries(
        FEATURES.map(({ name }) => [name, fc.option(fc.double({ min: 0, max: 1, noNaN: true }))]),
      ),
    )
    .map((given): Score => {
      const weights = weightsFor(settings, 'midmarket');
      const speaking = FEATURES.filter(({ name }) => given[name] !== null);
      const total = speaking.reduce((sum, { name }) => sum + (weights.get(name) ?? 0), 0);
      const parts = speaking.map((feature): Part => {
        const [low, high] = [feature.scale[0]?.[0] ?? 0, feature.scale.at(-1)?.[0] ?? 1];
        const at = low + (high - low) * (given[feature.name] ?? 0);
        const [points, share] = [pointsOf(feature, at), (weights.get(feature.name) ?? 0) / total];
        const measured = { is: 'value', value: at, words: '' } as const;
        return {
          feature: feature.name,
          title: feature.title,
          measured,
          points,
          share,
          costs: share * (100 - points),
        };
      });
      return {
        score: parts.reduce((sum, { share, points }) => sum + share * (points ?? 0), 0),
        confidence: 1,
        parts,
      };
    })
    .filter(({ parts }) => parts.length > 3);

  it('lifts the account into a better band when it is made', () => {
    fc.assert(
      fc.property(anyScore, (score) => {
        const band = plainBand(score.score ?? 0, settings.bands);
        const lift = smallestLift(score, band, settings.bands);
        if (!lift) return;
        const after = score.parts.reduce((sum, part) => {
          const to = lift.moves.find(({ feature }) => feature === part.feature)?.to;
          const feature = FEATURES.find(({ name }) => name === part.feature);
          return (
            sum + part.share * (to !== undefined && feature ? pointsOf(feature, to) : (part.points ?? 0))
          );
        }, 0);
        expect(after).toBeCloseTo(lift.score, 6);
        expect(compareBands(bandOf(after, band, settings.bands), band)).toBeGreaterThan(0);
        expect(lift.band).toBe(bandOf(after, band, settings.bands));
      }),
      { numRuns: 300 },
    );
  });

  it('is one thing where one thing is enough', () => {
    const waiting = account({
      usage: usage({ calls: (day) => (day >= -28 ? 6_400 : 8_000) }),
      tickets: [ticket({ firstResponseAt: null, openedAt: NOW - 3 * DAY })],
    });
    const score = scoreOf(known(waiting), settings);
    const band = plainBand(score.score ?? 0, settings.bands);
    const lift = smallestLift(score, band, settings.bands);
    expect(band).toBe('stable');
    expect(lift?.moves.length).toBeLessThanOrEqual(2);
    expect(lift?.band).toBe('healthy');
    // Nothing is asked for that hardly counts.
    for (const move of lift?.moves ?? [])
      expect(score.parts.find(({ feature }) => feature === move.feature)?.costs).toBeGreaterThan(1);
  });

  it('is none for an account that is healthy', () => {
    expect(smallestLift(scoreOf(known(happy), settings), 'healthy', settings.bands)).toBeNull();
  });
});

describe('an account', () => {
  it('has trends against 7, 30 and 90 days ago, each by what was known then', () => {
    const found = assess(sliding, company(), settings, NOW, { previous: null, model: null });
    expect(found?.trends.map(({ days }) => days)).toEqual([7, 30, 90]);
    for (const { days, before } of found?.trends ?? []) {
      expect(before).toBe(standingAt(sliding, company(), settings, NOW - days * DAY)?.score.score);
    }
    expect(found?.trends[2]?.change).toBeLessThan(-20);
  });

  it('has no standing without a live subscription', () => {
    const gone = account({ subscriptions: [subscription({ validTo: NOW - DAY })] });
    expect(standingAt(gone, company(), settings, NOW)).toBeNull();
    expect(standingAt(gone, company(), settings, NOW - 2 * DAY)).not.toBeNull();
  });

  it('shows a chance of leaving only where a model gives one', () => {
    const given = { previous: null, model: null };
    expect(assess(happy, company(), settings, NOW, given)?.churn).toBeNull();
    const chance = { probability: 0.07, horizonDays: 30, contributions: [], model: 'test 1' };
    const model = { score: () => chance };
    expect(assess(happy, company(), settings, NOW, { previous: null, model })?.churn).toEqual(chance);
  });
});

describe('health.yml', () => {
  const plain = { bands: { critical: 30, warning: 60, healthy: 80, margin: 3 } };
  it.each<[string, unknown, RegExp]>([
    ['weights that do not sum to 1', { ...plain, weights: { default: { calls_trend: 0.9 } } }, /sum to 0.9/],
    ['a feature nobody knows', { ...plain, weights: { default: { calls: 1 } } }, /no feature 'calls'/],
    ['no default', { ...plain, weights: { solo: { calls_trend: 1 } } }, /default/],
    [
      'bands that do not ascend',
      { bands: { ...plain.bands, warning: 20 }, weights: { default: { calls_trend: 1 } } },
      /ascend/,
    ],
    [
      'a margin wider than a band',
      { bands: { ...plain.bands, margin: 10 }, weights: { default: { calls_trend: 1 } } },
      /margin/,
    ],
    ['a word for a weight', { ...plain, weights: { default: { calls_trend: 'much' } } }, /number/],
  ])('is refused with %s', (_case, text, problem) => {
    const parsed = healthSettingsSchema.safeParse(text);
    expect(parsed.success).toBe(false);
    expect(JSON.stringify(parsed.error?.issues)).toMatch(problem);
  });

  it('gives each segment its own weights, and the default to the others', () => {
    expect(weightsFor(settings, 'Enterprise')).not.toEqual(weightsFor(settings, 'default'));
    expect(weightsFor(settings, 'startup')).toEqual(weightsFor(settings, 'default'));
  });
});
