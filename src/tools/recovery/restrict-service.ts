import { z } from 'zod';
import type { Plan } from '../../domain/approvals/plan.ts';
import { SERVICE_LEVELS } from '../../domain/billing/gateways.ts';
import { namedCustomer, pointedRecord } from '../../domain/language/match-words.ts';
import type { Reading, Utterance } from '../../domain/language/utterance.ts';
import { dateAt } from '../../domain/periods/calendar.ts';
import { RESTRICTIONS, type Restriction } from '../../domain/recovery/ladder.ts';
import { planRestriction, RESTRICTION_EFFECTS } from '../../domain/recovery/restriction.ts';
import type { Customer } from '../../domain/types.ts';
import { UserError } from '../../lib/errors.ts';
import { type Applied, defineTool } from '../define-tool.ts';
import { customerInput } from '../inputs.ts';
import { orderIn } from '../request-wording.ts';
import { sayMoneys, totals } from '../wording.ts';
import { changeService, LEVEL_WORDS } from './change-service.ts';
import { recoverySegmentOf } from './customer-segment.ts';
import { dunningStateOf, holdWords } from './dunning-state.ts';

const input = z.strictObject({
  customer: customerInput,
  level: z
    .enum(RESTRICTIONS)
    .optional()
    .describe('How far, now; left out: the steps of their plan, each on its day'),
});

export default defineTool({
  name: 'restrict_service',
  description:
    'Proposes limiting the API for a customer who owes after a failed payment: warned, throttled, read_only or suspended. The card rehearses what happens and when. It only proposes: people approve. Not for customers who owe nothing, and not for cancelling a subscription.',
  scope: 'billing:write',
  effect: 'consequential',
  about: ['service', 'access', 'restriction'],
  movesMoney: false,
  input,
  examples: [
    { say: "throttle Acme's API", input: { customer: 'Acme', level: 'throttled' } },
    { say: "suspend Acme's API access", input: { customer: 'Acme', level: 'suspended' } },
    { say: "restrict Acme's service", input: { customer: 'Acme' } },
  ],
  recognize,
  async plan(wanted, ctx) {
    await ctx.sources.refresh(['stripe', 'psizero']);
    const customer = await ctx.customers.resolve(wanted.customer);
    const [failing] = await ctx.recovery.failing(customer.id);
    if (failing === undefined)
      throw new UserError('conflict', `${customer.name} owes nothing after a failed payment.`);
    const service = await ctx.recovery.service.getService(customer.id);
    const dunning = await ctx.recovery.dunningOf(customer.id);
    const ladder = dunning?.ladder ?? (await recoverySegmentOf(customer, ctx));
    const openedAt = dunning?.openedAt ?? failing.invoices[0]?.firstFailedAt ?? ctx.clock.now();
    const state = await dunningStateOf({ customerId: customer.id, openedAt, ladder }, failing, ctx);
    const why = holdWords(state, ctx.clock.now());
    if (why !== null) throw new UserError('conflict', `${customer.name} is not restricted now: ${why}.`);
    const owed = sayMoneys(totals(failing.invoices.map(({ remaining }) => remaining)));
    const steps = planRestriction(state, ctx.clock.now());
    if (wanted.level !== undefined) {
      if (SERVICE_LEVELS.indexOf(wanted.level) <= SERVICE_LEVELS.indexOf(service.level))
        throw new UserError('conflict', `${customer.name} is ${LEVEL_WORDS[service.level]} already.`);
      return levelPlan({ customer, level: wanted.level, before: service.level, owed, ladder: state.ladder });
    }
    if (steps.length === 0)
      throw new UserError('conflict', `${customer.name} is restricted as far as it goes.`);
    return rehearsalPlan({
      ...{ customer, owed, before: service.level },
      steps: steps.map(({ at, ...step }) => ({ ...step, day: dateAt(at, ctx.company.tz).toString() })),
    });
  },
  async apply(plan, ctx, effects): Promise<Applied> {
    const facts = factsSchema.parse(plan.facts);
    const name = plan.customer?.name ?? 'the customer';
    if (facts.level === null) {
      // Nothing changes outside yet: each step is proposed on its day.
      await ctx.recovery.note(facts.customerId, APPROVED);
      return { summary: `The steps for ${name} may begin; each is proposed on its day.`, result: {} };
    }
    const { customerId, level } = facts;
    await changeService({ customerId, level, reason: facts.reason }, ctx, effects);
    return { summary: `${name} is ${LEVEL_WORDS[level]} now.`, result: { level } };
  },
});

const APPROVED = { kind: 'rehearsal_approved', step: null, untilAt: null, by: 'approval' } as const;

const factsSchema = z.object({
  customerId: z.string(),
  level: z.enum(RESTRICTIONS).nullable(),
  reason: z.string(),
});

const REVERSIBLE = {
  possible: true,
  how: 'Full service can be given back at any time, and is once they pay.',
};

function levelPlan(found: {
  customer: Customer;
  level: Restriction;
  before: (typeof SERVICE_LEVELS)[number];
  owed: string;
  ladder: { creditBlocked: string; creditedLevels: readonly Restriction[] };
}): Plan {
  const { customer, level, before, owed, ladder } = found;
  const credited = ladder.creditBlocked !== 'never' && ladder.creditedLevels.includes(level);
  return {
    title: `Set ${customer.name} to ${LEVEL_WORDS[level]}`,
    subject: { kind: 'customer', id: customer.id },
    customer: { id: customer.id, name: customer.name },
    changes: [
      { what: 'API', before: LEVEL_WORDS[before], after: LEVEL_WORDS[level] },
      { what: 'What happens', before: '', after: RESTRICTION_EFFECTS[level] },
      { what: 'They owe', before: '', after: owed },
      { what: 'Once they pay', before: '', after: afterPaying(credited) },
    ],
    touches: [`Everybody at ${customer.name} who uses the API notices it at once`],
    amount: null,
    policyAmount: null,
    reversible: REVERSIBLE,
    warnings: level === 'suspended' ? ['All of their calls are refused from then on.'] : [],
    facts: { customerId: customer.id, level, before, reason: `Payment failed, ${owed} open` },
  };
}

function afterPaying(credited: boolean): string {
  const back = 'full service is given back at once';
  return credited ? `${back}, and blocked time is credited` : back;
}

interface RehearsedStep {
  level: Restriction;
  day: string;
  effect: string;
  credited: boolean;
}

function rehearsalPlan(found: {
  customer: Customer;
  before: (typeof SERVICE_LEVELS)[number];
  owed: string;
  steps: RehearsedStep[];
}): Plan {
  const { customer, before, owed, steps } = found;
  return {
    title: `Restrict ${customer.name} step by step while ${owed} is open`,
    subject: { kind: 'customer', id: customer.id },
    customer: { id: customer.id, name: customer.name },
    changes: [
      { what: 'API today', before: LEVEL_WORDS[before], after: LEVEL_WORDS[before] },
      ...steps.map((step) => ({
        what: `From ${step.day}`,
        before: '',
        after: `${LEVEL_WORDS[step.level]}: ${step.effect}${step.credited ? ' Credited once they pay.' : ''}`,
      })),
    ],
    touches: ['Nobody outside yet: this is the rehearsal, and each step is proposed again on its day'],
    amount: null,
    policyAmount: null,
    reversible: { possible: true, how: 'Payment stops it, and so does anybody who pauses the recovery.' },
    warnings: [],
    facts: {
      customerId: customer.id,
      level: null,
      before,
      reason: `Payment failed, ${owed} open`,
      steps: steps.map(({ level, day }) => ({ level, day })),
    },
  };
}

const ORDER =
  /^(?:restrict|limit|throttle|suspend|block|cut off|shut off|slow down|disable|turn off|warn|make\b.*\bread only|set\b.*\b(?:read only|throttled|suspended|warned))\b/;
const ABOUT =
  /\b(?:service|access|api|read only|paying|payment|throttled|suspended|warned|restrict|throttle|suspend|account|usage|for (?:not|non)|unpaid|overdue|owe|owes)\b/;
const UNCLEAR = /\b(?:all|every|everyone|everybody|both|each|except|or|user|users|member|email|emails)\b/;

function levelIn(order: string): Restriction | null {
  if (/\b(?:suspend|suspended|block|cut off|shut off|disable|turn off)\b/.test(order)) return 'suspended';
  if (/\bread only\b/.test(order)) return 'read_only';
  if (/\b(?:throttle|throttled|slow down)\b/.test(order)) return 'throttled';
  return /\b(?:warn|warned)\b/.test(order) ? 'warned' : null;
}

function recognize(utterance: Utterance): Reading[] {
  const order = orderIn(utterance)?.replaceAll('-', ' ') ?? null;
  if (order === null || !ORDER.test(order) || !ABOUT.test(order)) return [];
  const customer = namedCustomer(utterance);
  const pointed = customer === null && utterance.customers.length === 0 ? pointedRecord(utterance) : null;
  const id = customer?.id ?? pointed?.customerId;
  const unsure: Reading[] = [{ input: {}, confidence: 0.5, interpretation: "Limit a customer's API" }];
  if (id === undefined || UNCLEAR.test(order) || utterance.customers.length > 1) return unsure;
  const level = levelIn(order);
  const name = customer?.name ?? pointed?.label ?? 'them';
  const how = level === null ? 'step by step' : `to ${LEVEL_WORDS[level]}`;
  return [
    {
      input: { customer: id, ...(level === null ? {} : { level }) },
      confidence: 0.9,
      interpretation: `Limit ${name}'s API ${how}`,
    },
  ];
}
