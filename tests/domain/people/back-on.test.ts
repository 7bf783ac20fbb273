import { expect, it } from 'vitest';
import { backOnAt } from '../../../src/domain/people/back-on.ts';

/** A Sunday, 14:30 in Los Angeles. */
const NOW = Date.parse('2026-11-22T22:30:00Z');

it.each([
  ['Friday', '2026-11-27T08:00:00.000Z'],
  ['until friday.', '2026-11-27T08:00:00.000Z'],
  ['Sunday', '2026-11-29T08:00:00.000Z'],
  ['tomorrow', '2026-11-23T08:00:00.000Z'],
  ['next week', '2026-11-23T08:00:00.000Z'],
  ['Dec 2', '2026-12-02T08:00:00.000Z'],
  ['2nd December', '2026-12-02T08:00:00.000Z'],
  ['Jan 4', '2027-01-04T08:00:00.000Z'],
  ['2026-12-24', '2026-12-24T08:00:00.000Z'],
  ['2026-11-22', null],
  ['2020-01-01', null],
  ['the cows come home', null],
  ['Feb 31', null],
])('"until %s" ends at the start of that day, where the person is', (text, back) => {
  const at = backOnAt(text, NOW, 'America/Los_Angeles');
  expect(at === null ? null : new Date(at).toISOString()).toBe(back);
});
