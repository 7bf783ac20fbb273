import type { Period, Receipt, SourceName } from '../domain/types.ts';
import type { ToolContext } from './define-tool.ts';

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
  return (rowCount, notes = []) => ({
    definition: { name: about.name, version: about.version, words: about.words },
    period: about.period ?? null,
    asOfAt,
    rowCount,
    freshness,
    notes: [...notes],
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
