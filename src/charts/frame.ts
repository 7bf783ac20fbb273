import { FONT, type Look, textWidth } from './look.ts';

export const LABEL_PX = 12;
const TITLE_PX = 17;
export const LONGEST_LABEL_PX = 240;

export interface Layout {
  width: number;
  height: number;
  padding: { left: number; right: number; top: number; bottom: number };
}

export type Spec = { [key: string]: unknown };

/** What every picture has: background, fonts, and its title above everything, with a quieter line below it. */
export function frame(look: Look, title: string, layout: Layout, rest: Spec, subtitle?: string): Spec {
  const whole = layout.width + layout.padding.left + layout.padding.right - 40;
  return {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    background: look.background,
    autosize: { type: 'none' },
    ...layout,
    title: {
      text: wrapped(title, whole),
      ...(subtitle === undefined ? {} : { subtitle }),
      anchor: 'start',
      frame: 'group',
      dx: -layout.padding.left + 20,
      offset: 22,
      font: FONT,
      fontSize: TITLE_PX,
      fontWeight: 600,
      lineHeight: 22,
      color: look.ink,
      subtitleFont: FONT,
      subtitleFontSize: LABEL_PX,
      subtitleColor: look.quiet,
      subtitlePadding: 5,
    },
    config: {
      view: { stroke: null },
      font: FONT,
      axis: {
        labelFont: FONT,
        labelFontSize: LABEL_PX,
        labelColor: look.quiet,
        domain: false,
        ticks: false,
        grid: false,
        labelPadding: 8,
        title: null,
      },
      text: { font: FONT, fontSize: LABEL_PX },
    },
    ...rest,
  };
}

/** The room above the drawing for a title of these words. */
export function topFor(title: string, widthPx: number, subtitle?: string): number {
  return 40 + 22 * wrapped(title, widthPx - 40).length + (subtitle === undefined ? 0 : 20);
}

/** A legend below the drawing, its entries in rows of four. */
export function legendBelow(look: Look, offset: number): Spec {
  return {
    orient: 'bottom',
    direction: 'horizontal',
    title: null,
    labelFont: FONT,
    labelFontSize: LABEL_PX,
    labelColor: look.quiet,
    labelLimit: 160,
    columns: 4,
    symbolType: 'square',
    offset,
  };
}

/** Cut to the room a name has, by our own measure of it: Vega's is too wide without a browser. */
export function fitting(label: string, widthPx = LONGEST_LABEL_PX): string {
  let cut = label;
  while (textWidth(cut, LABEL_PX) > widthPx) cut = cut.slice(0, -1);
  return cut === label ? label : `${cut.trimEnd()}…`;
}

export function widest(labels: readonly string[]): number {
  return Math.max(0, ...labels.map((label) => textWidth(label, LABEL_PX)));
}

function wrapped(title: string, widthPx: number): string[] {
  const lines: string[] = [];
  for (const word of title.split(' ')) {
    const last = lines.at(-1);
    const longer = last === undefined ? word : `${last} ${word}`;
    if (last !== undefined && textWidth(longer, TITLE_PX) <= widthPx) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines.slice(0, 3);
}
