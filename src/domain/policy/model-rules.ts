import { z } from 'zod';

/** USD per million tokens, as the vendor's price list has them. */
const priceSchema = z.strictObject({
  input: z.number().nonnegative(),
  /** Of the input, what the vendor had read before; as dear as input where it is left out. */
  cached: z.number().nonnegative().optional(),
  output: z.number().nonnegative(),
});

export type ModelPrice = z.output<typeof priceSchema>;
export type ModelPrices = Readonly<Record<string, ModelPrice>>;

/** What policy.yml says about language models; without it no price is known. */
export const modelRules = z
  .strictObject({ usd_per_million_tokens: z.record(z.string(), priceSchema).default({}) })
  .prefault({});

export interface TokenCounts {
  inputTokens: number;
  /** Part of `inputTokens`. */
  cachedTokens: number;
  outputTokens: number;
}

/** The price of a model by its name, a dated release ("gpt-4.1-2025-04-14") by that of its family; null where nobody said. */
export function priceOf(model: string, prices: ModelPrices): ModelPrice | null {
  const family = model.replace(/-\d{4}-\d{2}-\d{2}$/, '');
  return prices[model] ?? prices[family] ?? null;
}

/** In millionths of a US dollar, rounded up: a price of 1 is one millionth a token. Null where the price is unknown. */
export function costMicros(counts: TokenCounts, price: ModelPrice | null): number | null {
  if (price === null) return null;
  const { inputTokens, cachedTokens, outputTokens } = counts;
  const fresh = Math.max(0, inputTokens - cachedTokens);
  return Math.ceil(
    fresh * price.input + cachedTokens * (price.cached ?? price.input) + outputTokens * price.output,
  );
}

/** What may be spent on models in a day: in millionths of a dollar, or in tokens read and written. */
export type ModelBudget = { kind: 'money'; micros: number } | { kind: 'tokens'; tokens: number };

const SCALES: Readonly<Record<string, number>> = { '': 1, k: 1e3, m: 1e6 };

/** "5 USD", "$2.50", "200k tokens", "1000000 tokens"; null for anything else. */
export function parseBudget(text: string): ModelBudget | null {
  const words = text.trim();
  const money = /^(?:\$\s*(\d+(?:\.\d+)?)|(\d+(?:\.\d+)?)\s*USD)$/i.exec(words);
  if (money) return { kind: 'money', micros: Math.round(Number(money[1] ?? money[2]) * 1e6) };
  const tokens = /^(\d+(?:\.\d+)?)\s*([km]?)\s*tokens?$/i.exec(words);
  if (!tokens) return null;
  return {
    kind: 'tokens',
    tokens: Math.round(Number(tokens[1]) * (SCALES[tokens[2]?.toLowerCase() ?? ''] ?? 1)),
  };
}

/** "$5.00", "200,000 tokens". */
export function budgetWords(budget: ModelBudget): string {
  return budget.kind === 'money' ? dollars(budget.micros) : `${budget.tokens.toLocaleString('en-US')} tokens`;
}

/** Millionths of a dollar for people: "$1.25", and below a cent "$0.0042". */
export function dollars(micros: number): string {
  const amount = micros / 1e6;
  return `$${amount.toFixed(micros !== 0 && amount < 0.01 ? 4 : 2)}`;
}
