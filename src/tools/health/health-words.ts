import { z } from 'zod';
import { BANDS, type Band } from '../../domain/health/bands.ts';
import type { Part } from '../../domain/health/score.ts';
import type { Stake } from '../../domain/health/stakes.ts';
import type { SourceName } from '../../domain/types.ts';
import { sayList } from '../wording.ts';

/** How health is put into words, the same by every tool that speaks of it. */

export const bandSchema = z.enum(BANDS);

export const partSchema = z.strictObject({
  feature: z.string(),
  title: z.string(),
  /** In words with its numbers, or why it says nothing. */
  words: z.string(),
  says: z.enum(['value', 'missing', 'silent']),
  value: z.number().nullable(),
  points: z.number().nullable(),
  /** Percent of the score. */
  share: z.number(),
  /** Points it costs the score. */
  costs: z.number(),
});
export type PartShown = z.output<typeof partSchema>;

export const HEALTH_SOURCES: readonly SourceName[] = ['psizero', 'supabase', 'stripe'];
export const DEFINITION =
  'A weighted mean of 0 to 100 points for usage, support, payments and people, by the weights of the segment in health.yml. Below 30 is critical, below 60 a warning, above 80 healthy. What cannot be known lowers the confidence and not the score';

export function shownPart({ feature, title, measured, points, share, costs }: Part): PartShown {
  return {
    feature,
    title,
    words: measured.is === 'value' ? measured.words : measured.why,
    says: measured.is,
    value: measured.is === 'value' ? round(measured.value, 4) : null,
    points: points === null ? null : round(points, 1),
    share: round(share * 100, 1),
    costs: round(costs, 1),
  };
}

export const round = (value: number, digits: number): number =>
  Math.round(value * 10 ** digits) / 10 ** digits;

export const whole = (value: number): string => String(Math.round(value));

const BAND_WORDS: Readonly<Record<Band, string>> = {
  critical: 'critical',
  warning: 'in the warning band',
  stable: 'stable',
  healthy: 'healthy',
};
export const sayBand = (band: Band): string => BAND_WORDS[band];

/** "down 12 points in 30 days (86 before)"; "unchanged over 7 days". */
export function sayTrend({
  days,
  before,
  change,
}: {
  days: number;
  before: number | null;
  change: number | null;
}) {
  if (before === null || change === null) return `no score ${days} days ago`;
  // As both scores are shown, so that they add up on the page.
  const shown = Math.round(before + change) - Math.round(before);
  if (shown === 0) return `unchanged over ${days} days`;
  const noun = Math.abs(shown) === 1 ? 'point' : 'points';
  return `${shown < 0 ? 'down' : 'up'} ${Math.abs(shown)} ${noun} in ${days} days (${whole(before)} before)`;
}

/** "calls fell 34% over 28 days (12 points)". */
export function sayCosts(parts: readonly Pick<PartShown, 'words' | 'costs'>[]): string {
  return sayList(parts.map(({ words, costs }) => `${words} (${Math.max(1, Math.round(costs))} points)`));
}

export const stakeSchema = z
  .strictObject({
    band: bandSchema,
    flagged: z.int(),
    left: z.int(),
    days: z.int(),
    low: z.number(),
    high: z.number(),
    baseRate: z.number(),
  })
  .nullable();

/** "Of the last 50 accounts flagged at this level, 9 left within 90 days (10-31%); 4% of all accounts did." */
export function sayStake({ flagged, left, days, low, high, baseRate }: Stake): string {
  const [from, to, base] = [low, high, baseRate].map((share) => Math.round(share * 100));
  return `Of the last ${flagged} accounts flagged at this level, ${left} left within ${days} days (95% interval ${from}-${to}%); of all accounts ${base}% did.`;
}
