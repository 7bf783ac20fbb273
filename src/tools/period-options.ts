import type { PeriodOptions } from '../domain/periods/find-periods.ts';
import { incidentAnchors, LOOKED_BACK_MS } from '../domain/periods/incident-anchors.ts';
import type { ToolContext } from './define-tool.ts';

const EVENT = /\b(?:outages?|incidents?|downtime)\b/i;

/** What periods in arguments are read with: the person's zone, the company's fiscal year, and the last incident where one is spoken of. */
export async function periodOptions(
  ctx: Pick<ToolContext, 'clock' | 'principal' | 'company' | 'facts'>,
  ...words: (string | undefined)[]
): Promise<PeriodOptions> {
  const nowAt = ctx.clock.now();
  const { tz } = ctx.principal;
  const { fiscalYearStart } = ctx.company;
  if (!words.some((text) => EVENT.test(text ?? ''))) return { nowAt, tz, fiscalYearStart };
  const period = { startAt: nowAt - LOOKED_BACK_MS, endAt: nowAt, tz, label: '' };
  return { nowAt, tz, fiscalYearStart, anchors: incidentAnchors(await ctx.facts.incidentsTouching(period)) };
}
