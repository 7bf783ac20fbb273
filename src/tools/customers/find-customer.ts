import { z } from 'zod';
import { namedCustomer, says } from '../../domain/language/match-words.ts';
import type { Reading, Utterance } from '../../domain/language/utterance.ts';
import { listedSchema, receiptSchema } from '../../domain/output-shapes.ts';
import { defineTool } from '../define-tool.ts';
import { looksLikeText } from '../outside-text.ts';
import { openReceipt } from '../receipt.ts';

const input = z.strictObject({
  query: z
    .string()
    .trim()
    .min(1)
    .max(200)
    .describe('Part of a name, a domain or an id; misspellings are fine'),
});

const output = z.strictObject({
  query: z.string(),
  matches: z.array(
    z.strictObject({
      id: z.string(),
      name: z.string(),
      domain: z.string(),
      country: z.string(),
      segment: z.string(),
      exact: z.boolean(),
    }),
  ),
  listed: listedSchema,
  receipt: receiptSchema,
});

export default defineTool({
  name: 'find_customer',
  description:
    'Finds customers by part of a name, domain or id, forgiving misspellings. Use it when it is unclear which customer is meant. Not needed before other tools that take a customer: they resolve the name themselves.',
  scope: 'customers:read',
  effect: 'read',
  alwaysOffered: true,
  input,
  output,
  examples: [
    { say: 'find the customer called Acme', input: { query: 'Acme' } },
    { say: 'search for acme.example', input: { query: 'acme.example' } },
    { say: 'look up the company Globex', input: { query: 'Globex' } },
    { say: 'which customer is Acme', input: { query: 'Acme' } },
  ],
  recognize,
  async run({ query }, ctx) {
    const receipt = await openReceipt(ctx, {
      name: 'Customer search',
      version: 1,
      words: 'Customers whose id, name or domain matches, best first',
      sources: ['psizero'],
    });
    const found = await ctx.customers.search(query, 5);
    return {
      query,
      matches: found.map(({ customer, score }) => ({
        id: customer.id,
        name: customer.name,
        domain: customer.domain,
        country: customer.country,
        segment: customer.segment,
        exact: score >= 1,
      })),
      listed: found.map(({ customer }) => ({
        id: customer.id,
        label: customer.name,
        customerId: customer.id,
      })),
      receipt: receipt(found.length),
    };
  },
  narrate({ query, matches }) {
    const [first, ...others] = matches;
    if (!first) return `No customer matches "${query}".`;
    if (others.length === 0) return `${first.name} (${first.segment}, ${first.country}) matches "${query}".`;
    return `${matches.length} customers match "${query}": ${matches.map((match) => match.name).join(', ')}.`;
  },
  exhibits({ matches }) {
    if (matches.length < 2) return [];
    return [
      {
        kind: 'table',
        title: 'Customers',
        columns: ['Customer', 'Segment', 'Country', 'Domain'].map((header) => ({
          header,
          align: 'left' as const,
        })),
        rows: matches.map((match) => [match.name, match.segment, match.country, match.domain]),
      },
    ];
  },
  untrusted: ({ matches }) => matches.some((match) => looksLikeText(match.name)),
});

function recognize(utterance: Utterance): Reading[] {
  const asks = says(
    utterance,
    'find',
    'search',
    'look up',
    'lookup',
    'look for',
    'which customer',
    'which company',
  );
  const unknown = asks ? null : unknownName(utterance);
  if (unknown !== null) {
    return [
      { input: { query: unknown }, confidence: 0.65, interpretation: `Customers matching "${unknown}"` },
    ];
  }
  if (!asks || says(utterance, 'invoice', 'invoices', 'payment', 'payments', 'ticket', 'tickets', 'refund'))
    return [];
  const named = namedCustomer(utterance);
  const query = named?.name ?? utterance.customers[0]?.text ?? restOfSearch(utterance.text);
  if (!query) return [];
  return [
    { input: { query }, confidence: named ? 0.85 : 0.75, interpretation: `Customers matching "${query}"` },
  ];
}

/** A name nobody has, where a customer's is expected: better looked for in vain than not understood. */
function unknownName(utterance: Utterance): string | null {
  if (utterance.customers.length > 0 || utterance.periods.length > 0 || utterance.negated) return null;
  return NAMED_BY.exec(utterance.text)?.[1] ?? null;
}

const NAME = String.raw`((?:[A-Z][\p{L}\p{N}&.-]*)(?: [A-Z][\p{L}\p{N}&.-]*){0,3})`;
const NAMED_BY = new RegExp(
  String.raw`\b(?:[Tt]ell me about|[Hh]ow(?: i|'|’)s|[Hh]ow are|[Ww]ho(?: i|'|’)s|(?:going on|up|happening) with|plan is) ${NAME}(?=[?.!]*$| (?:doing|on|going)\b)`,
  'u',
);

function restOfSearch(text: string): string | null {
  const rest = text
    .replace(/^.*?\b(?:find|search(?: for)?|look ?up|look for|which (?:customer|company) is)\b/i, '')
    .replace(
      /\b(?:me|the|a|an|for|our|customers?|compan(?:y|ies)|accounts?|called|named|please|with|name)\b/gi,
      ' ',
    )
    .replace(/[?!"“”.,]+(?=\s|$)/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  return rest === '' ? null : rest.slice(0, 100);
}
