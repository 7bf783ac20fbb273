import { childOf, type Tree } from './tree.ts';

/** A feature on the way to a node: the shares of rows that pass with it unknown and known, and the ways' weight. */
interface Step {
  feature: number;
  unknown: number;
  known: number;
  weight: number;
}

/** What a tree says on average of the rows it was grown on. */
export function expectedValue(tree: Tree): number {
  const below = (node: number): number => {
    if ((tree.feature[node] ?? -1) < 0) return (tree.value[node] ?? 0) * (tree.cover[node] ?? 0);
    return below(tree.left[node] ?? 0) + below(tree.right[node] ?? 0);
  };
  return below(0) / (tree.cover[0] ?? 1);
}

/**
 * Adds to `into`, by feature, what each contributes to a tree's value of one row: exact Shapley values of the game in
 * which an unknown feature splits rows as in training (Lundberg, Erion and Lee, 2018, algorithm 2). With
 * `expectedValue` they add up to the tree's value.
 */
export function addTreeContributions(tree: Tree, row: ArrayLike<number>, into: Float64Array): void {
  const visit = (node: number, path: readonly Step[], unknown: number, known: number, feature: number) => {
    const steps = extend(path, unknown, known, feature);
    const asked = tree.feature[node] ?? -1;
    if (asked < 0) {
      const value = tree.value[node] ?? 0;
      for (let at = 1; at < steps.length; at += 1) {
        const step = steps[at];
        if (step === undefined) continue;
        const share = weightWithout(steps, at) * (step.known - step.unknown) * value;
        into[step.feature] = (into[step.feature] ?? 0) + share;
      }
      return;
    }
    const hot = childOf(tree, node, row[asked] ?? Number.NaN);
    const cold = hot === tree.left[node] ? (tree.right[node] ?? 0) : (tree.left[node] ?? 0);
    const before = steps.findIndex((step, at) => at > 0 && step.feature === asked);
    const met = steps[before];
    const rest = met === undefined ? steps : unwind(steps, before);
    const [wasUnknown, wasKnown] = [met?.unknown ?? 1, met?.known ?? 1];
    const shareOf = (child: number) => (tree.cover[child] ?? 0) / (tree.cover[node] ?? 1);
    visit(hot, rest, wasUnknown * shareOf(hot), wasKnown, asked);
    visit(cold, rest, wasUnknown * shareOf(cold), 0, asked);
  };
  visit(0, [], 1, 1, -1);
}

function extend(path: readonly Step[], unknown: number, known: number, feature: number): Step[] {
  const steps = path.map((step) => ({ ...step }));
  const length = steps.length;
  steps.push({ feature, unknown, known, weight: length === 0 ? 1 : 0 });
  for (let at = length - 1; at >= 0; at -= 1) {
    const [step, next] = [steps[at], steps[at + 1]];
    if (step === undefined || next === undefined) continue;
    next.weight += (known * step.weight * (at + 1)) / (length + 1);
    step.weight = (unknown * step.weight * (length - at)) / (length + 1);
  }
  return steps;
}

/** The path as if the step at `index` had never been taken. */
function unwind(steps: readonly Step[], index: number): Step[] {
  const weights = weightsWithout(steps, index);
  return steps.filter((_, at) => at !== index).map((step, at) => ({ ...step, weight: weights[at] ?? 0 }));
}

function weightWithout(steps: readonly Step[], index: number): number {
  return weightsWithout(steps, index).reduce((sum, weight) => sum + weight, 0);
}

function weightsWithout(steps: readonly Step[], index: number): number[] {
  const last = steps.length - 1;
  const { unknown, known } = steps[index] ?? { unknown: 1, known: 1 };
  const weights = steps.slice(0, last).map(({ weight }) => weight);
  let ahead = steps[last]?.weight ?? 0;
  for (let at = last - 1; at >= 0; at -= 1) {
    const own = steps[at]?.weight ?? 0;
    if (known !== 0) {
      const weight = (ahead * (last + 1)) / ((at + 1) * known);
      weights[at] = weight;
      ahead = own - (weight * unknown * (last - at)) / (last + 1);
    } else weights[at] = (own * (last + 1)) / (unknown * (last - at));
  }
  return weights;
}
