import type { Spell } from '../../../src/domain/survival/spells.ts';

/** Weeks of remission of 42 people with leukaemia (Gehan 1965; Freireich et al. 1963): 21 treated, then 21 not. */
const TREATED: readonly (readonly [number, 0 | 1])[] = [
  ...([
    [6, 1],
    [6, 1],
    [6, 1],
    [6, 0],
    [7, 1],
    [9, 0],
    [10, 1],
    [10, 0],
    [11, 0],
    [13, 1],
    [16, 1],
  ] as const),
  ...([
    [17, 0],
    [19, 0],
    [20, 0],
    [22, 1],
    [23, 1],
    [25, 0],
    [32, 0],
    [32, 0],
    [34, 0],
    [35, 0],
  ] as const),
];
const UNTREATED = [1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23];

export const treated: Spell[] = TREATED.map(([stop, event]) => ({ start: 0, stop, event: event === 1 }));
export const everybody: Spell[] = [...treated, ...UNTREATED.map((stop) => ({ start: 0, stop, event: true }))];
/** 0 for the treated, 1 for the others. */
export const untreated: number[][] = everybody.map((_, at) => [at < treated.length ? 0 : 1]);

/** People who come under observation late, with one covariate. */
const LATE: readonly [number, number, 0 | 1, number][] = [
  [0, 4, 1, 1],
  [0, 6, 0, 0],
  [1, 5, 1, 2],
  [2, 9, 1, 1],
  [0, 7, 0, 0],
  [3, 8, 1, 1],
  [4, 11, 1, 3],
  [1, 12, 0, 0],
  [5, 10, 1, 2],
  [2, 13, 1, 1],
];
export const late: Spell[] = LATE.map(([start, stop, event]) => ({ start, stop, event: event === 1 }));
export const lateCovariates: number[][] = LATE.map(([, , , z]) => [z]);
