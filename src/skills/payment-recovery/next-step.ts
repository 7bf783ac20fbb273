import type { Dunning, FailingCustomer } from '../../domain/recovery/desk.ts';
import { type DunningPlan, planDunning } from '../../domain/recovery/dunning.ts';
import type { LadderStep } from '../../domain/recovery/ladder.ts';
import { DEFAULT_RETRIES, planRecovery, type RecoveryState } from '../../domain/recovery/recovery.ts';
import type { RetryCustomer } from '../../domain/recovery/retry-time.ts';
import type { SegmentTimes, TimedOutcome } from '../../domain/recovery/times.ts';
import type { Customer, Json } from '../../domain/types.ts';
import { UserError } from '../../lib/errors.ts';
import { type Chargeable, chargeable, decisionOf } from '../../tools/recovery/chargeable.ts';
import { dunningStateOf } from '../../tools/recovery/dunning-state.ts';
import type { SkillContext } from '../define-skill.ts';

/** A charge whose best hour lies in what is left of the working day is proposed in the morning. */
const TODAY_MS = 12 * 3_600_000;

export type NextStep =
  /** A row of the card. */
  | { kind: 'act'; act: Act; input: { [key: string]: Json } }
  /** Something people do themselves. */
  | { kind: 'task'; step: string; words: string }
  | { kind: 'held'; why: string }
  | { kind: 'wait' };
export type Act = 'retry' | 'mail' | 'restrict' | 'rehearse';

/** What times of payment taught: of this customer, and of all. */
export interface Times {
  outcomes: readonly TimedOutcome[];
  all: SegmentTimes;
}

/** The one thing to do today for a customer who owes after a failed payment. Changes nothing. */
export async function nextStep(
  customer: Customer,
  failing: FailingCustomer,
  dunning: Dunning,
  times: Times,
  ctx: SkillContext,
): Promise<NextStep> {
  const now = ctx.clock.now();
  const state = await dunningStateOf(dunning, failing, ctx);
  const charge = await chargeToTry(failing, ctx);
  if (charge === null) return stepOf(planDunning(state, now), customer, failing);
  const recovery: RecoveryState = {
    dunning: state,
    charge,
    customer: retryCustomer(customer, times.outcomes, ctx.company.tz),
    segment: times.all,
    retries: DEFAULT_RETRIES,
  };
  const plan = planRecovery(recovery, now);
  const later =
    plan.kind === 'wait' && plan.untilAt <= now + TODAY_MS ? planRecovery(recovery, plan.untilAt) : plan;
  const retries = later.kind === 'retry' && decisionOf(charge, now).allowed;
  if (retries) return { kind: 'act', act: 'retry', input: { invoice: charge.invoice.id } };
  if (plan.kind === 'retry' || plan.kind === 'await_answer') return { kind: 'wait' };
  return stepOf(plan, customer, failing);
}

/** The oldest failed payment as a charge of the schedule's; null where there is no card that could be charged. */
async function chargeToTry(failing: FailingCustomer, ctx: SkillContext): Promise<Chargeable | null> {
  const [first] = failing.invoices;
  if (first === undefined) return null;
  try {
    const charge = await chargeable(first.id, ctx);
    return { ...charge, request: { ...charge.request, by: 'schedule' } };
  } catch (error) {
    if (error instanceof UserError) return null;
    throw error;
  }
}

function retryCustomer(customer: Customer, outcomes: readonly TimedOutcome[], tz: string): RetryCustomer {
  const european = /^(?:EU|EMEA|Europe)/i.test(customer.region);
  return { tz, holidays: customer.country === 'US' ? 'US' : european ? 'EU' : null, outcomes };
}

const HELD: Readonly<Record<string, string>> = {
  dispute: 'a payment is disputed',
  incident: 'an incident of ours is open',
  person: 'somebody paused it',
  opted_out: 'they asked not to be contacted',
};

function stepOf(plan: DunningPlan, customer: Customer, failing: FailingCustomer): NextStep {
  switch (plan.kind) {
    case 'hold':
      return { kind: 'held', why: HELD[plan.why] ?? plan.why };
    case 'stop':
      return plan.why === 'paid' ? { kind: 'wait' } : { kind: 'held', why: HELD[plan.why] ?? plan.why };
    case 'contact':
      return contact(plan.step, customer, failing);
    case 'rehearse':
      return { kind: 'act', act: 'rehearse', input: { customer: customer.id } };
    case 'restrict':
      return { kind: 'act', act: 'restrict', input: { customer: customer.id, level: plan.level } };
    case 'wait':
      return { kind: 'wait' };
    case 'end':
      return {
        kind: 'task',
        step: END_STEP,
        words: 'their ladder is at its end: decide about the subscription',
      };
  }
}

/** Said once. */
export const END_STEP = 'end';

const TASKS: Readonly<Record<Exclude<LadderStep['channel'], 'email'>, string>> = {
  in_app: 'show the notice about the payment in the product',
  slack_task: 'have a look, whoever knows them',
  sms_task: 'text them',
  phone_task: 'call them',
};

function contact(step: LadderStep, customer: Customer, failing: FailingCustomer): NextStep {
  if (step.channel === 'email') {
    // Without a page to pay on there is nothing to send them to.
    if (failing.invoices.every(({ hostedUrl }) => hostedUrl === null)) return { kind: 'wait' };
    return { kind: 'act', act: 'mail', input: { customer: customer.id, step: step.id } };
  }
  return { kind: 'task', step: step.id, words: `${TASKS[step.channel]} (${step.tone})` };
}
