import type { BandSettings } from './settings.ts';

/** From worst to best. */
export const BANDS = ['critical', 'warning', 'stable', 'healthy'] as const;
export type Band = (typeof BANDS)[number];

/** The band a score alone stands for: critical below its edge, healthy only above its own. */
export function plainBand(score: number, { critical, warning, healthy }: BandSettings): Band {
  if (score < critical) return 'critical';
  if (score < warning) return 'warning';
  return score > healthy ? 'healthy' : 'stable';
}

/**
 * The band of a score for an account that was in `previous` (null: nothing is known): it stays there until the score
 * is more than the margin beyond that band's edge, so that noise about an edge changes nothing.
 */
export function bandOf(score: number, previous: Band | null, settings: BandSettings): Band {
  const plain = plainBand(score, settings);
  if (previous === null || plain === previous) return plain;
  const [from, to] = edgesOf(previous, settings);
  return score >= from - settings.margin && score <= to + settings.margin ? previous : plain;
}

/** The score from which on an account in this band is in a better one; null where there is none. */
export function nextBandAt(band: Band, settings: BandSettings): number | null {
  return band === 'healthy' ? null : edgesOf(band, settings)[1] + settings.margin;
}

function edgesOf(band: Band, { critical, warning, healthy }: BandSettings): readonly [number, number] {
  switch (band) {
    case 'critical':
      return [0, critical];
    case 'warning':
      return [critical, warning];
    case 'stable':
      return [warning, healthy];
    case 'healthy':
      return [healthy, 100];
  }
}

/** Below zero when `a` is the worse one. */
export function compareBands(a: Band, b: Band): number {
  return BANDS.indexOf(a) - BANDS.indexOf(b);
}
