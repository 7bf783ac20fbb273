import { z } from 'zod';
import type { BillingConventions } from '../../domain/billing/conventions.ts';
import type { PriceModel } from '../../domain/billing/price.ts';
import { type Rated, rate } from '../../domain/billing/rating/rate.ts';
import { ratePrice } from '../../domain/billing/rating/rate-price.ts';
import { countPackages } from '../../domain/billing/rating/tiers.ts';
import { add, divide, type Exact, exact, subtract } from '../../domain/money/exact.ts';
import type { CaseResult } from '../result.ts';
import { type Scale, scaleOf } from './amounts.ts';
import { Amount, CasePrice, readCasePrice } from './case-price.ts';
import { type Answers, judge } from './compare.ts';
import { conventionsOf } from './conventions.ts';
import type { BillingCase } from './file.ts';

/** A price and what is to be rated by it. */
const TierInput = CasePrice.extend({
  quantity: Amount.optional(),
  quantities: z.array(Amount).optional(),
  /** Rated one after the other, each when it happens. */
  transactions: z.array(Amount).optional(),
  event_values: z.array(Amount).optional(),
  /** With the running totals of the first: events told by their number and sum. */
  events: z.number().int().nonnegative().optional(),
  running_totals: z.array(Amount).optional(),
  previous_quantity: Amount.optional(),
  previous_billed: Amount.optional(),
  line: z.string().optional(),
  days: z.number().optional(),
  period_days: z.number().optional(),
});

type TierInput = z.infer<typeof TierInput>;

interface Asked {
  input: TierInput;
  pricing: PriceModel;
  scale: Scale;
  conventions: BillingConventions;
}

/** Cases of kind `tier`: one price, and a quantity, several, or a sequence of transactions. */
export function runTierCase(golden: BillingCase): CaseResult {
  const { id } = golden;
  const held = conventionsOf(golden);
  if ('unsupported' in held) return { id, status: 'unsupported', reason: held.unsupported };
  const parsed = TierInput.safeParse(golden.input);
  if (!parsed.success) return { id, status: 'unsupported', reason: 'its input has no price and quantity' };
  const input = parsed.data;
  if (input.model === 'package_count') return judge(golden, packageCount(input));
  const scale = scaleOf(input.unit, input.currency);
  const pricing = readCasePrice(input, scale);
  if ('unsupported' in pricing) return { id, status: 'unsupported', reason: pricing.unsupported };
  return judge(golden, answersTo({ input, pricing, scale, conventions: held.conventions }));
}

function packageCount({ package_size: size, quantity }: TierInput): Answers {
  if (size === undefined || quantity === undefined) return {};
  return { packages: Number(countPackages(exact(quantity), exact(size))) };
}

function answersTo(asked: Asked): Answers {
  const { input, pricing, conventions } = asked;
  const { quantities, transactions } = input;
  if (transactions) return { amounts_per_transaction: amountsInTurn(asked, transactions) };
  if (!quantities) return answersToOne(asked);
  const rated = quantities.map((quantity) => rate(pricing, quantityOf(asked, quantity), conventions));
  return { amounts: rated.map((each) => amountOf(each, asked)) };
}

function answersToOne(asked: Asked): Answers {
  const { input, pricing, scale, conventions } = asked;
  const previous = input.previous_quantity;
  const events = pricing.model === 'percentage' ? eventsOf(input, scale) : undefined;
  const quantity = events ? exact(0n) : quantityOf(asked, input.quantity ?? '0');
  const previousQuantity = previous === undefined ? undefined : quantityOf(asked, previous);
  const whole = previousQuantity ? add(previousQuantity, quantity) : quantity;
  const rated = ratePrice(priceWith(input, pricing, scale), whole, conventions, {
    previousQuantity,
    events,
    previousBilledMinor: wholeMinor(scale.toMinor(input.previous_billed ?? '0')),
    share: shareOf(input),
    closes: !/mid/i.test(input.line ?? ''),
  });
  const minor = (amount: bigint) => scale.fromMinor(exact(amount));
  return {
    amount: amountOf(rated.usage, asked),
    per_tier: rated.usage.steps
      .filter(({ rule }) => rule.startsWith('tier'))
      .map(({ amount }) => scale.fromMinor(amount)),
    lines: rated.usage.steps
      .filter((step) => step.amount.numerator !== 0n && step.rule !== 'rounding')
      .map(({ amount }) => scale.fromMinor(amount)),
    line_amount: minor(rated.usage.amountMinor),
    discount: minor(rated.discountMinor),
    minimum_line: minor(rated.minimumMinor),
    total: minor(rated.totalMinor),
  };
}

/** The model, its included units and its limits, in the product's shape. */
export function priceWith(price: CasePrice, pricing: PriceModel, { toMinorText }: Scale) {
  const { included = '0', minimum_spend: minimum, maximum_spend: maximum } = price;
  return {
    pricing,
    included,
    limits: {
      minimum: minimum == null ? null : toMinorText(minimum),
      maximum: maximum == null ? null : toMinorText(maximum),
    },
  };
}

function amountsInTurn(asked: Asked, transactions: readonly string[]): string[] {
  const { pricing, conventions } = asked;
  let before: Exact | undefined;
  return transactions.map((transaction) => {
    const whole = add(before ?? exact(0n), quantityOf(asked, transaction));
    const rated = rate(pricing, whole, conventions, { previousQuantity: before });
    before = whole;
    return amountOf(rated, asked);
  });
}

/** Before rounding where only the line is rounded: what a model gives; after, where every part of it is. */
function amountOf({ exactMinor, amountMinor }: Rated, { scale, conventions }: Asked): string {
  return scale.fromMinor(conventions.rounding.tiers === 'each' ? exact(amountMinor) : exactMinor);
}

/** What passes through a percentage is money, everything else is units. */
function quantityOf({ pricing, scale }: Pick<Asked, 'pricing' | 'scale'>, quantity: string): Exact {
  const isMoney = pricing.model === 'percentage' || pricing.model === 'graduated_percentage';
  return isMoney ? scale.toMinor(quantity) : exact(quantity);
}

/** The single events; of those only known by number and sum, the rest after the running totals in equal parts. */
function eventsOf(input: TierInput, scale: Scale): Exact[] | undefined {
  if (input.event_values) return input.event_values.map(scale.toMinor);
  if (input.events === undefined) return undefined;
  const totals = (input.running_totals ?? []).map(scale.toMinor);
  const known = totals.map((total, at) => subtract(total, totals[at - 1] ?? exact(0n)));
  const left = input.events - known.length;
  if (left <= 0) return known.slice(0, input.events);
  const rest = subtract(scale.toMinor(input.quantity ?? '0'), totals.at(-1) ?? exact(0n));
  const part = divide(rest, exact(BigInt(left)));
  return [...known, ...Array.from({ length: left }, () => part)];
}

function shareOf({ days, period_days: periodDays }: TierInput): Exact | undefined {
  if (days === undefined || periodDays === undefined) return undefined;
  return divide(exact(String(days)), exact(String(periodDays)));
}

function wholeMinor(amount: Exact): bigint {
  return amount.numerator / amount.denominator;
}
