import { z } from 'zod';
import type { Standing } from './assess.ts';
import { BANDS, type Band } from './bands.ts';

/** How an account stood on a company day, as it was written down. */
export interface Snapshot {
  customerId: string;
  /** YYYY-MM-DD. */
  day: string;
  version: string;
  at: number;
  computedAt: number;
  segment: string;
  score: number | null;
  confidence: number;
  band: Band | null;
  /** By feature; value and points are null where it said nothing. */
  features: SnapshotFeatures;
}

const featuresSchema = z.record(
  z.string(),
  z.strictObject({ value: z.number().nullable(), points: z.number().nullable() }),
);
export type SnapshotFeatures = z.output<typeof featuresSchema>;

/** What a stored snapshot holds in text; a malformed one throws. */
export const snapshotText = z.object({
  band: z.enum(BANDS).nullable(),
  features: z.string().transform((text) => featuresSchema.parse(JSON.parse(text))),
});

/** A standing as it is written down for a day. */
export function toSnapshot(
  standing: Standing,
  of: { day: string; version: string; computedAt: number },
): Snapshot {
  const { customerId, at, segment, band, score } = standing;
  const features = score.parts.map(
    ({ feature, measured, points }) =>
      [feature, { value: measured.is === 'value' ? measured.value : null, points }] as const,
  );
  return {
    ...of,
    ...{ customerId, at, segment, band },
    score: score.score,
    confidence: score.confidence,
    features: Object.fromEntries(features),
  };
}
