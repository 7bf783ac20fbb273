import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { UsageEvent } from '../../../src/domain/billing/usage-event.ts';
import type { UsageTotal } from '../../../src/domain/billing/usage-store.ts';
import { exact } from '../../../src/domain/money/exact.ts';
import { ALL_METERS, DAY, givenUsage, HOUR, NOW } from './given.ts';

/** Events of few names, hours and instants, so that everything that may coincide does. */
const facts = fc.record({
  meter: fc.constantFrom(...ALL_METERS.map(({ id }) => id)),
  customerId: fc.constantFrom('acme', 'globex'),
  at: fc.integer({ min: 0, max: 40 }).map((n) => NOW - 2 * DAY + n * 1_717_171),
  value: fc.constantFrom('0', '1', '7', '0.5', '0.125', '1234567', '3.000', '9007199254740'),
  sign: fc.constantFrom('', '-'),
  group: fc.constantFrom('', 'search', 'batch'),
});

const streams = fc
  .array(fc.record({ facts, corrected: fc.option(facts, { freq: 3 }) }), { minLength: 1, maxLength: 40 })
  .map((made) =>
    made.flatMap(({ facts: first, corrected }, index): UsageEvent[] => [
      eventOf(first, `e${index}`, null),
      ...(corrected ? [eventOf(corrected, `c${index}`, `e${index}`)] : []),
    ]),
  );

type Facts = typeof facts extends fc.Arbitrary<infer T> ? T : never;

function eventOf(given: Facts, id: string, corrects: string | null): UsageEvent {
  const meter = ALL_METERS.find((each) => each.id === given.meter);
  const property = meter?.groupBy ?? 'note';
  return {
    source: 'psizero',
    id,
    meter: given.meter,
    customerId: given.customerId,
    at: given.at,
    value: meter?.aggregation === 'weighted_sum' ? given.sign + given.value.slice(0, 9) : given.value,
    properties: given.group === '' ? {} : { [property]: given.group },
    corrects,
  };
}

/** The stream as it may come: in any order, some of it again, cut into batches. */
const arrivals = streams.chain((events) =>
  fc.record({
    events: fc.constant(events),
    first: fc.shuffledSubarray(events, { minLength: events.length }),
    again: fc.subarray(events),
    cuts: fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 5 }),
  }),
);

const periods = fc
  .tuple(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 1, max: 60 }))
  .map(([from, length]) => ({
    startAt: NOW - 2 * DAY + from * 1_111_111,
    endAt: NOW - 2 * DAY + (from + length) * 1_111_111,
  }));

function* batches(events: readonly UsageEvent[], cuts: readonly number[]) {
  for (let from = 0, n = 0; from < events.length; n += 1) {
    const size = cuts[n % cuts.length] ?? 1;
    yield events.slice(from, from + size);
    from += size;
  }
}

/** What the events come to, added up by the plainest of means. */
function expected(events: readonly UsageEvent[], meter: string, period: { startAt: number; endAt: number }) {
  const replaced = new Set(events.map(({ corrects }) => corrects));
  const inside = events.filter(
    (each) =>
      each.meter === meter && !replaced.has(each.id) && each.at >= period.startAt && each.at < period.endAt,
  );
  return { count: inside.length, sum: inside.reduce((sum, { value }) => sum + Number(value), 0) };
}

describe('usage from hours and usage from events', () => {
  it('are equal for every meter and period, whatever order, repetition and correction they came in', () => {
    fc.assert(
      fc.property(arrivals, periods, ({ events, first, again, cuts }, period) => {
        const { usage, ingest, store } = givenUsage();
        for (const batch of batches([...first, ...again], cuts)) ingest(batch);
        for (const { id } of ALL_METERS) {
          for (const customerId of [null, 'acme']) {
            const question = { meter: id, period, customerId };
            const said = usage.getUsage(question);
            expect(said).toEqual(usage.getUsageFromEvents(question));
            if (customerId !== null) continue;
            const truth = expected(events, id, period);
            expect(said.reduce((sum, { count }) => sum + count, 0)).toBe(truth.count);
            expect(said.reduce((sum, each) => sum + asNumber(each), 0)).toBeCloseTo(truth.sum, 3);
          }
        }
        store.sqlite.close();
      }),
      { numRuns: 60 },
    );
  });

  it('do not depend on the order in which the events came', () => {
    fc.assert(
      fc.property(arrivals, ({ events, first, cuts }) => {
        const one = givenUsage();
        const other = givenUsage();
        one.ingest(events);
        for (const batch of batches(first, cuts)) other.ingest(batch);
        const period = { startAt: NOW - 3 * DAY, endAt: NOW + 5 * HOUR };
        for (const { id } of ALL_METERS) {
          const question = { meter: id, period, customerId: null };
          expect(other.usage.getUsage(question)).toEqual(one.usage.getUsage(question));
        }
        one.store.sqlite.close();
        other.store.sqlite.close();
      }),
      { numRuns: 40 },
    );
  });
});

function asNumber({ sum }: UsageTotal): number {
  return Number(sum.numerator) / Number(sum.denominator);
}

describe('a level over time', () => {
  it('weighs each change until the end of the period, and begins with what stood before', () => {
    const { usage, ingest } = givenUsage();
    const startAt = Date.parse('2026-11-10T00:00:00Z');
    const level = (id: string, at: number, value: string) => ({
      ...{ source: 'psizero', id, meter: 'storage_gb', customerId: 'acme', at, value },
      ...{ properties: { region: 'eu' }, corrects: null },
    });
    ingest([
      level('a', startAt - DAY, '10'),
      level('b', startAt + 6 * HOUR, '4.5'),
      level('c', startAt + 12 * HOUR + 90_000, '-2'),
    ]);
    const [total] = usage.getUsage({
      meter: 'storage_gb',
      customerId: 'acme',
      period: { startAt, endAt: startAt + DAY },
    });
    expect(total?.opening).toEqual(exact('10'));
    const day = 10 * DAY + 4.5 * 18 * HOUR - 2 * (12 * HOUR - 90_000);
    expect(total?.weightedMs).toEqual(exact(String(day)));
  });
});
