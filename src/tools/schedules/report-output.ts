import { z } from 'zod';
import { receiptSchema } from '../../domain/output-shapes.ts';
import { nextWords, type Report, targetWords, timesOf } from '../../domain/reports/report.ts';
import type { ToolContext } from '../define-tool.ts';
import { ledgerReceipt } from '../receipt.ts';

/** How the tools about reports describe one. */
export const reportShape = z.strictObject({
  id: z.string(),
  words: z.string(),
  /** What it looks up, one by one. */
  parts: z.array(z.string()),
  times: z.string(),
  where: z.string(),
  next: z.string(),
  /** Why it could not be posted when it was last due. */
  trouble: z.string().nullable(),
});

export const oneReportOutput = z.strictObject({
  report: reportShape,
  before: reportShape.nullable(),
  /** Done before, or nothing to change. */
  already: z.boolean(),
  notes: z.array(z.string()),
  listed: z.array(z.strictObject({ id: z.string(), label: z.string() })),
  receipt: receiptSchema,
});

export function toShape(report: Report, nowAt: number): z.output<typeof reportShape> {
  return {
    id: report.id,
    words: report.words,
    parts: report.calls.map(({ words }) => words),
    times: timesOf(report),
    where: targetWords(report.target),
    next: nextWords(report, nowAt),
    trouble: report.trouble?.why ?? null,
  };
}

/** One report after what was done with it; it can be spoken of as "it" from then on. */
export function toOneReport(
  report: Report,
  ctx: Pick<ToolContext, 'clock'>,
  more: { before?: Report; already?: boolean; notes?: string[] } = {},
): z.output<typeof oneReportOutput> {
  const nowAt = ctx.clock.now();
  const words = 'What this person wishes to see again and again';
  return {
    report: toShape(report, nowAt),
    before: more.before ? toShape(more.before, nowAt) : null,
    already: more.already ?? false,
    notes: more.notes ?? [],
    listed: [{ id: report.id, label: report.words }],
    receipt: ledgerReceipt({ name: 'Scheduled reports', words }, nowAt, 1),
  };
}

/** "Weekdays at 07:00 America/Los_Angeles; next Mon Nov 23, 07:00". */
export function whenWords({ times, next }: z.output<typeof reportShape>): string {
  return `${times}; ${next}`;
}

/** Reports the asker may change: their own, and for a founder also those of others, after their own. */
export async function changeable(ctx: ToolContext): Promise<{ own: Report[]; all: Report[] }> {
  const { teamId, userId, roles } = ctx.principal;
  const own = await ctx.reports.list({ teamId, ownerId: userId });
  const all = roles.includes('founder') ? await ctx.reports.list({ teamId }) : own;
  return { own, all };
}

/** Ids of reports among what the thread's latest answers listed: what "it" may be. */
export function listedReports(previous: readonly { listed: readonly { id: string }[] }[]): string[] {
  const newest = previous.find(({ listed }) => listed.some(({ id }) => id.startsWith('rep_')));
  return newest?.listed.map(({ id }) => id).filter((id) => id.startsWith('rep_')) ?? [];
}
