import { z } from 'zod';
import { HIDDEN } from '../inputs.ts';

/** What narrows a number, taken alike by every tool that gives one. */

const text = (most: number) => z.string().min(1).max(most).optional();
const values = z.array(z.string()).optional();

const LISTS = {
  customer: values,
  plan: values,
  region: values,
  segment: values,
  channel: values,
  owner: values,
  country: values,
  currency: values,
};

/** One value a trait. A model is not told of it: `where` says the same. */
export const filterInput = z
  .strictObject({
    plan: text(60),
    region: text(60),
    segment: text(60),
    channel: text(60),
    owner: text(120),
    country: z
      .string()
      .regex(/^[A-Za-z]{2}$/, 'a two-letter country code')
      .optional(),
    currency: z
      .string()
      .regex(/^[A-Za-z]{3}$/, 'a three-letter currency code')
      .optional(),
  })
  .optional()
  .meta(HIDDEN);

export const whereInput = z
  .strictObject(LISTS)
  .optional()
  .describe(
    'Only these values; several customers side by side. country: 2 letters; channel: how won; owner: mail',
  );

export const excludeInput = z
  .strictObject({ ...LISTS, internal: z.boolean().optional().describe('Own test accounts') })
  .optional()
  .describe('All but these');

type Filter = z.output<typeof filterInput>;

/** The filter with codes as the records have them. */
export function upperCodes(filter: Filter = {}) {
  const { country, currency, ...rest } = filter;
  return {
    ...rest,
    ...(country === undefined ? {} : { country: country.toUpperCase() }),
    ...(currency === undefined ? {} : { currency: currency.toUpperCase() }),
  };
}

interface Narrowed {
  filter?: Filter;
  where?: z.output<typeof whereInput>;
  customer?: string | undefined;
}

/** A list of one value is said like that value: `where: {plan: ["scale"]}` is a filter, one customer is the customer. */
export function withSingles<I extends Narrowed>(input: I): I {
  const where = { ...input.where };
  const filter: { [trait: string]: string } = {};
  for (const trait of FILTERED) {
    const [only, another] = where[trait] ?? [];
    if (only === undefined || another !== undefined || !fits(trait, only) || input.filter?.[trait]) continue;
    filter[trait] = only;
    delete where[trait];
  }
  const [named, second] = where.customer ?? [];
  const single = named !== undefined && second === undefined && input.customer === undefined;
  if (single) delete where.customer;
  return {
    ...input,
    filter: { ...input.filter, ...filter },
    where: Object.values(where).some((list) => list !== undefined) ? where : undefined,
    ...(single ? { customer: named } : {}),
  };
}

const FILTERED = ['plan', 'region', 'segment', 'channel', 'owner', 'country', 'currency'] as const;

function fits(trait: (typeof FILTERED)[number], value: string): boolean {
  if (trait === 'country') return /^[A-Za-z]{2}$/.test(value);
  return trait !== 'currency' || /^[A-Za-z]{3}$/.test(value);
}
