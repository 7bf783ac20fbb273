import type { Exhibit } from '../domain/types.ts';

/** A chart as a picture, with what it shows in words for those who cannot look. */
export interface Picture {
  png: Uint8Array;
  width: number;
  height: number;
  alt: string;
}

export type DrawChart = (
  chart: Extract<Exhibit, { kind: 'chart' }>,
  look: { theme: 'light' | 'dark'; widthPx: number },
) => Promise<Picture>;
