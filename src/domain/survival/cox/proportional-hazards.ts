import { chiSquareTail } from '../../statistics/distributions.ts';
import { dot, factor, type Matrix, zeroMatrix } from '../../statistics/positive-systems.ts';
import { kaplanMeier } from '../kaplan-meier.ts';
import type { ChiSquareTest, CoxFit } from './fit-cox.ts';
import { eachTimeTerm } from './likelihood.ts';

/** Null where a covariate's effect over time cannot be told. */
export interface ProportionalHazards {
  byCovariate: { name: string; test: ChiSquareTest | null }[];
  all: ChiSquareTest | null;
}

/**
 * Whether effects stay the same over time: the score test for adding x g(t) to the model, for each covariate and for all
 * together (Grambsch and Therneau, Biometrika 81, 1994, in the form of R survival 3), with g one less the Kaplan-Meier
 * curve of everybody just before t. Ties by the exact method are tested as Breslow's.
 */
export function testProportionalHazards(fit: CoxFit): ProportionalHazards {
  const { data, coefficients } = fit;
  const size = coefficients.length;
  const curve = kaplanMeier(data.spells);
  const [plain, crossed, squared] = [zeroMatrix(size), zeroMatrix(size), zeroMatrix(size)];
  const score = new Array<number>(size).fill(0);
  const times = data.spells.filter(({ event }) => event).map(({ stop }) => 1 - survivalBefore(curve, stop));
  const middle = times.reduce((sum, value) => sum + value, 0) / times.length;
  const ties = fit.ties === 'exact' ? 'breslow' : fit.ties;
  const beta = coefficients.map((one) => one.coefficient);
  eachTimeTerm(data, beta, ties, (term) => {
    const g = 1 - survivalBefore(curve, term.time) - middle;
    addScaled(plain, term.information, 1);
    addScaled(crossed, term.information, g);
    addScaled(squared, term.information, g * g);
    for (const [at, value] of term.score.entries()) score[at] = (score[at] ?? 0) + g * value;
  });
  const scoreTest = (chosen: readonly number[]): ChiSquareTest | null => {
    const system = factor(bordered(plain, crossed, squared, chosen));
    if ('dependent' in system) return null;
    const right = [...beta.map(() => 0), ...chosen.map((at) => score[at] ?? 0)];
    const statistic = dot(right, system.solve(right));
    return { statistic, degreesOfFreedom: chosen.length, p: chiSquareTail(statistic, chosen.length) };
  };
  const every = coefficients.map((_, at) => at);
  return {
    byCovariate: coefficients.map(({ name }, at) => ({ name, test: scoreTest([at]) })),
    all: scoreTest(every),
  };
}

function survivalBefore(curve: ReturnType<typeof kaplanMeier>, time: number): number {
  return curve.points.findLast((point) => point.time < time)?.survival ?? 1;
}

function addScaled(sum: number[][], matrix: Matrix, scale: number): void {
  for (const [at, row] of matrix.entries()) {
    const own = sum[at] ?? [];
    for (const [other, value] of row.entries()) own[other] = (own[other] ?? 0) + scale * value;
  }
}

/** The information of the coefficients with that of the chosen ones times g below and beside it. */
function bordered(plain: Matrix, crossed: Matrix, squared: Matrix, chosen: readonly number[]): number[][] {
  const above = plain.map((row, at) => [...row, ...chosen.map((other) => crossed[at]?.[other] ?? 0)]);
  const below = chosen.map((at) => [
    ...(crossed[at] ?? []),
    ...chosen.map((other) => squared[at]?.[other] ?? 0),
  ]);
  return [...above, ...below];
}
