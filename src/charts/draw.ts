import type { Exhibit } from '../domain/types.ts';

/** What can be drawn as a picture. */
export type Drawable = Extract<Exhibit, { kind: 'chart' | 'waterfall' | 'heatmap' | 'survival' }>;

/** A chart as a picture, with what it shows in words for those who cannot look. */
export interface Picture {
  png: Uint8Array;
  width: number;
  height: number;
  alt: string;
}

export type DrawChart = (
  drawable: Drawable,
  look: { theme: 'light' | 'dark'; widthPx: number },
) => Promise<Picture>;
