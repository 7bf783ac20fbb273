import { z } from 'zod';
import { exact, multiply } from '../../domain/money/exact.ts';
import { majorUnits } from '../../domain/money/format.ts';
import { type CampaignState, runCampaign } from '../../domain/recovery/campaign.ts';
import { classifyDecline } from '../../domain/recovery/classify-decline.ts';
import {
  blockedCredit,
  CLEAR,
  OverdueState,
  overdueState,
  STRIPE_SCHEDULES,
  SUBSCRIPTION_END,
} from '../../domain/recovery/overdue.ts';
import { chargedPlace } from '../../domain/recovery/payment-methods.ts';
import type { Json } from '../../domain/types.ts';
import type { CaseResult } from '../result.ts';
import { forbiddenCode, NO_CODES, usedBudget } from './dunning-attempts.ts';
import type { BillingCase } from './file.ts';
import { judge } from './judge.ts';
import { type Answer, type Rule, rule } from './rule.ts';

const overdueByAge = rule(
  z.strictObject({ states: z.array(OverdueState), days_since_earliest_unpaid_invoice: z.number().int() }),
  ({ states, days_since_earliest_unpaid_invoice: days }) => {
    const state = overdueState(states, days);
    return {
      got: {
        state: state?.name ?? CLEAR,
        changes_blocked: state?.changes_blocked ?? false,
        service_blocked: state?.service_blocked ?? false,
      },
    };
  },
);

/** What was blocked stands in the note of the case, in words: days, price of the month, days of the month. */
const BLOCKED = /(\d+)-(\d+) \w+ of an? ([\d.]+) \/ (\d+)-day month/;

const restored = rule(
  z.strictObject({ state: z.string(), all_invoices_paid: z.boolean() }),
  ({ state, all_invoices_paid: paid }, golden) => {
    const got: Record<string, Json> = { state: paid ? CLEAR : state, immediately: paid };
    if (!('repair_credit' in golden.expected)) return { got };
    const note = z.string().catch('').parse(golden.note);
    const blocked = BLOCKED.exec(note);
    if (!blocked) return { unsupported: 'the case does not say for how long what was blocked' };
    const [first, last, days] = [Number(blocked[1]), Number(blocked[2]), Number(blocked[4])];
    const priceMinor = multiply(exact(blocked[3] ?? '0'), exact(100n));
    const credit = paid ? blockedCredit(priceMinor, { blocked: last - first, ofPeriod: days }) : 0n;
    return { got: { ...got, repair_credit: majorUnits(credit, 'USD') } };
  },
);

const campaign = rule(
  z.strictObject({
    max_attempts: z.number().int().positive(),
    days_between: z.number().nonnegative(),
    thresholds_minor: z.record(z.string(), z.number().int()),
    overdue: z.array(z.tuple([z.string(), z.string(), z.number().int()])),
    runs: z.array(z.string()),
  }),
  (input) => {
    const settings = {
      maxAttempts: input.max_attempts,
      daysBetween: input.days_between,
      thresholdsMinor: input.thresholds_minor,
    };
    const overdue = input.overdue.map(([from, currency, minor]) => ({
      fromAt: instant(from),
      currency,
      minor,
    }));
    let state: CampaignState = { attempts: {}, lastAttemptAt: null };
    let finished: number | null = null;
    const after: Record<string, number>[] = [];
    for (const [index, run] of input.runs.entries()) {
      const at = instant(run);
      const result = runCampaign(
        settings,
        state,
        overdue.filter(({ fromAt }) => fromAt <= at),
        at,
      );
      state = result.state;
      if (result.finished && finished === null) finished = index + 1;
      after.push({ ...state.attempts });
    }
    const total = Object.values(state.attempts).reduce((sum, count) => sum + count, 0);
    return {
      got: { attempts_after_run: after, finished_event_after_run: finished, payment_requests_total: total },
    };
  },
);

function instant(text: string): number {
  return Date.parse(text.includes('T') ? `${text}Z` : `${text}T00:00Z`);
}

const stripeSchedule = rule(z.strictObject({ policy: z.string() }), ({ policy }): Answer => {
  const { smart, custom } = STRIPE_SCHEDULES;
  if (/smart/i.test(policy)) {
    return { got: { max_tries: smart.maxTries, within_days: smart.withinDays, windows: [...smart.windows] } };
  }
  if (/custom/i.test(policy)) return { got: { max_retries: custom.maxRetries } };
  return { unsupported: `no retry schedule is called "${policy}"` };
});

const heldRetry = rule(
  z.strictObject({ decline_code: z.string(), new_payment_method: z.boolean() }),
  ({ decline_code, new_payment_method }) => {
    const means = classifyDecline({ ...NO_CODES, declineCode: decline_code });
    return {
      got: { attempt_count_increments: true, charge_created: new_payment_method || !means.heldByStripe },
    };
  },
);

const methodOrder = rule(z.strictObject({ sources: z.array(z.string()) }), ({ sources }) => ({
  got: { used: chargedPlace(new Set(sources)) },
}));

const subscriptionEnd = rule(
  z.strictObject({ setting: z.enum(['leave', 'cancel', 'mark_unpaid']) }),
  ({ setting }) => ({ got: { subscription_status: SUBSCRIPTION_END[setting] } }),
);

const RULES: readonly Rule[] = [
  overdueByAge,
  restored,
  campaign,
  stripeSchedule,
  heldRetry,
  methodOrder,
  subscriptionEnd,
  forbiddenCode,
  usedBudget,
];

/** A case of recovery. It passes when every figure it expects is ours. */
export function runDunningCase(golden: BillingCase): CaseResult {
  const { id, expected } = golden;
  for (const { answer } of RULES) {
    const result = answer(golden);
    if (result === null) continue;
    if ('unsupported' in result) return { id, status: 'unsupported', reason: result.unsupported };
    return judge(id, result.got, expected);
  }
  const keys = Object.keys(golden.input).join(', ') || 'nothing';
  return { id, status: 'unsupported', reason: `no dunning rule reads a case that gives ${keys}` };
}
