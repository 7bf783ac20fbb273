import { altText, headline } from './chart-words.ts';
import type { Drawable } from './draw.ts';
import { heatmapAlt, heatmapHeadline } from './heatmap-words.ts';
import { survivalAlt, survivalHeadline } from './survival-words.ts';
import { waterfallAlt, waterfallHeadline } from './waterfall-words.ts';

const LONGEST_ALT = 900;

/** What the eye is to see, computed from the data itself. */
export function pictureTitle(drawable: Drawable): string {
  switch (drawable.kind) {
    case 'chart':
      return headline(drawable);
    case 'waterfall':
      return waterfallHeadline(drawable);
    case 'heatmap':
      return heatmapHeadline(drawable);
    case 'survival':
      return survivalHeadline(drawable);
  }
}

/** What the picture shows, for those who cannot look: the answer's own words where it has some, then the points. */
export function pictureAlt(drawable: Drawable): string {
  const shown = shownIn(drawable);
  const text = drawable.alt === '' ? shown : `${drawable.alt} ${shown}`;
  return text.length > LONGEST_ALT ? `${text.slice(0, LONGEST_ALT - 1)}…` : text;
}

function shownIn(drawable: Drawable): string {
  switch (drawable.kind) {
    case 'chart':
      return altText(drawable);
    case 'waterfall':
      return waterfallAlt(drawable);
    case 'heatmap':
      return heatmapAlt(drawable);
    case 'survival':
      return survivalAlt(drawable);
  }
}
