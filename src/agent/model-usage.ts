import { z } from 'zod';

/** What the model cost in one turn: calls made, tokens read and written. All 0 in rules mode. */
export const modelUsageSchema = z.object({
  calls: z.number(),
  inputTokens: z.number(),
  outputTokens: z.number(),
});

export type ModelUsage = z.output<typeof modelUsageSchema>;
