import { groupDigits } from '../../money/format.ts';

/** One customer's calls in one month. */
export interface MonthOfCalls {
  calls: number;
  categories: readonly { category: string; calls: number }[];
}

export interface Unusual {
  /** The median of the months before. */
  usual: number;
  /** The category that rose most above its own median; null where none did. */
  category: string | null;
}

/** Fewer months say nothing about what is usual. */
const LEAST_MONTHS = 3;
/** The scale that makes a median absolute deviation a standard deviation of normal data. */
const MAD_SCALE = 1.4826;
/** Months that hardly differ are taken to differ by this share, so that a small change is not a large one. */
const LEAST_SPREAD = 0.05;

/**
 * Whether a month stands out against the customer's own months before it: more than 3 robust deviations from their
 * median, or at least twice it, and above it. Null where it does not, or where there are fewer than three months.
 */
export function findUnusual(month: MonthOfCalls, before: readonly MonthOfCalls[]): Unusual | null {
  if (before.length < LEAST_MONTHS) return null;
  const counts = before.map(({ calls }) => calls);
  const usual = median(counts);
  const spread = Math.max(
    median(counts.map((calls) => Math.abs(calls - usual))) * MAD_SCALE,
    usual * LEAST_SPREAD,
  );
  const unusual = month.calls - usual > 3 * spread || (usual > 0 && month.calls >= 2 * usual);
  if (!unusual || month.calls <= usual) return null;
  return { usual, category: risenMost(month, before) };
}

function risenMost(month: MonthOfCalls, before: readonly MonthOfCalls[]): string | null {
  const rises = month.categories.map(({ category, calls }) => {
    const past = before.map((one) => one.categories.find((other) => other.category === category)?.calls ?? 0);
    return { category, rise: calls - median(past) };
  });
  const [most] = rises.sort(
    (one, other) => other.rise - one.rise || (one.category < other.category ? -1 : 1),
  );
  return most !== undefined && most.rise > 0 ? most.category : null;
}

/** The flag as a card says it, with the day that had most calls where it is known. */
export function unusualWords({ usual, category }: Unusual, calls: number, busiestDay: string | null): string {
  const times = usual === 0 ? '' : `, ${(calls / usual).toFixed(1)}x`;
  const cause = category === null ? '' : `, mostly ${category}`;
  const day = busiestDay === null ? '' : `, most on ${busiestDay}`;
  return `${groupDigits(String(calls))} calls against a usual ${groupDigits(String(Math.round(usual)))}${times}${cause}${day}`;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? 0)) / 2;
}
