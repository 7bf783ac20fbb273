import { describe, expect, it } from 'vitest';
import { createIdFilter } from '../../src/lib/id-filter.ts';

describe('the filter of ids', () => {
  it('never forgets an id, however far it has grown, and takes few strange ones for known', () => {
    const filter = createIdFilter();
    for (let n = 0; n < 300_000; n += 1) filter.add(1, `evt_${n}`);
    let known = 0;
    let strange = 0;
    for (let n = 0; n < 300_000; n += 3) {
      if (filter.mayHave(1, `evt_${n}`)) known += 1;
      if (filter.mayHave(1, `other_${n}`)) strange += 1;
    }
    expect(known).toBe(100_000);
    expect(strange).toBeLessThan(400);
    expect(filter.mayHave(2, 'evt_1') && filter.mayHave(2, 'evt_2') && filter.mayHave(2, 'evt_3')).toBe(
      false,
    );
    expect(filter.size()).toBe(300_000);
  });
});
