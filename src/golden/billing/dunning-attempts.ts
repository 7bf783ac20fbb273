import { z } from 'zod';
import type { Attempt, AttemptRequest } from '../../domain/recovery/attempt.ts';
import { planAttempt } from '../../domain/recovery/attempt-budget.ts';
import type { Decline } from '../../domain/recovery/classify-decline.ts';
import { VISA_NEVER } from '../../domain/recovery/network-codes.ts';
import {
  type AttemptRules,
  DEFAULT_ATTEMPT_RULES,
  type NetworkLimit,
  VISA_2026_04,
} from '../../domain/recovery/network-limits.ts';
import { rule } from './rule.ts';

const AT = Date.UTC(2026, 0, 31);
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** Whether a network lets a card be tried again after a code. */
export const forbiddenCode = rule(
  z.strictObject({ network: z.string(), response_code: z.string(), attempt: z.number().int().positive() }),
  ({ network, response_code, attempt }) => {
    const decline = { ...NO_CODES, network, networkDeclineCode: response_code };
    const history = attempts(attempt - 1, 30 * DAY_MS, decline);
    return { got: { allowed: planAttempt(history, requestOf(network), AT).allowed } };
  },
);

/** Whether one more attempt is left of a network's budget, by our caps and by Visa's of 2026. */
export const usedBudget = rule(
  z.strictObject({
    network: z.string(),
    category: z.number().int().optional(),
    attempts_in_30_days: z.number().int().nonnegative().optional(),
    attempts_in_24_hours: z.number().int().nonnegative().optional(),
    attempts_in_24h: z.number().int().nonnegative().optional(),
  }),
  (input) => {
    const { network, category } = input;
    const inADay = input.attempts_in_24_hours ?? input.attempts_in_24h;
    const inAMonth = input.attempts_in_30_days;
    if (inADay === undefined && inAMonth === undefined) {
      return { unsupported: 'the case does not say how many attempts there were' };
    }
    const code = category === 1 ? ([...VISA_NEVER][0] ?? null) : null;
    const decline = { ...NO_CODES, network, networkDeclineCode: code, declineCode: 'insufficient_funds' };
    const history =
      inADay === undefined
        ? attempts(inAMonth ?? 0, 29 * DAY_MS, decline)
        : attempts(inADay, 23 * HOUR_MS, decline);
    const next = (rules: AttemptRules) =>
      planAttempt(history, requestOf(network), AT, { ...rules, minimumGapMs: 0 }).allowed;
    const safe = next(DEFAULT_ATTEMPT_RULES);
    return {
      got: {
        allowed: safe,
        next_allowed: safe,
        next_allowed_safe_cap: safe,
        next_allowed_rule_2026_04: next({
          ...DEFAULT_ATTEMPT_RULES,
          limits: DEFAULT_ATTEMPT_RULES.limits.map((limit) => ruleOf2026(limit)),
        }),
      },
    };
  },
);

function ruleOf2026(limit: NetworkLimit): NetworkLimit {
  return limit.network === 'visa' ? VISA_2026_04 : limit;
}

export const NO_CODES: Decline = {
  method: 'card',
  network: null,
  adviceCode: null,
  networkAdviceCode: null,
  networkDeclineCode: null,
  declineCode: null,
};

/** As many declined attempts as said, spread over the time before `AT`, the last one as long ago as there are between two. */
function attempts(count: number, withinMs: number, decline: Decline): Attempt[] {
  return Array.from({ length: count }, (_, index) => ({
    id: `attempt ${index + 1}`,
    at: AT - Math.floor((withinMs * (count - index)) / count),
    fingerprint: 'card',
    amountMinor: 1000,
    currency: 'USD',
    invoiceId: null,
    by: 'schedule',
    outcome: 'declined',
    decline,
    reachedNetwork: true,
  }));
}

function requestOf(network: string): AttemptRequest {
  return {
    fingerprint: 'card',
    network,
    cardCountry: null,
    acquirerCountry: null,
    amountMinor: 1000,
    currency: 'USD',
    by: 'schedule',
    actedAt: null,
  };
}
