import { z } from 'zod';
import { personOf } from '../domain/language/person-names.ts';
import type { Threshold } from '../domain/language/thresholds.ts';
import type { Utterance } from '../domain/language/utterance.ts';
import { areaOf } from '../domain/metrics/countries.ts';
import { CUSTOMER_TRAITS, type CustomerTrait } from '../domain/metrics/facts.ts';
import { narrowingOf } from '../domain/metrics/narrowing.ts';
import { type NamedCustomer, partsOf } from '../domain/metrics/sentence-parts.ts';
import { exponentOf } from '../domain/money/exponents.ts';
import type { Customer, Json, Money } from '../domain/types.ts';
import { UserError } from '../lib/errors.ts';
import { inCompanyCurrency } from './company-amount.ts';
import type { ToolContext } from './define-tool.ts';

const values = z.array(z.string()).optional();

/** What narrows a list of records, described to the model once and alike. */
export const whereInput = z
  .strictObject({ country: values, region: values, segment: values, channel: values, owner: values })
  .optional()
  .describe('Only of customers like this');
export const excludeInput = z.array(z.string()).optional().describe('Not of these customers');
export const amountInput = z
  .strictObject({
    op: z.enum(['gt', 'gte', 'lt', 'lte']),
    value: z.number().describe('Major units'),
    currency: z.string().length(3).optional(),
  })
  .optional();

type Where = z.output<typeof whereInput>;
type Amount = NonNullable<z.output<typeof amountInput>>;

type NeededContext = Pick<ToolContext, 'customers' | 'company' | 'clock' | 'facts'>;

/** Whether a customer's records stay in, by id. Names to leave out are resolved as everywhere. */
export async function keptCustomers(
  { where, exclude = [] }: { where?: Where; exclude?: readonly string[] | undefined },
  { customers }: NeededContext,
): Promise<((customerId: string) => Promise<boolean>) | null> {
  if (where === undefined && exclude.length === 0) return null;
  const left = new Set<string>();
  for (const reference of exclude) left.add((await customers.resolve(reference)).id);
  const known = new Map<string, Promise<Customer | null>>();
  return async (customerId) => {
    if (left.has(customerId)) return false;
    if (where === undefined) return true;
    const customer = known.get(customerId) ?? customers.get(customerId);
    known.set(customerId, customer);
    const found = await customer;
    return found !== null && CUSTOMER_TRAITS.every((trait) => hasTrait(found, trait, where[trait]));
  };
}

function hasTrait(customer: Customer, trait: CustomerTrait, wanted: readonly string[] | undefined): boolean {
  if (wanted === undefined) return true;
  const value = (trait === 'owner' ? customer.ownerEmail : customer[trait]) ?? '';
  return wanted.some((one) => one.toLowerCase() === value.toLowerCase());
}

const COMPARE: Readonly<Record<Amount['op'], (a: number, b: number) => boolean>> = {
  gt: (a, b) => a > b,
  gte: (a, b) => a >= b,
  lt: (a, b) => a < b,
  lte: (a, b) => a <= b,
};

/** Whether an amount stays in. With no currency said, all are compared in the company's, at the latest rates. */
export function keptAmounts(
  bound: Amount | undefined,
  ctx: NeededContext,
): ((amount: Money) => Promise<boolean>) | null {
  if (bound === undefined) return null;
  const { currency = null } = bound;
  const unit = currency ?? ctx.company.currency;
  const limit = bound.value * 10 ** exponentOf(unit);
  return async (amount) => {
    if (currency !== null && amount.currency !== currency) return false;
    const compared = currency === null ? await inCompanyCurrency(amount, ctx) : amount;
    return COMPARE[bound.op](compared.minor, limit);
  };
}

const OP_WORDS: Readonly<Record<Amount['op'], string>> = {
  gt: 'above',
  gte: 'of at least',
  lt: 'below',
  lte: 'of at most',
};

/** "above 5,000 USD", "of at most 100": bare where it is the company's currency. */
export function amountWords({ op, value, currency }: Amount): string {
  return `${OP_WORDS[op]} ${value.toLocaleString('en-US')}${currency === undefined ? '' : ` ${currency}`}`;
}

export function whereWords(where: NonNullable<Where>): string {
  const named = CUSTOMER_TRAITS.flatMap((trait) => {
    const list = where[trait];
    if (list === undefined) return [];
    const area = trait === 'country' ? areaOf(list) : null;
    if (area !== null) return [area];
    const more = list.length > 4 ? ` or ${list.length - 4} more` : '';
    const shown = trait === 'owner' ? list.map(personOf) : list;
    return [`${trait} ${shown.slice(0, 4).join(' or ')}${more}`];
  });
  return named.join(', ');
}

/** Rows that every one of the tests keeps, in their order. */
export async function keepRows<R>(
  rows: readonly R[],
  tests: readonly (((row: R) => Promise<boolean>) | null)[],
): Promise<R[]> {
  const kept: R[] = [];
  for (const row of rows) {
    let stays = true;
    for (const test of tests) stays = stays && (test === null || (await test(row)));
    if (stays) kept.push(row);
  }
  return kept;
}

/** What a sentence narrows a list by, in arguments and in words, and what of it was not understood. */
export interface SaidFilters {
  input: { [key: string]: Json };
  /** Echoed: "over $5,000". */
  words: string[];
  unread: string[];
  customer: NamedCustomer | null;
  /** More than one customer is named: a list is of one. */
  several: boolean;
  /** Bounds in days, for the list to make sense of. */
  days: readonly Threshold[];
}

/** Reads filters out of a sentence; a bound in days is given for the list to make sense of. */
export function filtersIn(utterance: Utterance, { amounts }: { amounts: boolean }): SaidFilters {
  const parts = partsOf(utterance, undefined);
  const { filter, where, exclude } = narrowingOf(parts, undefined);
  const input: { [key: string]: Json } = {};
  const words: string[] = [];
  const unread = parts.traits.flatMap(({ problem }) => problem ?? []);
  const lists = { ...singles(record(filter)), ...record(where) };
  const { plan, currency: _currency, customer: _customer, ...traits } = lists;
  if (plan !== undefined) unread.push('I list records by customer, not by plan.');
  if (Object.keys(traits).length > 0) input.where = traits;
  for (const mention of parts.traits) if (!mention.excluded) words.push(`${mention.label} only`);
  const left = record(exclude);
  if (Object.keys(left).some((trait) => trait !== 'customer' && trait !== 'internal'))
    unread.push('I can leave out customers by name here, not by what they have in common.');
  if (Array.isArray(left.customer)) {
    input.exclude = left.customer;
    words.push(`without ${parts.without.map(({ customer, text }) => customer?.name ?? text).join(' and ')}`);
  }
  const days = parts.thresholds.filter(({ unit }) => unit === 'days');
  for (const threshold of parts.thresholds) {
    if (days.includes(threshold)) continue;
    const { unit, op, value, currency, text, as } = threshold;
    const money = amounts && as === 'value' && (unit === 'money' || (unit === 'number' && value > 0));
    if (!money || input.amount !== undefined) unread.push(`I could not place "${text}".`);
    else {
      input.amount = { op, value, ...(currency !== null && currency !== '$' ? { currency } : {}) };
      words.push(text);
    }
  }
  const [customer = null] = parts.customers;
  return { input, words, unread, customer, several: parts.customers.length > 1, days };
}

function singles(filter: { [key: string]: Json }): { [key: string]: Json } {
  return Object.fromEntries(Object.entries(filter).map(([trait, value]) => [trait, [value]]));
}

function record(value: Json | undefined): { [key: string]: Json } {
  return value !== null && typeof value === 'object' && !Array.isArray(value) ? value : {};
}

/** All bounds in whole days as one range. */
export function wholeDays(days: readonly Threshold[]): { min?: number; max?: number } {
  return Object.assign({}, ...days.map(daysBounds));
}

/** "over 60 days", once where a range has two bounds in the same words. */
export function daysText(days: readonly Threshold[]): string | null {
  return days.length === 0 ? null : [...new Set(days.map(({ text }) => text))].join(', ');
}

/** "more than 30 days" as the least and the most whole days. */
function daysBounds({ op, value }: Threshold): { min?: number; max?: number } {
  if (op === 'gt') return { min: Math.floor(value) + 1 };
  if (op === 'gte') return { min: Math.ceil(value) };
  return { max: Math.max(0, op === 'lt' ? Math.ceil(value) - 1 : Math.floor(value)) };
}

/** A list read to its end, where it is narrowed after reading: beyond this it would not be complete. */
export const MOST_NARROWED = 2_000;

/** Refuses to give part of a list for the whole. Throws `invalid_input`. */
export function requireWhole(found: { rows: readonly unknown[]; total: number }): void {
  if (found.total <= found.rows.length) return;
  throw new UserError(
    'invalid_input',
    `There are ${found.total.toLocaleString('en-US')} of them, more than I can look through at once.`,
    'Name a customer or a shorter period.',
  );
}
