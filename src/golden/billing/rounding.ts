import { z } from 'zod';
import type { BillingConventions } from '../../domain/billing/conventions.ts';
import { divide, exact, multiply, type Rounding, roundTo, toDecimal } from '../../domain/money/exact.ts';
import { exponentOf } from '../../domain/money/exponents.ts';
import {
  isPayoutAmount,
  largestPayout,
  minimumChargeMinor,
  stripeExponentOf,
  stripeStep,
} from '../../domain/money/stripe-amounts.ts';
import type { CaseResult } from '../result.ts';
import { Amount } from './case-price.ts';
import { type Answers, judge } from './compare.ts';
import { conventionsOf } from './conventions.ts';
import type { BillingCase } from './file.ts';

const RoundingInput = z.looseObject({
  currency: z.string().toUpperCase().optional(),
  amount: Amount.optional(),
  unit_price: Amount.optional(),
  quantity: Amount.optional(),
  /** In major units, to be sent to Stripe. */
  major: Amount.optional(),
  /** In major units, to be paid out. */
  balance: Amount.optional(),
  mode: z.string().optional(),
});

type RoundingInput = z.infer<typeof RoundingInput>;

/** The names of java.math.RoundingMode, by which cases speak; its HALF_UP goes away from zero. */
const JAVA_NAMES: Readonly<Record<Rounding, string>> = {
  half_away: 'HALF_UP',
  half_even: 'HALF_EVEN',
  half_up: 'HALF_CEILING',
  up: 'UP',
  down: 'DOWN',
  floor: 'FLOOR',
  ceiling: 'CEILING',
};

const REFUSED = /^(\d+)_refused$/;
const DIGITS = 30;

/** Cases of kind `rounding`: amounts of a currency, and facts about currencies. */
export function runRoundingCase(golden: BillingCase): CaseResult {
  const { id } = golden;
  const held = conventionsOf(golden);
  if ('unsupported' in held) return { id, status: 'unsupported', reason: held.unsupported };
  const parsed = RoundingInput.safeParse(golden.input);
  if (!parsed.success) return { id, status: 'unsupported', reason: 'its input has no amount or currency' };
  const { currency } = parsed.data;
  const facts =
    currency === undefined ? {} : currencyAnswers(currency, parsed.data, golden, held.conventions);
  return judge(golden, { ...ruleAnswers(held.conventions), ...facts });
}

function ruleAnswers({ rounding, proration }: BillingConventions): Answers {
  return {
    mode: JAVA_NAMES[rounding.line],
    intermediate_scale: proration.shareDigits,
    final_scale: 'decimal places of the currency',
  };
}

function currencyAnswers(
  currency: string,
  input: RoundingInput,
  golden: BillingCase,
  conventions: BillingConventions,
): Answers {
  return {
    ...digitAnswers(currency),
    ...amountAnswers(currency, input, conventions),
    ...stripeAnswers(currency, input, golden),
  };
}

function digitAnswers(currency: string): Answers {
  const digits = exponentOf(currency);
  const shown = new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions();
  const minimum = minimumChargeMinor(currency);
  return {
    iso4217_digits: digits,
    node_intl_digits: shown.maximumFractionDigits ?? 0,
    stripe_api_digits: stripeExponentOf(currency),
    ...(minimum === null ? {} : { minimum_charge_major: inMajor(minimum, currency) }),
  };
}

function amountAnswers(
  currency: string,
  { amount, unit_price: price, quantity }: RoundingInput,
  { rounding }: BillingConventions,
): Answers {
  const round = (value: ReturnType<typeof exact>) =>
    inMajor(roundTo(value, exponentOf(currency), rounding.line), currency);
  if (amount !== undefined) return { rounded: round(exact(amount)) };
  if (price === undefined || quantity === undefined) return {};
  const product = multiply(exact(price), exact(quantity));
  return { exact: toDecimal(product, DIGITS), line: round(product) };
}

function stripeAnswers(currency: string, { major, balance }: RoundingInput, golden: BillingCase): Answers {
  if (major !== undefined) return { stripe_amount: Number(chargeOf(major, currency)) };
  if (balance === undefined) return {};
  const refusals = Object.keys(golden.expected).flatMap((name) => {
    const asked = REFUSED.exec(name)?.[1];
    return asked === undefined ? [] : [[name, !isPayoutAmount(BigInt(asked), currency)]];
  });
  return {
    max_payout_amount: Number(
      largestPayout(roundTo(exact(balance), stripeExponentOf(currency), 'down'), currency),
    ),
    ...Object.fromEntries(refusals),
  };
}

/** In Stripe's units, the nearest amount that Stripe charges. */
function chargeOf(major: string, currency: string): bigint {
  const step = stripeStep(currency, 'charge');
  const units = multiply(exact(major), exact(10n ** BigInt(stripeExponentOf(currency))));
  return roundTo(divide(units, exact(step)), 0, 'half_away') * step;
}

function inMajor(minor: bigint, currency: string): string {
  return toDecimal(divide(exact(minor), exact(10n ** BigInt(exponentOf(currency)))), DIGITS);
}
