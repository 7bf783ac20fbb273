const MOST_STEPS = 100;
const MOST_HALVINGS = 30;
/** Relative changes of the value below this are rounding. */
const ROUNDING = 1e-13;

export interface Maximum<L> {
  at: L;
  theta: readonly number[];
  /** False where the value still rose after the last step: it may have no maximum. */
  converged: boolean;
}

/**
 * Newton's method towards the maximum of `evaluate(theta).value`, from a place already evaluated: a step that would
 * lower the value is halved. `direction` is Newton's step at a place.
 */
export function climb<L extends { value: number }>(
  start: { theta: readonly number[]; at: L },
  evaluate: (theta: readonly number[]) => L,
  direction: (at: L) => readonly number[],
): Maximum<L> {
  let { theta, at } = start;
  for (let step = 0; step < MOST_STEPS; step += 1) {
    const way = direction(at);
    const slack = ROUNDING * Math.abs(at.value);
    let next = moved(theta, way, 1);
    let reached = evaluate(next);
    for (let halving = 1; halving <= MOST_HALVINGS && !(reached.value >= at.value - slack); halving += 1) {
      next = moved(theta, way, 2 ** -halving);
      reached = evaluate(next);
    }
    if (!(reached.value >= at.value - slack)) return { at, theta, converged: true };
    const gain = reached.value - at.value;
    [theta, at] = [next, reached];
    if (gain <= slack) return { at, theta, converged: true };
  }
  return { at, theta, converged: false };
}

function moved(theta: readonly number[], way: readonly number[], share: number): number[] {
  return theta.map((value, at) => value + share * (way[at] ?? 0));
}
