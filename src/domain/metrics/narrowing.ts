import type { Json } from '../types.ts';
import type { NamedCustomer, SentenceParts } from './sentence-parts.ts';

type Input = { [key: string]: Json };

/**
 * The arguments that narrow: one value of a trait is a filter, several are listed, what is left out is listed apart.
 * One customer is the customer; several are set side by side.
 */
export function narrowingOf(parts: SentenceParts, by: Json | undefined): Input {
  const filter: Input = {};
  const where: Input = {};
  const exclude: Input = {};
  for (const trait of new Set(parts.traits.map((mention) => mention.trait))) {
    const mentions = parts.traits.filter((mention) => mention.trait === trait && mention.values.length > 0);
    const wanted = unique(mentions.filter(({ excluded }) => !excluded).flatMap(({ values }) => values));
    const left = unique(mentions.filter(({ excluded }) => excluded).flatMap(({ values }) => values));
    const [only, another] = wanted;
    if (only !== undefined && another === undefined) filter[trait] = only;
    else if (only !== undefined) where[trait] = wanted;
    if (left.length > 0) exclude[trait] = left;
  }
  if (parts.currency !== null && !parts.currency.excluded && by !== 'currency')
    filter.currency = parts.currency.code;
  const [one, second] = parts.customers;
  if (one && second) where.customer = parts.customers.map(referenceOf);
  if (parts.without.length > 0) exclude.customer = parts.without.map(referenceOf);
  if (parts.withoutInternal) exclude.internal = true;
  return {
    ...(one && second && by === undefined ? { by: 'customer' } : {}),
    ...(Object.keys(filter).length > 0 ? { filter } : {}),
    ...(Object.keys(where).length > 0 ? { where } : {}),
    ...(Object.keys(exclude).length > 0 ? { exclude } : {}),
    ...(one && !second ? { customer: referenceOf(one) } : {}),
  };
}

function referenceOf({ customer, text }: NamedCustomer): string {
  return customer?.id ?? text;
}

function unique(values: readonly string[]): string[] {
  return [...new Set(values)];
}
