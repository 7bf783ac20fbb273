import { z } from 'zod';

/** What the model cost in one turn: calls made, tokens read and written. All 0 in rules mode. */
export const modelUsageSchema = z.object({
  calls: z.number(),
  inputTokens: z.number(),
  outputTokens: z.number(),
  /** Calls that failed. */
  failures: z.number().default(0),
  /** Of the tokens read, those the vendor had read before. */
  cachedTokens: z.number().default(0),
  /** Spent waiting for the model. */
  latencyMs: z.number().default(0),
});

export type ModelUsage = z.output<typeof modelUsageSchema>;

export const noUsage = (): ModelUsage => ({
  calls: 0,
  inputTokens: 0,
  outputTokens: 0,
  failures: 0,
  cachedTokens: 0,
  latencyMs: 0,
});
