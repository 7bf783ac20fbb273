import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { eventsOf } from '../../../src/domain/anomalies/events.ts';
import { judgeSeries } from '../../../src/domain/anomalies/judge-series.ts';
import type { SeriesKind, SeriesPoint } from '../../../src/domain/anomalies/series.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** A Monday. */
const START = Date.UTC(2026, 5, 1);
const hourly: SeriesKind = { step: 'hour', tz: 'UTC', unit: 'count' };
const daily: SeriesKind = { step: 'day', tz: 'UTC', unit: 'count' };

/** Deterministic noise in -1..1. */
const noise = (at: number) => Math.sin(at * 12.9898) * Math.cos(at * 78.233);

function hours(count: number, valueAt: (index: number) => number | null): SeriesPoint[] {
  return Array.from({ length: count }, (_, index) => ({ at: START + index * HOUR, value: valueAt(index) }));
}
function days(count: number, valueAt: (index: number) => number | null): SeriesPoint[] {
  return Array.from({ length: count }, (_, index) => ({ at: START + index * DAY, value: valueAt(index) }));
}

/** Busy by day, quiet at night, half of it at weekends. */
const busy = (index: number) => {
  const weekend = Math.floor(index / 24) % 7 >= 5 ? 0.5 : 1;
  return Math.round(
    1000 * weekend * (1 + 0.6 * Math.sin(((index % 24) / 24) * 2 * Math.PI)) + 40 * noise(index),
  );
};
const week = (index: number) => (index % 7 >= 5 ? 400 : 1000) + Math.round(30 * noise(index));
const eventsIn = (points: SeriesPoint[], kind: SeriesKind) => eventsOf(judgeSeries(points, kind), kind.step);

describe('what stands out of a series', () => {
  it.each<[string, SeriesPoint[], SeriesKind]>([
    ['the rhythm of day and week', hours(24 * 42, busy), hourly],
    ['weekends', days(120, week), daily],
    ['steady growth', days(120, (index) => 1000 + index * 12 + (week(index) - 1000)), daily],
    ['a constant series', hours(500, () => 7), hourly],
    ['nothing but zeros', days(100, () => 0), daily],
    ['one more than nothing', days(100, (index) => (index === 90 ? 3 : 0)), daily],
    [
      'the chance of small counts',
      days(150, (index) => Math.max(0, Math.round(4 + 3 * noise(index)))),
      daily,
    ],
    ['a negative level', days(100, (index) => -500 + 10 * noise(index)), { ...daily, unit: 'money' }],
    ['a ratio at its ceiling', days(100, () => 1), { ...daily, unit: 'ratio' }],
    ['a short history, whatever it holds', days(20, (index) => (index === 19 ? 1e9 : 100)), daily],
    ['nothing at all', [], daily],
  ])('is nothing of %s', (_what, points, kind) => {
    expect(eventsIn(points, kind)).toEqual([]);
  });

  it('is one event of consecutive hours, with its beginning, end, peak and size', () => {
    const points = hours(
      24 * 35,
      (index) => busy(index) + (index >= 700 && index < 704 ? 4000 + 500 * (index % 4) : 0),
    );
    const [event, ...others] = eventsIn(points, hourly);
    expect(others).toEqual([]);
    expect(event).toMatchObject({
      kind: 'spike',
      startAt: START + 700 * HOUR,
      endAt: START + 704 * HOUR,
      points: 4,
      peak: { at: START + 703 * HOUR },
    });
    expect(event?.size).toBeGreaterThan(17_000);
    expect(event?.size).toBeLessThan(21_000);
  });

  it('is a quiet working day that would be an ordinary Sunday', () => {
    // Day 87 is a Thursday.
    const [event, ...others] = eventsIn(
      days(95, (index) => (index === 87 ? 400 : week(index))),
      daily,
    );
    expect(others).toEqual([]);
    expect(event).toMatchObject({ kind: 'drop', startAt: START + 87 * DAY });
    expect(event?.peak.expected).toBeGreaterThan(900);
  });

  it('is judged all the same where points are missing, and a gap joins or makes no event', () => {
    const points = days(95, (index) => (index % 9 === 0 ? null : index === 88 ? 5000 : week(index)));
    expect(eventsIn(points, daily).map((event) => event.startAt)).toEqual([START + 88 * DAY]);
    expect(judgeSeries(points, daily).at(90)).toMatchObject({
      verdict: 'unknown',
      reason: 'no value',
      score: 0,
    });
  });

  it('says of the beginning that the history is too short', () => {
    const judged = judgeSeries(days(40, week), daily);
    expect(judged[10]).toMatchObject({ verdict: 'unknown', reason: 'not enough history', expected: null });
    expect(judged.at(-1)).toMatchObject({ verdict: 'usual' });
  });

  it('accepts a new level after a while and does not repeat itself for ever', () => {
    const points = days(140, (index) => week(index) * (index >= 80 ? 3 : 1));
    const found = eventsIn(points, daily);
    expect(found.length).toBeGreaterThan(0);
    expect(found.at(-1)?.endAt ?? 0).toBeLessThan(START + 100 * DAY);
  });

  it('refuses points that are not in order', () => {
    expect(() => judgeSeries([...days(3, week)].reverse(), daily)).toThrow('not in order');
  });
});

describe('a known incident', () => {
  const outage = { startAt: START + 80 * DAY, endAt: START + 83 * DAY, label: 'API outage' };
  const points = days(110, (index) => (index >= 80 && index < 83 ? 20 : week(index)));

  it('explains what stands out within it', () => {
    const judged = judgeSeries(points, { ...daily, known: [outage] });
    expect(judged[81]).toMatchObject({ verdict: 'explained', reason: 'API outage' });
    expect(eventsOf(judged, 'day')).toEqual([]);
    expect(eventsIn(points, daily).length).toBeGreaterThan(0);
  });

  it('is left out of what later days are held against', () => {
    const without = points.map((point, index) =>
      index >= 80 && index < 83 ? { ...point, value: null } : point,
    );
    const later = (judged: ReturnType<typeof judgeSeries>) => judged.slice(83);
    expect(later(judgeSeries(points, { ...daily, known: [outage] }))).toEqual(
      later(judgeSeries(without, daily)),
    );
  });
});

describe('a holiday', () => {
  const isHoliday = (day: string) => day === '2026-08-26';
  // A Wednesday, day 86.
  const quiet = days(95, (index) => (index === 86 ? 410 : week(index)));

  it('may be as quiet as a Sunday', () => {
    expect(eventsIn(quiet, daily)).toHaveLength(1);
    expect(eventsIn(quiet, { ...daily, isHoliday })).toEqual([]);
  });
  it('may be an ordinary day', () => {
    expect(eventsIn(days(95, week), { ...daily, isHoliday })).toEqual([]);
  });
  it('still stands out where it is like neither', () => {
    const wild = days(95, (index) => (index === 86 ? 9000 : week(index)));
    expect(eventsIn(wild, { ...daily, isHoliday })).toHaveLength(1);
  });
});

describe('a judgement', () => {
  it('of an instant depends on nothing after it', () => {
    const values = fc.array(fc.option(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { nil: null }), {
      minLength: 60,
      maxLength: 160,
    });
    fc.assert(
      fc.property(values, values, fc.nat(59), (series, future, cut) => {
        const now = 60 + cut;
        const first = hours(series.length, (index) => series[index] ?? null);
        const other = hours(series.length, (index) => (index < now ? series[index] : future[index]) ?? null);
        const shared = Math.min(now, series.length);
        expect(judgeSeries(other, hourly).slice(0, shared)).toEqual(
          judgeSeries(first, hourly).slice(0, shared),
        );
      }),
      { numRuns: 60 },
    );
  });

  it('is the same every time, and of 8,000 hours takes well under a second', () => {
    const points = hours(8000, busy);
    const before = process.cpuUsage();
    const judged = judgeSeries(points, hourly);
    // The processor's time, since other work may keep it from us: about 150 ms.
    expect(process.cpuUsage(before).user).toBeLessThan(900_000);
    expect(judgeSeries(points, hourly)).toEqual(judged);
  });

  it('has a band that holds the expected, and a score of 3.5 exactly at its edges', () => {
    for (const { expected, low, high, score, value, verdict } of judgeSeries(
      days(120, (i) => week(i) + (i % 31 === 0 ? 900 : 0)),
      {
        ...daily,
        unit: 'money',
      },
    )) {
      if (expected === null || low === null || high === null || value === null) continue;
      expect(low).toBeLessThan(expected);
      expect(high).toBeGreaterThan(expected);
      expect(verdict === 'unusual').toBe(value <= low || value >= high);
      expect(verdict === 'unusual').toBe(score >= 3.5);
    }
  });
});
