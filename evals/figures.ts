import type { Truth } from '../sandbox/client.ts';

export interface Figure {
  value: number;
  /** The value of one unit in the last place shown: 0.01 for "$86.21", 100 for "$86.2k". */
  step: number;
  percent: boolean;
  /** A stretch of time, in milliseconds: "12 h 28 min". */
  duration?: true;
}

const SCALE: Record<string, number> = { k: 1e3, m: 1e6, b: 1e9, thousand: 1e3, million: 1e6, billion: 1e9 };

/** Every figure in a text, with the precision it was shown at. Dates and clock times are left out. */
export function figuresIn(text: string): Figure[] {
  const cleaned = text
    .replace(/\d{4}-\d{2}-\d{2}(?:T[\d:.]+Z?)?/g, ' ')
    .replace(/\b(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.? \d{1,2}(?:, \d{4})?/g, ' ')
    .replace(/\b\d{1,2}:\d{2}\b/g, ' ');
  const figures: Figure[] = durationsIn(cleaned);
  const pattern =
    /(\d{1,3}(?:,\d{3})+|\d+)(\.\d+)?\s?(k|m|b|thousand|million|billion)?(?:\b|(?=x\b))\s?(%)?/gi;
  for (const match of cleaned.matchAll(pattern)) {
    const scale = SCALE[(match[3] ?? '').toLowerCase()] ?? 1;
    const decimals = (match[2] ?? '').length > 0 ? (match[2] ?? '').length - 1 : 0;
    const value = Number(`${(match[1] ?? '').replaceAll(',', '')}${match[2] ?? ''}`) * scale;
    figures.push({ value, step: scale / 10 ** decimals, percent: match[4] === '%' });
  }
  return figures;
}

const MS_OF: Record<string, number> = { ms: 1, s: 1_000, min: 60_000, h: 3_600_000, d: 86_400_000 };

/** "42 s", "12 min", "3 h 12 min", "2 d 4 h": the last unit said is the precision. */
function durationsIn(text: string): Figure[] {
  const pattern = /\b\d[\d,]*(?:\.\d+)? ?(?:ms|s|min|h|d)\b(?: \d+ ?(?:s|min|h)\b)*/g;
  return [...text.matchAll(pattern)].map(([words]) => {
    const parts = [...words.matchAll(/([\d,]+(?:\.\d+)?) ?(ms|s|min|h|d)/g)];
    const value = parts.reduce(
      (sum, [, n = '', unit = '']) => sum + Number(n.replaceAll(',', '')) * (MS_OF[unit] ?? 0),
      0,
    );
    const [, last = '', unit = ''] = parts.at(-1) ?? [];
    const step = (MS_OF[unit] ?? 1) / 10 ** (last.split('.')[1] ?? '').length;
    return { value, step, percent: false, duration: true };
  });
}

/** True when the figure is the truth, rounded as it was shown. */
export function shows(figure: Figure, truth: Truth): boolean {
  if (truth.value === null) return false;
  if (figure.duration) {
    const unit = MS_OF[truth.unit === 'minutes' ? 'min' : truth.unit];
    if (unit === undefined) return false;
    const target = Math.abs(truth.value) * unit;
    // "2 d 4 h" is as fine as it is shown; a quarter of it is no precision at all.
    return (
      Math.abs(figure.value - target) <= figure.step / 2 + 1e-9 && figure.step <= Math.max(target / 4, 1)
    );
  }
  const target = truth.unit === 'ratio' && figure.percent ? truth.value * 100 : truth.value;
  return (
    Math.abs(figure.value - Math.abs(target)) <= figure.step / 2 + 1e-9 && figure.step <= coarsest(target)
  );
}

/** "about 0" does not show 86,214: at least two significant digits are asked for above 100. */
function coarsest(target: number): number {
  return Math.max(1, Math.abs(target) / 50);
}
