import type { QualityResult } from './check.ts';

/** Rows of the last day (or the last complete one), and of the same day in the weeks before. */
export interface Volume {
  of: string;
  last: number;
  /** Newest week first; weeks before the first row are left out. */
  before: readonly number[];
}

/** Fewer weeks than this make no baseline. */
const WEEKS = 3;
/** A baseline below this varies too much to be held against. */
const SMALLEST_BASELINE = 12;
const LOW = 0.25;
const HIGH = 4;

/**
 * Far fewer rows than on any of the same weekdays before, or far more. The median and the extremes are robust
 * against one odd week; nothing is said where the usual number is small.
 */
export function judgeVolumes(volumes: readonly Volume[]): Pick<QualityResult, 'state' | 'words'> {
  const judged = volumes.filter(({ before }) => before.length >= WEEKS);
  if (judged.length === 0) return { state: 'unknown', words: 'There are too few weeks yet to compare with.' };
  const odd = judged.flatMap((volume) => judge(volume) ?? []);
  if (odd.length === 0) {
    const usual = judged.map(({ of, last }) => `${last.toLocaleString('en-US')} ${of}`);
    return { state: 'ok', words: `As usual for the weekday: ${usual.join(', ')}.` };
  }
  const state = odd.some(({ fails }) => fails) ? 'fail' : 'warn';
  return { state, words: `${odd.map(({ words }) => words).join('; ')}.` };
}

function judge({ of, last, before }: Volume): { fails: boolean; words: string } | null {
  const usual = median(before);
  const words = `${last.toLocaleString('en-US')} ${of}, where ${usual.toLocaleString('en-US')} are usual for the weekday`;
  if (usual >= SMALLEST_BASELINE && last < usual * LOW && last < Math.min(...before))
    return { fails: last === 0, words };
  const most = Math.max(...before);
  if (last > most * HIGH && last - most >= 50) return { fails: false, words };
  return null;
}

/** The middle of the values, the lower of two; 0 of none. */
function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? 0;
}
