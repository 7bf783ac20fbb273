import { describe, expect, it } from 'vitest';
import { DEFAULT_CONVENTIONS } from '../../../src/domain/billing/conventions.ts';
import { exact } from '../../../src/domain/money/exact.ts';
import { DAY, event, givenUsage, HOUR, late, NOW, november } from './given.ts';

const calls = (usage: ReturnType<typeof givenUsage>['usage'], customerId: string | null = null) =>
  usage
    .getUsage({ meter: 'api_calls', customerId, period: november })
    .reduce((sum, { sum: each }) => sum + Number(each.numerator), 0);

describe('an event', () => {
  it('sent again is one event, in the same batch or in another one', () => {
    const { usage, ingest } = givenUsage();
    const one = event();
    expect(ingest([one, { ...one }])).toMatchObject({ stored: 1, duplicates: 1 });
    expect(ingest([one])).toMatchObject({ stored: 0, duplicates: 1, rejected: {} });
    expect(calls(usage)).toBe(12);
    expect(usage.openDeadLetters()).toEqual([]);
  });

  it('sent again to a process that has just started is one event', () => {
    const { ingest, reopened } = givenUsage();
    const one = event();
    ingest([one]);
    expect(reopened().ingest([one], DEFAULT_CONVENTIONS, NOW)).toMatchObject({ stored: 0, duplicates: 1 });
  });

  it('stored by another process meanwhile is noticed', () => {
    const { ingest, reopened } = givenUsage();
    const other = reopened();
    ingest([event()]);
    const one = event();
    other.ingest([one], DEFAULT_CONVENTIONS, NOW);
    expect(ingest([one])).toMatchObject({ stored: 0, duplicates: 1 });
  });

  it('is told by source and id: the same id of two sources is two events', () => {
    const { usage, ingest } = givenUsage();
    const one = event();
    expect(ingest([one, { ...one, source: 'import' }])).toMatchObject({ stored: 2 });
    expect(calls(usage)).toBe(24);
  });

  it.each([
    ['value', { value: '13' }],
    ['time', { at: NOW - 4 * HOUR }],
    ['time, by days', { at: NOW - 9 * DAY }],
    ['customer', { customerId: 'globex' }],
    ['set of properties', { properties: { category: 'batch' } }],
    ['meter', { meter: 'feature_use' }],
  ])('sent again with another %s is a conflict, kept with the reason, and changes nothing', (what, other) => {
    const { usage, ingest } = givenUsage();
    const one = event();
    ingest([one]);
    expect(ingest([{ ...one, ...other }])).toMatchObject({ stored: 0, rejected: { conflict: 1 } });
    expect(calls(usage)).toBe(12);
    const [letter] = usage.deadLetters();
    expect(letter?.words).toContain(what.split(',')[0]);
  });

  it('written otherwise but saying the same is no conflict', () => {
    const { ingest } = givenUsage();
    const one = event({ value: '12', properties: { category: 'search', key: 'k1' } });
    ingest([one]);
    const again = { ...one, value: '12.00', properties: { key: 'k1', category: 'search' } };
    expect(ingest([again])).toMatchObject({ duplicates: 1, rejected: {} });
  });

  it.each([
    ['malformed', { value: 'twelve' }, /value/],
    ['malformed', { at: 'yesterday' }, /at/],
    ['malformed', { id: '' }, /id/],
    ['malformed', { extra: 1 }, /extra/],
    ['unknown_meter', { meter: 'coffee' }, /coffee/],
    ['unknown_customer', { customerId: 'nobody' }, /nobody/],
    ['negative', { value: '-1' }, /below 0/],
    ['too_precise', { value: '0.1234567891' }, /digits/],
    ['too_precise', { value: '12345678901234567890' }, /digits/],
    ['future', { at: NOW + HOUR }, /more than 5 minutes ahead/],
    ['too_old', { at: NOW - 36 * DAY }, /35 days/],
  ])('that is %s (%j) is kept apart with a plain reason and counts for nothing', (reason, wrong, words) => {
    const { usage, ingest } = givenUsage();
    expect(ingest([event(), { ...event(), ...wrong }])).toMatchObject({
      stored: 1,
      rejected: { [reason]: 1 },
    });
    expect(calls(usage)).toBe(12);
    const [letter] = usage.deadLetters();
    expect(letter).toMatchObject({ reason, times: 1 });
    expect(letter?.words).toMatch(words);
  });

  it.each([null, 'text', 7, []])('that is no event at all (%j) does not stop the others', (junk) => {
    const { ingest } = givenUsage();
    expect(ingest([junk, event()])).toMatchObject({ stored: 1, rejected: { malformed: 1 } });
  });

  it('a few minutes ahead of our clock is taken', () => {
    const { ingest } = givenUsage();
    expect(ingest([event({ at: NOW + 4 * 60_000 })])).toMatchObject({ stored: 1 });
  });

  it('is exact where sums leave what a float can hold', () => {
    const { usage, ingest } = givenUsage();
    const most = '9007199254740991';
    for (let n = 0; n < 3; n += 1)
      ingest([event({ value: most }), event({ value: most }), event({ value: '2' })]);
    const [total] = usage.getUsage({ meter: 'api_calls', customerId: 'acme', period: november });
    expect(total?.sum).toEqual(exact(6n * 9_007_199_254_740_991n + 6n));
  });
});

describe('a correction', () => {
  it('replaces what it corrects, whichever comes first, and both stay to be seen', () => {
    const one = event({ value: '100' });
    const fixed = event({ corrects: one.id, value: '40' });
    for (const order of [
      [one, fixed],
      [fixed, one],
    ]) {
      const { usage, ingest } = givenUsage();
      for (const each of order) ingest([each]);
      expect(calls(usage)).toBe(40);
      const raw = [...usage.getRawEvents({ meter: 'api_calls', customerId: 'acme', period: november })];
      expect(raw.find(({ id }) => id === one.id)?.replacedBy).toBe(fixed.id);
      expect(raw).toHaveLength(2);
    }
  });

  it('may move use to another customer, day and group', () => {
    const { usage, ingest } = givenUsage();
    const one = event();
    ingest([one]);
    ingest([
      event({ corrects: one.id, customerId: 'globex', at: NOW - 5 * DAY, properties: { category: 'batch' } }),
    ]);
    expect(calls(usage, 'acme')).toBe(0);
    expect(usage.getUsage({ meter: 'api_calls', customerId: 'globex', period: november })).toMatchObject([
      { group: 'batch', count: 1 },
    ]);
  });

  it('can be corrected itself; a second one of the same event is refused', () => {
    const { usage, ingest } = givenUsage();
    const one = event();
    const second = event({ corrects: one.id, value: '5' });
    const third = event({ corrects: second.id, value: '6' });
    ingest([one, second, third]);
    expect(calls(usage)).toBe(6);
    expect(ingest([event({ corrects: one.id, value: '7' })])).toMatchObject({
      rejected: { corrected_twice: 1 },
    });
    expect(calls(usage)).toBe(6);
  });
});

describe('a period that has been rated', () => {
  const september = { startAt: Date.parse('2026-10-20T00:00:00Z'), endAt: NOW - 10 * DAY };

  it('is dirty once something comes for it, and clean once rated anew', () => {
    const { usage, ingest } = givenUsage();
    ingest([event({ at: NOW - 12 * DAY })]);
    usage.markPeriod('acme', september, 'rated', NOW);
    ingest([event()]);
    expect(usage.dirtyPeriods()).toEqual([]);
    expect(ingest([event({ at: NOW - 11 * DAY }), event({ at: NOW - 13 * DAY })])).toMatchObject({ late: 2 });
    ingest([event({ at: NOW - 11 * DAY, customerId: 'globex' })]);
    expect(usage.dirtyPeriods()).toMatchObject([
      { customerId: 'acme', ...september, treatment: 're_rate', events: 2 },
    ]);
    usage.settlePeriod('acme', september, NOW);
    expect(usage.dirtyPeriods('acme')).toEqual([]);
  });

  it.each([
    ['next_invoice_original_period', 'next_invoice_original_period'],
    ['next_invoice_current_period', 'next_invoice_current_period'],
  ] as const)('and closed goes by the convention %s', (closedPeriod, treatment) => {
    const { usage, ingest } = givenUsage();
    usage.markPeriod('acme', september, 'closed', NOW);
    ingest([event({ at: NOW - 11 * DAY })], late({ closedPeriod }));
    expect(usage.dirtyPeriods('acme')).toMatchObject([{ treatment, events: 1 }]);
    expect(calls(usage)).toBe(12);
  });

  it('and closed takes nothing where the convention refuses it, corrections of its events included', () => {
    const { usage, ingest } = givenUsage();
    const one = event({ at: NOW - 11 * DAY });
    ingest([one]);
    usage.markPeriod('acme', september, 'closed', NOW);
    const refusing = late({ closedPeriod: 'refuse' });
    const fixed = event({ corrects: one.id, value: '1' });
    expect(ingest([event({ at: NOW - 11 * DAY }), fixed], refusing)).toMatchObject({
      stored: 0,
      rejected: { closed_period: 2 },
    });
    expect(calls(usage)).toBe(12);
  });

  it('stays closed, though rated again', () => {
    const { usage, ingest } = givenUsage();
    usage.markPeriod('acme', september, 'closed', NOW);
    usage.markPeriod('acme', september, 'rated', NOW);
    ingest([event({ at: NOW - 11 * DAY })]);
    expect(usage.dirtyPeriods()).toMatchObject([{ treatment: 'next_invoice_original_period' }]);
  });
});

describe('a dead letter', () => {
  it('is one letter however often it is sent', () => {
    const { usage, ingest } = givenUsage();
    const wrong = { ...event(), value: 'x' };
    for (let n = 0; n < 3; n += 1) ingest([wrong]);
    expect(usage.deadLetters()).toMatchObject([{ times: 3, reason: 'malformed' }]);
    expect(usage.openDeadLetters()).toMatchObject([{ reason: 'malformed', count: 1 }]);
  });

  it('is taken once what was missing is there', () => {
    const { usage, ingest, join } = givenUsage();
    ingest([event({ customerId: 'initech' })]);
    const nos = usage.deadLetters().map(({ no }) => no);
    const replay = { nos, by: 'U_PRIYA' };
    expect(usage.replayDeadLetters(replay, DEFAULT_CONVENTIONS, NOW)).toEqual({ taken: 0, refused: 1 });
    join('initech');
    expect(usage.replayDeadLetters(replay, DEFAULT_CONVENTIONS, NOW)).toEqual({ taken: 1, refused: 0 });
    expect(calls(usage, 'initech')).toBe(12);
    expect(usage.replayDeadLetters(replay, DEFAULT_CONVENTIONS, NOW)).toEqual({ taken: 0, refused: 0 });
    expect(usage.deadLetters()).toEqual([]);
  });

  it('is taken mended, or though it is old, where a person says so', () => {
    const { usage, ingest } = givenUsage();
    const wrong = event();
    ingest([{ ...wrong, value: 'twelve' }, event({ at: NOW - 40 * DAY })]);
    const [first, second] = usage.deadLetters().map(({ no }) => no);
    const mended = new Map([[first ?? 0, wrong]]);
    const replay = { nos: [first ?? 0, second ?? 0], by: 'U_PRIYA', mended };
    expect(usage.replayDeadLetters(replay, DEFAULT_CONVENTIONS, NOW)).toEqual({ taken: 1, refused: 1 });
    const old = { nos: [second ?? 0], by: 'U_PRIYA', acceptOld: true };
    expect(usage.replayDeadLetters(old, DEFAULT_CONVENTIONS, NOW)).toEqual({ taken: 1, refused: 0 });
    const period = { startAt: NOW - 50 * DAY, endAt: NOW };
    expect(usage.getUsage({ meter: 'api_calls', customerId: 'acme', period })).toMatchObject([{ count: 2 }]);
  });

  it('can be dropped', () => {
    const { usage, ingest } = givenUsage();
    ingest([{ ...event(), value: 'x' }]);
    usage.dropDeadLetters([1], 'U_PRIYA', NOW);
    expect(usage.openDeadLetters()).toEqual([]);
  });
});

describe('a batch', () => {
  it('above the limit is refused whole, in words', () => {
    const { ingest, usage } = givenUsage({ settings: { batchLimit: 2 } });
    expect(() => ingest([event(), event(), event()])).toThrow('3 events are more than the 2');
    expect(calls(usage)).toBe(0);
  });

  it('that fails leaves nothing behind, neither events nor the place of the feed, and can come again', () => {
    const { store, usage } = givenUsage();
    const batch = [event(), event(), { ...event(), value: 'x' }];
    store.sqlite.exec(
      "CREATE TRIGGER power_cut BEFORE INSERT ON usage_feeds BEGIN SELECT RAISE(ABORT, 'power cut'); END",
    );
    const feed = { source: 'psizero', cursor: 'c1', throughAt: NOW };
    expect(() => usage.ingest(batch, DEFAULT_CONVENTIONS, NOW, feed)).toThrow('power cut');
    expect([calls(usage), usage.deadLetters(), usage.feed('psizero').cursor]).toEqual([0, [], null]);
    store.sqlite.exec('DROP TRIGGER power_cut');
    expect(usage.ingest(batch, DEFAULT_CONVENTIONS, NOW, feed)).toMatchObject({
      stored: 2,
      rejected: { malformed: 1 },
    });
    expect([calls(usage), usage.feed('psizero').cursor]).toEqual([24, 'c1']);
  });
});
