import { join } from 'node:path';
import { projectRoot } from '../lib/paths.ts';
import { chartSpec } from './chart-spec.ts';
import type { DrawChart } from './draw.ts';
import { FONT, LOOKS } from './look.ts';
import { pictureAlt } from './picture-words.ts';

/** Sharp on dense screens. */
const SCALE = 2;

/**
 * Draws with Vega-Lite and Resvg, with our own font and none of the system's: the same chart gives the same bytes
 * on every machine. Loads the libraries (half a second, 50 MB) at the first picture only.
 */
export const drawChart: DrawChart = async (drawable, { theme, widthPx }) => {
  const [vega, { compile }, { Resvg }] = await Promise.all([
    import('vega'),
    import('vega-lite'),
    import('@resvg/resvg-js'),
  ]);
  const look = LOOKS[theme];
  // Vega-Lite's types are a union too wide to build piece by piece: the one cast of this room.
  const { spec } = compile(chartSpec(drawable, look, widthPx) as unknown as Parameters<typeof compile>[0]);
  const view = new vega.View(vega.parse(spec), { renderer: 'none' });
  const svg = await view.toSVG();
  view.finalize();
  const fonts = join(projectRoot(), 'node_modules/@expo-google-fonts/inter');
  const picture = new Resvg(svg, {
    background: look.background,
    fitTo: { mode: 'zoom', value: SCALE },
    font: {
      loadSystemFonts: false,
      fontFiles: [
        join(fonts, '400Regular/Inter_400Regular.ttf'),
        join(fonts, '600SemiBold/Inter_600SemiBold.ttf'),
      ],
      defaultFontFamily: FONT,
    },
  }).render();
  return { png: picture.asPng(), width: picture.width, height: picture.height, alt: pictureAlt(drawable) };
};
