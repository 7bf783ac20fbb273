import { z } from 'zod';
import type { BillingConventions } from '../../domain/billing/conventions.ts';
import { dropDuplicates } from '../../domain/billing/metering/duplicates.ts';
import { planLateUsage } from '../../domain/billing/metering/late-usage.ts';
import { ratePrice } from '../../domain/billing/rating/rate-price.ts';
import { exact, subtract } from '../../domain/money/exact.ts';
import type { Json } from '../../domain/types.ts';
import type { CaseResult } from '../result.ts';
import { scaleOf } from './amounts.ts';
import { Amount, CasePrice, readCasePrice } from './case-price.ts';
import { type Answers, judge } from './compare.ts';
import { conventionsOf } from './conventions.ts';
import type { BillingCase } from './file.ts';
import { priceWith } from './tier.ts';

/** A period rated again and again: the usage so far of each part of it, as each run knew it. */
const RunsInput = z.looseObject({
  price: CasePrice,
  cumulative_usage_per_run: z.array(z.array(Amount).min(1)),
});

const RerunInput = CasePrice.extend({ quantity: Amount, already_invoiced: Amount });

const EventsInput = z.looseObject({
  events: z.array(
    z.looseObject({
      id: z.string(),
      source: z.string().default('case'),
      type: z.string().default('case'),
      subscription: z.string().default('case'),
      timestamp: z.string().optional(),
      received: z.string().optional(),
    }),
  ),
});

/** Words of an input that tells of an event and of a second one with its key. */
const SECOND = /^second_|_apart$|_later$/;

const AgeInput = z.looseObject({ age_days: z.number() });

const MINUTE = 60_000;
const DAY = 1_440 * MINUTE;
const NOW = Date.UTC(2026, 0, 1);

/** Cases of kind `late-event`, by the shape of their input. */
export function runLateEventCase(golden: BillingCase): CaseResult {
  const { id } = golden;
  const held = conventionsOf(golden);
  if ('unsupported' in held) return { id, status: 'unsupported', reason: held.unsupported };
  const answers = answersTo(golden, held.conventions);
  if ('reason' in answers) return { id, status: 'unsupported', reason: answers.reason };
  return judge(golden, answers.found);
}

type Found = { found: Answers } | { reason: string };

function answersTo({ input, expected }: BillingCase, conventions: BillingConventions): Found {
  const runs = RunsInput.safeParse(input);
  if (runs.success) return billedPerRun(runs.data, conventions);
  const rerun = RerunInput.safeParse(input);
  if (rerun.success) return newItem(rerun.data, conventions);
  const events = EventsInput.safeParse(input);
  if (events.success) return { found: { accepted: acceptedOf(events.data, conventions) } };
  if (Object.keys(input).some((name) => SECOND.test(name))) {
    return { found: { result: worded(isSecondAccepted(input, conventions), expected.result) } };
  }
  const age = AgeInput.safeParse(input);
  if (age.success) {
    return { found: { result: worded(isAccepted(age.data.age_days, conventions), expected.result) } };
  }
  return { reason: 'its input is no run of a period, no events and no age' };
}

/** Each run owes what the period comes to by then, less what earlier runs billed; the last run closes it. */
function billedPerRun(
  { price, cumulative_usage_per_run: runs }: z.infer<typeof RunsInput>,
  conventions: BillingConventions,
): Found {
  const scale = scaleOf(price.unit, price.currency);
  const pricing = readCasePrice(price, scale);
  if ('unsupported' in pricing) return { reason: pricing.unsupported };
  let billed = 0n;
  const perRun = runs.map((usage, run) => {
    const closes = run === runs.length - 1;
    const quantity = exact(usage.at(-1) ?? '0');
    const { totalMinor } = ratePrice(priceWith(price, pricing, scale), quantity, conventions, { closes });
    const difference = totalMinor - billed;
    billed = totalMinor;
    return scale.fromMinor(exact(difference));
  });
  return { found: { billed_per_run: perRun } };
}

function newItem(input: z.infer<typeof RerunInput>, conventions: BillingConventions): Found {
  const scale = scaleOf(input.unit, input.currency);
  const pricing = readCasePrice(input, scale);
  if ('unsupported' in pricing) return { reason: pricing.unsupported };
  const { totalMinor } = ratePrice(priceWith(input, pricing, scale), exact(input.quantity), conventions);
  const difference = subtract(exact(totalMinor), scale.toMinor(input.already_invoiced));
  return { found: { new_item: scale.fromMinor(difference) } };
}

function acceptedOf({ events }: z.infer<typeof EventsInput>, conventions: BillingConventions): number {
  const named = events.map(({ id, source, type, subscription, timestamp, received }, at) => ({
    id,
    source,
    meter: type,
    customerId: subscription,
    at: timestamp === undefined ? NOW : Date.parse(timestamp),
    receivedAt: received === undefined ? NOW + at : Date.parse(received),
  }));
  return dropDuplicates(named, conventions).accepted.length;
}

/** The second has the first's key, but for its instant where the input says so, and comes a while later. */
function isSecondAccepted(input: BillingCase['input'], conventions: BillingConventions): boolean {
  const first = { id: 't', source: 's', meter: 'm', customerId: 'c', at: NOW, receivedAt: NOW };
  const isOtherInstant = Object.keys(input).some((name) => name.includes('other_timestamp'));
  const second = { ...first, at: NOW + (isOtherInstant ? 1 : 0), receivedAt: NOW + timeApart(input) };
  return dropDuplicates([first, second], conventions).accepted.length === 2;
}

function timeApart(input: BillingCase['input']): number {
  for (const [name, value] of Object.entries(input)) {
    if (typeof value !== 'number') continue;
    if (name.includes('days')) return value * DAY;
    if (name.includes('hours')) return value * 60 * MINUTE;
    if (name.includes('minutes')) return value * MINUTE;
  }
  return MINUTE;
}

function isAccepted(ageDays: number, conventions: BillingConventions): boolean {
  const at = NOW - ageDays * DAY;
  const period = { startAt: at, endAt: NOW + DAY, closedAt: null };
  return planLateUsage({ at, receivedAt: NOW, periods: [period] }, conventions).action !== 'refuse';
}

const YES = /accept|count|second event|success|200|202/i;
const NO = /refus|reject|already|duplicate|ignored|4\d\d/i;

/** A verdict in the words the case has for it, where they mean the same. */
function worded(accepted: boolean, words: Json | undefined): string {
  const own = accepted ? 'accepted' : 'refused';
  if (typeof words !== 'string') return own;
  const meansAccepted = NO.test(words) ? false : YES.test(words) ? true : null;
  return meansAccepted === accepted ? words : own;
}
