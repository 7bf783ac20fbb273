import { DAY, dayNumber } from './calendar.ts';
import { mix, unit } from './random.ts';
import type { CustomerRecord } from './records.ts';
import type { Temper } from './simulated-world.ts';

export const CATEGORIES = ['inference', 'embeddings', 'search', 'batch'] as const;

export interface UsageProfile {
  /** Calls of a grown weekday in the first category. */
  level: number;
  categories: number;
  /** Share of weekdays with any call. */
  presence: number;
  /** Days from signup to the first call. */
  delay: number;
  kind: Temper['usage'];
  /** Sliding and surging begin here. */
  turnDay: number;
}

interface Size {
  low: number;
  high: number;
  categories: number;
  presence: number;
}

const SMALL: Size = { low: 260, high: 2_400, categories: 1, presence: 0.34 };
const SIZES: Record<string, Size> = {
  solo: SMALL,
  startup: { low: 3_000, high: 21_000, categories: 1, presence: 0.8 },
  midmarket: { low: 30_000, high: 160_000, categories: 2, presence: 1 },
  enterprise: { low: 220_000, high: 1_100_000, categories: 4, presence: 1 },
};

/** A customer of this many weeks of decline (or rise) is a story of its own. */
const TURN_DAYS = 44;

export function usageProfile(
  customer: CustomerRecord,
  hash: number,
  temper: Temper | undefined,
  anchorNow: number,
): UsageProfile {
  const size = SIZES[customer.segment] ?? SMALL;
  return {
    level: size.low * (size.high / size.low) ** unit(hash, 11),
    categories: size.categories,
    presence: size.presence,
    delay: Math.floor(unit(hash, 12) ** 3 * 20),
    kind: temper?.usage ?? 'ordinary',
    turnDay: dayNumber(anchorNow - TURN_DAYS * DAY),
  };
}

/** All calls of a customer's whole day in one category; 0 on a day without any. */
export function dailyCalls(
  profile: UsageProfile,
  hash: number,
  day: number,
  age: number,
  category: number,
): number {
  if (profile.kind === 'silent' || age < profile.delay) return 0;
  // Day 0, 1970-01-01, was a Thursday.
  const weekday = (day + 4) % 7;
  const weekend = weekday === 0 || weekday === 6;
  const dice = mix(mix(hash, day), category);
  const present = weekend ? profile.presence * 0.6 : profile.presence;
  if (present < 1 && profile.presence < 1 && (dice >>> 16) / 65536 >= present) return 0;
  const noise = 0.72 + ((dice & 0xffff) / 65536) * 0.56;
  const ramp = Math.min(1, (age + 4) / 45) * (1 + age / 800);
  return Math.floor(
    profile.level * noise * ramp * (weekend ? 0.55 : 1) * turn(profile, day) * 0.6 ** category,
  );
}

function turn(profile: UsageProfile, day: number): number {
  if (profile.kind === 'ordinary' || day < profile.turnDay) return 1;
  const weeks = (day - profile.turnDay) / 7;
  return profile.kind === 'sliding' ? Math.max(0.08, 0.78 ** weeks) : Math.min(4, 1.16 ** weeks);
}
