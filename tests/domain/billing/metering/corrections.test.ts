import * as fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { standingEvents } from '../../../../src/domain/billing/metering/corrections.ts';

const event = (id: string, corrects: string | null = null, at = 0, source = 'api') => ({
  id,
  source,
  at,
  corrects,
});
const standing = (...events: ReturnType<typeof event>[]) =>
  standingEvents(events)
    .map(({ id }) => id)
    .sort();

describe('the events that stand', () => {
  test('a correction replaces the event it names', () => {
    expect(standing(event('a'), event('b', 'a'), event('c'))).toEqual(['b', 'c']);
  });

  test('a correction of a correction replaces both', () => {
    expect(standing(event('a'), event('b', 'a'), event('c', 'b'))).toEqual(['c']);
  });

  test('of two corrections of one event the later stands', () => {
    expect(standing(event('a'), event('b', 'a', 9), event('c', 'a', 3))).toEqual(['b']);
  });

  test('a correction counts before the event it names has come', () => {
    expect(standing(event('b', 'a'))).toEqual(['b']);
  });

  test('an event of another source is another event', () => {
    expect(standing(event('a', null, 0, 'edge'), event('b', 'a', 0, 'api'))).toEqual(['a', 'b']);
  });

  test('an event that names itself stands', () => {
    expect(standing(event('a', 'a'))).toEqual(['a']);
  });

  it('are the same in any order', () => {
    const chains = fc
      .array(fc.tuple(fc.option(fc.nat(9)), fc.nat(3)), { maxLength: 10 })
      .map((found) =>
        found.map(([corrects, at], id) => event(String(id), corrects === null ? null : String(corrects), at)),
      )
      .chain((all) =>
        fc.tuple(
          fc.constant(all),
          fc.shuffledSubarray(all, { minLength: all.length, maxLength: all.length }),
        ),
      );
    fc.assert(
      fc.property(chains, ([all, mixed]) => {
        expect(standing(...mixed)).toEqual(standing(...all));
      }),
    );
  });
});
