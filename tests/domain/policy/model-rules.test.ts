import { describe, expect, it } from 'vitest';
import {
  budgetWords,
  costMicros,
  dollars,
  modelRules,
  parseBudget,
  priceOf,
} from '../../../src/domain/policy/model-rules.ts';

const prices = { 'gpt-4.1': { input: 2, cached: 0.5, output: 8 }, plain: { input: 1, output: 3 } };

describe('what a model costs', () => {
  it.each([
    ['gpt-4.1', { inputTokens: 1_000_000, cachedTokens: 0, outputTokens: 0 }, 2_000_000],
    ['gpt-4.1', { inputTokens: 1_000, cachedTokens: 600, outputTokens: 100 }, 400 * 2 + 600 * 0.5 + 100 * 8],
    ['gpt-4.1-2025-04-14', { inputTokens: 10, cachedTokens: 0, outputTokens: 0 }, 20],
    ['plain', { inputTokens: 10, cachedTokens: 10, outputTokens: 1 }, 13],
  ])('%s, by the price of its family, less for what was cached', (model, counts, micros) => {
    expect(costMicros(counts, priceOf(model, prices))).toBe(micros);
  });

  it.each(['gpt-4.1-mini', 'another'])('is unknown, not nothing, for %s', (model) => {
    const counts = { inputTokens: 10, cachedTokens: 0, outputTokens: 10 };
    expect(costMicros(counts, priceOf(model, prices))).toBeNull();
  });

  it('is unknown for all where the policy says nothing', () => {
    expect(modelRules.parse(undefined).usd_per_million_tokens).toEqual({});
  });
});

describe('a budget', () => {
  it.each([
    ['5 USD', { kind: 'money', micros: 5_000_000 }, '$5.00'],
    ['$2.50', { kind: 'money', micros: 2_500_000 }, '$2.50'],
    ['500k tokens', { kind: 'tokens', tokens: 500_000 }, '500,000 tokens'],
    ['1.5M tokens', { kind: 'tokens', tokens: 1_500_000 }, '1,500,000 tokens'],
  ])('"%s" is read and said', (text, budget, words) => {
    const read = parseBudget(text);
    expect(read).toEqual(budget);
    expect(read && budgetWords(read)).toBe(words);
  });
  it.each(['5', '5 EUR', 'lots', '-1 USD', '10 tokens a day'])('"%s" is none', (text) =>
    expect(parseBudget(text)).toBeNull(),
  );
  it('shows what is below a cent', () => {
    expect(dollars(4_200)).toBe('$0.0042');
    expect(dollars(0)).toBe('$0.00');
  });
});
