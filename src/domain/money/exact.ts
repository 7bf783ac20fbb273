import { UserError } from '../../lib/errors.ts';

/** An exact number: a reduced fraction with a positive denominator. Rating works in these and rounds where a convention says so. */
export interface Exact {
  readonly numerator: bigint;
  readonly denominator: bigint;
}

/** How a number between two units is brought to one. Halves: away from zero, to the even unit, or towards plus infinity. */
export const ROUNDINGS = ['half_away', 'half_even', 'half_up', 'up', 'down', 'floor', 'ceiling'] as const;
export type Rounding = (typeof ROUNDINGS)[number];

const DECIMAL = /^([+-]?)(\d+)(?:\.(\d+))?$/;

export const ZERO: Exact = { numerator: 0n, denominator: 1n };

/** Numerator over denominator, reduced. Throws `invalid_input` for a denominator of 0. */
export function fraction(numerator: bigint, denominator: bigint): Exact {
  if (denominator === 1n) return { numerator, denominator };
  if (denominator === 0n) throw new UserError('invalid_input', 'Nothing can be divided by 0.');
  const sign = denominator < 0n ? -1n : 1n;
  const shared = greatestCommonDivisor(numerator, denominator);
  return { numerator: (sign * numerator) / shared, denominator: (sign * denominator) / shared };
}

/** An integer, or a decimal string ("0.0125", "-3"), as an exact number. Throws `invalid_input` for any other text. */
export function exact(value: string | bigint): Exact {
  if (typeof value === 'bigint') return { numerator: value, denominator: 1n };
  const match = DECIMAL.exec(value.trim());
  if (!match) throw new UserError('invalid_input', `"${value}" is not a decimal number.`);
  const decimals = match[3] ?? '';
  const magnitude = BigInt(`${match[2]}${decimals}`);
  return fraction(match[1] === '-' ? -magnitude : magnitude, 10n ** BigInt(decimals.length));
}

export function add(...terms: readonly Exact[]): Exact {
  let sum = ZERO;
  for (const term of terms) sum = sum === ZERO ? term : plus(sum, term);
  return sum;
}

function plus(one: Exact, other: Exact): Exact {
  if (one.denominator === other.denominator) {
    return fraction(one.numerator + other.numerator, one.denominator);
  }
  return fraction(
    one.numerator * other.denominator + other.numerator * one.denominator,
    one.denominator * other.denominator,
  );
}

export function isZero(value: Exact): boolean {
  return value.numerator === 0n;
}

/** The least whole number that is not below the value. */
export function roundUp(value: Exact): bigint {
  return roundTo(value, 0, 'ceiling');
}

export function negate(value: Exact): Exact {
  return { numerator: -value.numerator, denominator: value.denominator };
}

export function subtract(from: Exact, value: Exact): Exact {
  return plus(from, negate(value));
}

export function multiply(one: Exact, other: Exact): Exact {
  return fraction(one.numerator * other.numerator, one.denominator * other.denominator);
}

/** Throws `invalid_input` for a divisor of 0. */
export function divide(value: Exact, by: Exact): Exact {
  return fraction(value.numerator * by.denominator, value.denominator * by.numerator);
}

/** Below 0, 0 or above 0 as `one` is less than, equal to or greater than `other`. */
export function compare(one: Exact, other: Exact): number {
  const difference =
    one.denominator === other.denominator
      ? one.numerator - other.numerator
      : one.numerator * other.denominator - other.numerator * one.denominator;
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

export function least(one: Exact, other: Exact): Exact {
  return compare(one, other) <= 0 ? one : other;
}

export function greatest(one: Exact, other: Exact): Exact {
  return compare(one, other) >= 0 ? one : other;
}

/** As an integer number of 10^-`digits`: `roundTo(exact('1.115'), 2, 'half_away')` is 112n. */
export function roundTo(value: Exact, digits: number, rounding: Rounding): bigint {
  const scaled = digits === 0 ? value.numerator : value.numerator * 10n ** BigInt(digits);
  if (value.denominator === 1n) return scaled;
  const negative = scaled < 0n;
  const magnitude = negative ? -scaled : scaled;
  const whole = magnitude / value.denominator;
  const rest = magnitude % value.denominator;
  const outwards = goesOutwards({ whole, rest, half: value.denominator, negative, rounding });
  const result = outwards ? whole + 1n : whole;
  return negative ? -result : result;
}

interface Remainder {
  whole: bigint;
  rest: bigint;
  /** The rest is compared doubled with this. */
  half: bigint;
  negative: boolean;
  rounding: Rounding;
}

function goesOutwards({ whole, rest, half, negative, rounding }: Remainder): boolean {
  if (rest === 0n) return false;
  const beyond = 2n * rest > half;
  const tie = 2n * rest === half;
  switch (rounding) {
    case 'half_away':
      return beyond || tie;
    case 'half_even':
      return beyond || (tie && whole % 2n === 1n);
    case 'half_up':
      return beyond || (tie && !negative);
    case 'up':
      return true;
    case 'down':
      return false;
    case 'floor':
      return negative;
    case 'ceiling':
      return !negative;
  }
}

/** As text with up to `digits` decimals (rounded half away), without trailing zeros: "2177.4193548387". */
export function toDecimal(value: Exact, digits: number): string {
  const scaled = roundTo(value, digits, 'half_away');
  const text = String(scaled < 0n ? -scaled : scaled).padStart(digits + 1, '0');
  const whole = digits === 0 ? text : text.slice(0, -digits);
  const decimals = digits === 0 ? '' : text.slice(-digits).replace(/0+$/, '');
  return `${scaled < 0n ? '-' : ''}${whole}${decimals === '' ? '' : `.${decimals}`}`;
}

/** Whole numbers up to here are exact as a double, where the same steps take a tenth of the time. */
const SAFE = BigInt(Number.MAX_SAFE_INTEGER);

function greatestCommonDivisor(one: bigint, other: bigint): bigint {
  let a = one < 0n ? -one : one;
  let b = other < 0n ? -other : other;
  while (b > SAFE) [a, b] = [b, a % b];
  if (b === 0n) return a === 0n ? 1n : a;
  let x = Number(b);
  let y = Number(a % b);
  while (y !== 0) [x, y] = [y, x % y];
  return BigInt(x);
}
