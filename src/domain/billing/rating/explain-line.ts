import { add, compare, divide, type Exact, exact, isZero, negate, toDecimal } from '../../money/exact.ts';
import { exponentOf } from '../../money/exponents.ts';
import { groupDigits, symbolOf } from '../../money/format.ts';
import type { BillingConventions } from '../conventions.ts';
import type { InvoiceLine, RatingStep } from '../invoice.ts';

export interface LineWords {
  currency: string;
  /** What the quantity counts: "calls", "GB". */
  unit: string;
}

/** More decimals than a unit price has in practice; beyond, a figure for people is cut. */
const DECIMALS = 12;

/** How a rounding is said. */
const ROUNDING_WORDS: Readonly<Record<BillingConventions['rounding']['line'], string>> = {
  half_away: 'halves away from zero',
  half_even: 'halves to the even unit',
  half_up: 'halves up',
  up: 'away from zero',
  down: 'towards zero',
  floor: 'down',
  ceiling: 'up',
};

/**
 * A line as plain sentences, one a step in their order, the sum last: what was used, what was free, each tier, and by
 * which convention a part of a minor unit was rounded. Nothing is recalculated: the steps say it.
 */
export function explainLine(line: InvoiceLine, words: LineWords, conventions: BillingConventions): string[] {
  return [
    aboutLine(line, words),
    ...line.steps.map((step) => sentenceOf(step, words, conventions)),
    `Together ${money(exact(line.amountMinor), words.currency)}, before discounts and tax.`,
  ];
}

function aboutLine({ name, group, kind, quantity }: InvoiceLine, { unit }: LineWords): string {
  const about = group === null ? name : `${name}, ${group}`;
  return kind === 'minimum' ? `${about}, up to the minimum.` : `${about}: ${figure(quantity)} ${unit}.`;
}

/** Of rules that have a sentence of their own. */
const SENTENCES: ReadonlyMap<string, (step: RatingStep, words: LineWords) => string> = new Map([
  ['included', ({ quantity }, { unit }) => `${figure(quantity)} ${unit} are included in the plan.`],
  ['free units', ({ quantity }, { unit }) => `${figure(quantity)} ${unit} are free.`],
  ['free total', ({ quantity }, { currency }) => `${money(quantity, currency)} pass through free of charge.`],
  ['minimum', ({ amount }, { currency }) => `The minimum of the period adds ${money(amount, currency)}.`],
  [
    'maximum',
    ({ amount }, { currency }) => `The maximum of the period takes off ${money(negate(amount), currency)}.`,
  ],
]);

function sentenceOf(step: RatingStep, words: LineWords, conventions: BillingConventions): string {
  const { rule, unitAmount, amount } = step;
  const own = SENTENCES.get(rule);
  if (own) return own(step, words);
  if (rule === 'rounding') return roundingSentence(step, words, conventions);
  if (unitAmount === null) return `${capital(rule)}: ${money(amount, words.currency)}.`;
  return pricedSentence(step, unitAmount, words);
}

/** A rate of an amount that passed through, with its tier before it where it has tiers. */
const RATE = / ?\brate$/;

function pricedSentence(step: RatingStep, unitAmount: Exact, { unit, currency }: LineWords): string {
  const { rule, quantity, amount } = step;
  const comesTo = money(amount, currency);
  if (RATE.test(rule)) {
    const share = `${percent(unitAmount)} of ${money(quantity, currency)} is ${comesTo}.`;
    return rule === 'rate' ? share : `${capital(rule.replace(RATE, ''))}: ${share}`;
  }
  if (rule === 'proration') {
    const part = `${quantity.numerator}/${quantity.denominator}`;
    return `For the part of the period: ${part} of ${money(unitAmount, currency)}, ${comesTo}.`;
  }
  if (isOnce(step)) return `${capital(onceName(rule))}: ${comesTo}.`;
  const counted = COUNTED.get(rule) ?? unit;
  return `${capital(rule)}: ${figure(quantity)} ${counted} at ${money(unitAmount, currency)} each, ${comesTo}.`;
}

/** What the steps count that are not the line's own units. */
const COUNTED: ReadonlyMap<string, string> = new Map([
  ['package', 'packages'],
  ['fixed fee', 'events'],
  ['least per event', 'events'],
  ['most per event', 'events'],
]);

function roundingSentence(
  { quantity, amount }: RatingStep,
  { currency }: LineWords,
  { rounding }: BillingConventions,
): string {
  const to = money(add(quantity, amount), currency);
  const way = ROUNDING_WORDS[rounding.line];
  const scope = rounding.tiers === 'each' ? 'each part by itself' : 'the line once';
  const names = `rounding.line ${rounding.line}, rounding.tiers ${rounding.tiers}`;
  return `${money(quantity, currency)} is rounded to ${to}: ${way}, ${scope} (${names}).`;
}

function isOnce({ rule, quantity }: RatingStep): boolean {
  return (rule === 'flat' || rule.endsWith(' flat')) && compare(quantity, exact(1n)) === 0;
}

function onceName(rule: string): string {
  return rule === 'flat' ? 'for the period' : `${rule.replace(/ flat$/, '')}, once when it is reached`;
}

/** "12,400", "0.5". */
function figure(value: Exact): string {
  const text = toDecimal(value, DECIMALS);
  const negative = text.startsWith('-');
  const [whole = '0', decimals] = (negative ? text.slice(1) : text).split('.');
  return `${negative ? '-' : ''}${groupDigits(whole)}${decimals === undefined ? '' : `.${decimals}`}`;
}

/** An exact amount in minor units as people read it, with the currency's decimals or as many more as it has. */
function money(minor: Exact, currency: string): string {
  const exponent = exponentOf(currency);
  const negative = minor.numerator < 0n;
  const magnitude: Exact = negative ? { ...minor, numerator: -minor.numerator } : minor;
  const [whole = '0', decimals = ''] = figure(divide(magnitude, exact(10n ** BigInt(exponent)))).split('.');
  const padded = decimals.padEnd(exponent, '0');
  const amount = `${symbolOf(currency)}${whole}${padded === '' ? '' : `.${padded}`}`;
  return negative && !isZero(minor) ? `-${amount}` : amount;
}

function percent(rate: Exact): string {
  return `${figure(divide(rate, exact('0.01')))}%`;
}

function capital(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}
