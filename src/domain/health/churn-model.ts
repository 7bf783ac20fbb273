import type { Score } from './score.ts';

/** A calibrated probability that an account leaves within the model's horizon, and what it is made of. */
export interface ChurnChance {
  /** 0 to 1. */
  probability: number;
  horizonDays: number;
  contributions: readonly { feature: string; amount: number }[];
  /** Name and version of the model. */
  model: string;
}

/** A trained model, where there is one. Where there is none, nothing of it is shown. */
export interface ChurnModel {
  /** Null where the features do not suffice. */
  score(features: Score['parts']): ChurnChance | null;
}
