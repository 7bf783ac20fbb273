import { z } from 'zod';
import type { Period, Receipt, SourceName } from '../domain/types.ts';
import type { ToolContext } from './define-tool.ts';

/** The shapes every output is made of. */
export const moneySchema = z.strictObject({ minor: z.int(), currency: z.string().length(3) });

export const periodSchema = z.strictObject({
  startAt: z.int(),
  endAt: z.int(),
  tz: z.string(),
  label: z.string(),
});

export const receiptSchema = z.strictObject({
  definition: z.strictObject({
    name: z.string(),
    version: z.int(),
    words: z.string(),
    policy: z.string().optional(),
  }),
  period: periodSchema.nullable(),
  asOfAt: z.int(),
  rowCount: z.int(),
  freshness: z.array(
    z.strictObject({
      source: z.enum(['stripe', 'supabase', 'psizero']),
      throughAt: z.int().nullable(),
      stale: z.boolean(),
    }),
  ),
  notes: z.array(z.string()),
});

export const listedSchema = z.array(
  z.strictObject({ id: z.string(), label: z.string(), customerId: z.string().optional() }),
);

/** Brings the sources up to date and writes down what an answer is made from; `rowCount` is told afterwards. */
export async function openReceipt(
  ctx: Pick<ToolContext, 'sources' | 'clock'>,
  about: {
    name: string;
    version: number;
    words: string;
    sources: readonly SourceName[];
    period?: Period | null;
  },
): Promise<(rowCount: number, notes?: readonly string[]) => Omit<Receipt, 'queryId'>> {
  await ctx.sources.refresh(about.sources);
  const freshness = await ctx.sources.freshness(about.sources);
  const asOfAt = ctx.clock.now();
  const late = freshness
    .filter((source) => source.stale)
    .map((source) => `${source.source} data may be behind`);
  return (rowCount, notes = []) => ({
    definition: { name: about.name, version: about.version, words: about.words },
    period: about.period ?? null,
    asOfAt,
    rowCount,
    freshness,
    notes: [...notes, ...late],
  });
}

/** Psi's own ledgers are never behind, so their receipt names no source. */
export function ledgerReceipt(
  about: { name: string; words: string },
  asOfAt: number,
  rowCount: number,
): Omit<Receipt, 'queryId'> {
  return { definition: { ...about, version: 1 }, period: null, asOfAt, rowCount, freshness: [], notes: [] };
}
