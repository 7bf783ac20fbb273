import { describe, expect, it } from 'vitest';
import { thisProcess } from '../../src/lib/holder.ts';

const alive = new Set([10, 11]);
const processOf = (place: string | null, pid: number) =>
  thisProcess({ place, pid, isAlive: (other) => alive.has(other) });

describe('whether the holder of a lease is gone', () => {
  it.each([
    ['one that lives', processOf('here', 11), false],
    ['one that ended', processOf('here', 12), true],
    ['an earlier life under the same number', processOf('here', 10), true],
    ['one elsewhere, whose number says nothing here', processOf('there', 12), false],
    ['one elsewhere with the same number', processOf('there', 10), false],
    ['one that could not tell where it was', processOf(null, 12), false],
  ])('%s', (_name, other, gone) => {
    expect(processOf('here', 10).isGone(other.name)).toBe(gone);
  });

  it('never itself, never something unreadable, and nobody where one cannot tell where one is', () => {
    const self = processOf('here', 10);
    expect(self.isGone(self.name)).toBe(false);
    expect(self.isGone('what')).toBe(false);
    expect(self.isGone('here/x/y')).toBe(false);
    expect(processOf(null, 10).isGone(processOf(null, 12).name)).toBe(false);
  });

  it('is told of real processes', () => {
    expect(thisProcess().isGone(thisProcess().name)).toBe(true);
  });
});
