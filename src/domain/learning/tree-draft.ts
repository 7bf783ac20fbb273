import { type NodeSums, nodeValue, type Split } from './best-split.ts';
import type { BinnedTable } from './bins.ts';
import type { Tree } from './tree.ts';

/** A tree while it grows. */
export class TreeDraft {
  readonly value: number[] = [];
  readonly #cover: number[] = [];
  readonly #feature: number[] = [];
  readonly #threshold: number[] = [];
  readonly #missingLeft: number[] = [];
  readonly #left: number[] = [];
  readonly #right: number[] = [];

  add(sums: NodeSums, l2: number): number {
    this.value.push(nodeValue(sums, l2));
    this.#cover.push(sums.hessian);
    this.#feature.push(-1);
    this.#threshold.push(0);
    this.#missingLeft.push(0);
    this.#left.push(0);
    this.#right.push(0);
    return this.value.length - 1;
  }

  split(id: number, split: Split, { edges }: BinnedTable, l2: number): { left: number; right: number } {
    const ids = { left: this.add(split.left, l2), right: this.add(split.right, l2) };
    this.#feature[id] = split.feature;
    // Behind the last cut everything that is there goes left, and only what is missing right.
    this.#threshold[id] = edges[split.feature]?.[split.bin] ?? Number.MAX_VALUE;
    this.#missingLeft[id] = split.missingLeft ? 1 : 0;
    this.#left[id] = ids.left;
    this.#right[id] = ids.right;
    return ids;
  }

  tree(): Tree {
    return {
      feature: Int32Array.from(this.#feature),
      threshold: Float64Array.from(this.#threshold),
      missingLeft: Uint8Array.from(this.#missingLeft),
      left: Int32Array.from(this.#left),
      right: Int32Array.from(this.#right),
      value: Float64Array.from(this.value),
      cover: Float64Array.from(this.#cover),
    };
  }
}
