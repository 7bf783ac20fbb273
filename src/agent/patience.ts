import { setTimeout as sleep } from 'node:timers/promises';
import { asModelFailure, ModelFailure } from './model-failure.ts';
import type { ModelUsage } from './model-usage.ts';

/** What the model may be asked for in one turn, retries included. */
export interface TurnBudget {
  calls: number;
  /** Read and written together. */
  tokens: number;
  /** By `performance.now()`. */
  endsAt: number;
}

export const TURN_LIMITS = { calls: 10, tokens: 120_000, wallMs: 90_000 } as const;

export function newTurnBudget(): TurnBudget {
  const { calls, tokens, wallMs } = TURN_LIMITS;
  return { calls, tokens, endsAt: performance.now() + wallMs };
}

/** How waiting is done; tests do not wait. */
export interface Patience {
  pause(ms: number, signal: AbortSignal): Promise<void>;
  /** In [0, 1). */
  random(): number;
}

export const realPatience: Patience = {
  pause: async (ms, signal) => {
    await sleep(ms, undefined, { signal });
  },
  random: Math.random,
};

/** Attempts in all, by how a call failed. What is refused or endless will be so again. */
const ATTEMPTS = { busy: 3, down: 3, cut: 3, refused: 1, endless: 1, spent: 1 } as const;
const FIRST_WAIT_MS = 500;
/** A server that wants a longer pause is not waited for while somebody is. */
const LONGEST_WAIT_MS = 10_000;

/**
 * Asks until there is an answer, attempts are used up, or the turn's budget is. Counts every call and what it took in
 * `usage`.
 * @throws ModelFailure; whatever `signal` was aborted with.
 */
export async function askPatiently<T>(
  once: (signal: AbortSignal) => Promise<T>,
  parts: {
    usage: ModelUsage;
    budget: TurnBudget;
    signal: AbortSignal;
    patience: Patience;
    onFailure(failure: ModelFailure, attempt: number): void;
  },
): Promise<T> {
  const { usage, budget, signal, patience } = parts;
  for (let attempt = 1; ; attempt += 1) {
    const leftMs = leftOf(budget, usage);
    const startedAt = performance.now();
    usage.calls += 1;
    try {
      return await once(AbortSignal.any([signal, AbortSignal.timeout(leftMs)]));
    } catch (error) {
      signal.throwIfAborted();
      usage.failures += 1;
      const failure = asModelFailure(error);
      parts.onFailure(failure, attempt);
      if (attempt >= ATTEMPTS[failure.kind]) throw failure;
      const waitMs = waitBefore(failure, attempt, patience.random());
      if (waitMs > LONGEST_WAIT_MS || waitMs >= budget.endsAt - performance.now()) throw failure;
      await patience.pause(waitMs, signal);
    } finally {
      usage.latencyMs += Math.round(performance.now() - startedAt);
    }
  }
}

/** Milliseconds left to this turn. @throws ModelFailure `spent`. */
function leftOf(budget: TurnBudget, usage: ModelUsage): number {
  const leftMs = Math.floor(budget.endsAt - performance.now());
  if (usage.calls >= budget.calls) throw new ModelFailure('spent', `more than ${budget.calls} calls`);
  if (usage.inputTokens + usage.outputTokens >= budget.tokens)
    throw new ModelFailure('spent', `more than ${budget.tokens} tokens`);
  if (leftMs <= 0) throw new ModelFailure('spent', 'no time is left');
  return leftMs;
}

/** As long as the server asks, else doubling, with jitter of a half. */
function waitBefore(failure: ModelFailure, attempt: number, random: number): number {
  if (failure.retryAfterMs !== null) return failure.retryAfterMs;
  return FIRST_WAIT_MS * 2 ** (attempt - 1) * (0.5 + random / 2);
}
