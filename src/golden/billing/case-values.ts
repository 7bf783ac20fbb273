import { z } from 'zod';
import type { BillingConventions } from '../../domain/billing/conventions.ts';
import { type Exact, exact, fraction, multiply, toDecimal } from '../../domain/money/exact.ts';
import { makeDate, type PlainDate, startOfDayAt } from '../../domain/periods/calendar.ts';
import type { Json } from '../../domain/types.ts';
import { UserError } from '../../lib/errors.ts';
import type { CaseResult } from '../result.ts';
import { judge } from './compare.ts';
import { conventionsOf } from './conventions.ts';
import type { BillingCase } from './file.ts';
import type { Rule } from './rule.ts';

/** A decimal as text or number. */
export const Decimal = z
  .union([z.string().regex(/^-?\d+(?:\.\d+)?$/), z.number()])
  .transform((value) => String(value));

/** A whole number of minor units as text or number. */
export const Minor = z
  .union([z.string().regex(/^-?\d+$/), z.number().int()])
  .transform((value) => BigInt(value));

export const IsoDate = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}$/)
  .refine((text) => readDate(text) !== null, 'a date that exists')
  .transform(dateOf);

/** Runs a case by the first rule whose input shape it has. */
export function runByShape(golden: BillingCase, rules: readonly Rule[]): CaseResult {
  const { id } = golden;
  const settled = conventionsOf(golden);
  if ('unsupported' in settled) return { id, status: 'unsupported', reason: settled.unsupported };
  if (Object.keys(golden.expected).length === 0) {
    return { id, status: 'unsupported', reason: 'the case expects nothing' };
  }
  try {
    for (const { answer } of rules) {
      const given = answer(golden);
      if (given === null) continue;
      if ('unsupported' in given) return { id, status: 'unsupported', reason: given.unsupported };
      return judge(golden, given.got);
    }
  } catch (error) {
    if (error instanceof UserError) return { id, status: 'unsupported', reason: error.message };
    throw error;
  }
  return { id, status: 'unsupported', reason: `no rule for a ${golden.kind} case with this input` };
}

/** The conventions of a case that `runByShape` has let in. */
export function settingsOf(golden: BillingCase): BillingConventions {
  const settled = conventionsOf(golden);
  if ('unsupported' in settled) throw new UserError('unsupported', settled.unsupported);
  return settled.conventions;
}

/** "12.5" in major units as an exact number of minor units. */
export function minorOf(major: string, digits = 2): Exact {
  return multiply(exact(major), exact(10n ** BigInt(digits)));
}

/** As `minorOf`, of an amount without a part of a minor unit. Throws `unsupported` for one with. */
export function wholeMinor(major: string, digits = 2): bigint {
  const minor = minorOf(major, digits);
  if (minor.denominator !== 1n) {
    throw new UserError('unsupported', `${major} has more decimals than its currency.`);
  }
  return minor.numerator;
}

export function majorOf(minor: bigint, digits = 2): string {
  return toDecimal(fraction(minor, 10n ** BigInt(digits)), digits);
}

/** With as many decimals as what it is compared with shows. */
export function shownAs(value: Exact, expected: Json | undefined): string {
  const decimals = typeof expected === 'string' ? (expected.split('.')[1]?.length ?? 0) : 9;
  return toDecimal(value, decimals);
}

/** Midnight UTC. */
export function midnight(date: PlainDate): number {
  return startOfDayAt(date, 'UTC');
}

function readDate(text: string): PlainDate | null {
  const [year = 0, month = 0, day = 0] = text.split('-').map(Number);
  return makeDate(year, month, day);
}

function dateOf(text: string): PlainDate {
  const date = readDate(text);
  if (!date) throw new UserError('invalid_input', `"${text}" is not a date.`);
  return date;
}

/** An amount as a JSON number, as cases write minor units. */
export function minorJson(minor: bigint): number {
  return Number(minor);
}

/** The rates that a case writes into its keys ("tax20_minor": 20 %), with their values. */
export function taxKeys(
  record: Readonly<Record<string, Json>>,
): { key: string; percent: string; value: Json }[] {
  return Object.entries(record).flatMap(([key, value]) => {
    const match = /^tax_?(\d+(?:\.\d+)?)(?:_minor)?$/.exec(key);
    return match?.[1] === undefined ? [] : [{ key, percent: match[1], value }];
  });
}
