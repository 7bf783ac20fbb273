import { dollars } from './policy/model-rules.ts';

/** One turn, or one other thing, that a language model was asked for. */
export interface ModelUseRecord {
  /** The turn's id; recorded again under the same id, the counts add up. */
  id: string;
  teamId: string;
  /** Who asked; null where Psi asked for itself. */
  userId: string | null;
  purpose: 'turn' | 'briefing';
  model: string;
  /** Of the prompts it was asked with. */
  promptHash: string;
  /** `fallback`: the rules answered in the end. */
  outcome: 'answered' | 'fallback';
  /** Calls made, and of those how many failed. */
  calls: number;
  failures: number;
  inputTokens: number;
  cachedTokens: number;
  outputTokens: number;
  /** Millionths of a US dollar; null where the model's price is unknown. */
  costMicros: number | null;
  /** Spent waiting for the model. */
  latencyMs: number;
  at: number;
}

/** Sums over some time, of one model or one person. */
export interface ModelUseSum {
  model: string;
  userId: string | null;
  turns: number;
  fallbacks: number;
  calls: number;
  failures: number;
  inputTokens: number;
  cachedTokens: number;
  outputTokens: number;
  /** Of the turns whose price is known. */
  costMicros: number;
  /** Turns of which nobody can tell what they cost. */
  unpriced: number;
  latencyMs: number;
}

/** What models were used for, and what it cost. */
export interface ModelUseLedger {
  record(use: ModelUseRecord): Promise<void>;
  /** A row a model and person, from `sinceAt` on; of one workspace where it is named. */
  sums(filter: { teamId?: string; sinceAt: number }): Promise<ModelUseSum[]>;
}

/** "12 questions, 48,120 tokens, $0.13"; a cost that nobody knows is said to be unknown. */
export function usedWords(sums: readonly ModelUseSum[]): string {
  const turns = total(sums, (sum) => sum.turns);
  if (turns === 0) return 'not used';
  const unpriced = total(sums, (sum) => sum.unpriced);
  const known = dollars(total(sums, (sum) => sum.costMicros));
  const cost =
    unpriced === 0
      ? known
      : unpriced === turns
        ? 'cost unknown'
        : `${known} and an unknown cost of ${unpriced}`;
  return `${counted(turns, 'question')}, ${tokensOf(sums).toLocaleString('en-US')} tokens, ${cost}`;
}

export function tokensOf(sums: readonly ModelUseSum[]): number {
  return total(sums, (sum) => sum.inputTokens + sum.outputTokens);
}

export function total(sums: readonly ModelUseSum[], of: (sum: ModelUseSum) => number): number {
  return sums.reduce((all, sum) => all + of(sum), 0);
}

export function counted(count: number, one: string): string {
  return `${count.toLocaleString('en-US')} ${one}${count === 1 ? '' : 's'}`;
}
