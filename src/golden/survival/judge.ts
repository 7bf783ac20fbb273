import type { Json } from '../../domain/types.ts';
import type { CaseResult } from '../result.ts';

/** Numbers a case expects beside those that came out, by what they are. */
export class Comparison {
  private readonly got: { [what: string]: Json } = {};
  private readonly expected: { [what: string]: Json } = {};

  constructor(
    private readonly id: string,
    private readonly tolerance: number,
  ) {}

  /** Nothing where the case does not say. `margin` beside the tolerance is for what the reference rounded. */
  number(what: string, got: number | null, expected: number | null | undefined, margin = 0): void {
    if (expected === undefined || isClose(got, expected, this.tolerance + margin)) return;
    this.got[what] = got;
    this.expected[what] = expected;
  }

  list(
    what: string,
    got: readonly (number | null)[],
    expected: readonly (number | null)[] | undefined,
  ): void {
    if (expected === undefined) return;
    if (got.length !== expected.length) this.number(`number of ${what}`, got.length, expected.length);
    for (const [at, value] of expected.entries()) this.number(`${what}[${at}]`, got[at] ?? null, value);
  }

  names(
    what: string,
    got: ReadonlyMap<string, number | null>,
    expected: { [name: string]: number | null } | undefined,
  ) {
    for (const [name, value] of Object.entries(expected ?? {})) {
      this.number(`${what} of ${name}`, got.get(name) ?? null, value);
    }
  }

  result(): CaseResult {
    const { id, got, expected } = this;
    return Object.keys(expected).length === 0
      ? { id, status: 'pass' }
      : { id, status: 'fail', got, expected };
  }
}

function isClose(got: number | null, expected: number | null, tolerance: number): boolean {
  if (got === null || expected === null) return got === expected;
  return Math.abs(got - expected) <= tolerance;
}

/** The tolerance a file states, as a number or in words ("abs 1e-6"): the strictest it names; 1e-6 where it names none. */
export function toleranceOf(stated: number | string | undefined): number {
  if (typeof stated === 'number') return stated;
  const named = [...(stated ?? '').matchAll(/\d+(?:\.\d+)?e-?\d+|0?\.\d+/gi)].map(([text]) => Number(text));
  return named.length === 0 ? 1e-6 : Math.min(...named);
}
