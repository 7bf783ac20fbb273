import type { Truth } from '../sandbox/client.ts';

export interface Figure {
  value: number;
  /** The value of one unit in the last place shown: 0.01 for "$86.21", 100 for "$86.2k". */
  step: number;
  percent: boolean;
}

const SCALE: Record<string, number> = { k: 1e3, m: 1e6, b: 1e9, thousand: 1e3, million: 1e6, billion: 1e9 };

/** Every figure in a text, with the precision it was shown at. Dates and clock times are left out. */
export function figuresIn(text: string): Figure[] {
  const cleaned = text
    .replace(/\d{4}-\d{2}-\d{2}(?:T[\d:.]+Z?)?/g, ' ')
    .replace(/\b(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.? \d{1,2}(?:, \d{4})?/g, ' ')
    .replace(/\b\d{1,2}:\d{2}\b/g, ' ');
  const figures: Figure[] = [];
  const pattern = /(\d{1,3}(?:,\d{3})+|\d+)(\.\d+)?\s?(k|m|b|thousand|million|billion)?\b\s?(%)?/gi;
  for (const match of cleaned.matchAll(pattern)) {
    const scale = SCALE[(match[3] ?? '').toLowerCase()] ?? 1;
    const decimals = (match[2] ?? '').length > 0 ? (match[2] ?? '').length - 1 : 0;
    const value = Number(`${(match[1] ?? '').replaceAll(',', '')}${match[2] ?? ''}`) * scale;
    figures.push({ value, step: scale / 10 ** decimals, percent: match[4] === '%' });
  }
  return figures;
}

/** True when the figure is the truth, rounded as it was shown. */
export function shows(figure: Figure, truth: Truth): boolean {
  if (truth.value === null) return false;
  const target = truth.unit === 'ratio' && figure.percent ? truth.value * 100 : truth.value;
  return (
    Math.abs(figure.value - Math.abs(target)) <= figure.step / 2 + 1e-9 && figure.step <= coarsest(target)
  );
}

/** "about 0" does not show 86,214: at least two significant digits are asked for above 100. */
function coarsest(target: number): number {
  return Math.max(1, Math.abs(target) / 50);
}
