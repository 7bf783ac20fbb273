import type { Assessment, Standing } from './assess.ts';
import type { Band } from './bands.ts';
import type { BandSettings } from './settings.ts';
import type { Snapshot } from './snapshot.ts';
import type { GreenButLeft, Stake } from './stakes.ts';

/** How customers stand, as tools ask for it. Instants are epoch milliseconds; nothing after the one asked for counts. */
export interface HealthDesk {
  /** Names the features and weights in force: "1-3f9a0c12". */
  version(): string;
  bands(): BandSettings;
  /** One account in full; null when it has no live subscription at `at`, or too little is known of it for a score. */
  assess(customerId: string, at: number): Promise<Assessment | null>;
  /** Everybody with a live subscription at `at`, and if asked so many days before it, by customer id. */
  standings(at: number, agoDays?: number): Promise<{ now: Standing[]; before: Standing[] }>;
  /** What was written down of one customer, oldest first. */
  history(customerId: string): Promise<Snapshot[]>;
  /** What became of those flagged at this level; null where that is not known of enough of them. */
  stake(band: Band, at: number): Promise<Stake | null>;
  /** Who left in the period although they were last seen stable or healthy. */
  greenButLeft(period: { startAt: number; endAt: number }): Promise<GreenButLeft[]>;
}
