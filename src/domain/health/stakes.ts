import { wilson } from '../statistics/samples.ts';
import { type Band, compareBands } from './bands.ts';
import type { AccountFacts } from './facts.ts';
import type { Snapshot } from './snapshot.ts';
import { DAY_MS } from './windows.ts';

/** Leaving within this long of being flagged is what a flag is judged by. */
export const STAKE_DAYS = 90;
/** So many flags are counted, the newest. */
export const STAKE_FLAGS = 50;
/** Fewer say nothing that anybody could bet on. */
const LEAST_FLAGS = 10;

/** "Of the last 50 flagged at this level, 9 left within 90 days." */
export interface Stake {
  band: Band;
  flagged: number;
  left: number;
  days: number;
  /** 95 % Wilson interval of the share that left. */
  low: number;
  high: number;
  /** The share of all accounts, flagged or not, that left within as many days: what a flag is to beat. */
  baseRate: number;
}

type Seen = Pick<Snapshot, 'customerId' | 'at'> & { band: Band };

/**
 * What became of the accounts that entered a band (or a worse one) so long ago that it is known, by the snapshots.
 * Null where there are too few. `leftAt` is when an account last had a live subscription, null while it has one.
 * A flag counts once an episode: an account that stays flagged is not flagged again.
 */
export function stakeOf(
  snapshots: readonly Seen[],
  leftAt: ReadonlyMap<string, number | null>,
  band: Band,
  nowAt: number,
): Stake | null {
  const settled = nowAt - STAKE_DAYS * DAY_MS;
  const flags = entries(snapshots, band)
    .filter(({ at }) => at <= settled)
    .sort((a, b) => b.at - a.at || (a.customerId < b.customerId ? -1 : 1))
    .slice(0, STAKE_FLAGS);
  if (flags.length < LEAST_FLAGS) return null;
  const leaves = ({ customerId, at }: Pick<Seen, 'customerId' | 'at'>) => {
    const gone = leftAt.get(customerId) ?? null;
    return gone !== null && gone > at && gone <= at + STAKE_DAYS * DAY_MS;
  };
  const left = flags.filter(leaves).length;
  const all = snapshots.filter(({ at }) => at <= settled);
  const { low, high } = wilson(left, flags.length);
  const baseRate = all.length === 0 ? 0 : all.filter(leaves).length / all.length;
  return { band, flagged: flags.length, left, days: STAKE_DAYS, low, high, baseRate };
}

/** Each time an account came to be in the band or a worse one, having been in a better one or unknown before. */
function entries(snapshots: readonly Seen[], band: Band): Seen[] {
  const inside = new Map<string, boolean>();
  return [...snapshots]
    .sort((a, b) => a.at - b.at)
    .filter((one) => {
      const flagged = compareBands(one.band, band) <= 0;
      const entered = flagged && inside.get(one.customerId) !== true;
      inside.set(one.customerId, flagged);
      return entered;
    });
}

/** An account that left although it was healthy or stable the last time it was looked at. */
export interface GreenButLeft {
  customerId: string;
  leftAt: number;
  /** The last snapshot before it left. */
  last: { at: number; band: Band; score: number };
}

/** Accounts that left in the period and were not flagged when last seen: each wants a look at what the score missed. */
export function greenButLeft(
  snapshots: readonly (Seen & { score: number })[],
  leftAt: ReadonlyMap<string, number | null>,
  { startAt, endAt }: { startAt: number; endAt: number },
): GreenButLeft[] {
  const last = new Map<string, Seen & { score: number }>();
  for (const one of snapshots) {
    const gone = leftAt.get(one.customerId) ?? null;
    if (gone === null || gone < startAt || gone >= endAt || one.at > gone) continue;
    const known = last.get(one.customerId);
    if (!known || one.at > known.at) last.set(one.customerId, one);
  }
  return [...last.values()]
    .filter(({ band }) => compareBands(band, 'stable') >= 0)
    .map(({ customerId, at, band, score }) => ({
      customerId,
      leftAt: leftAt.get(customerId) ?? at,
      last: { at, band, score },
    }))
    .sort((a, b) => b.leftAt - a.leftAt);
}

const LIVE = new Set(['active', 'past_due', 'unpaid', 'trialing']);

/** When an account's last live state ended by `nowAt`; null while one lives, or where none ever did. */
export function leftWhen(
  subscriptions: readonly Pick<AccountFacts['subscriptions'][number], 'status' | 'validFrom' | 'validTo'>[],
  nowAt: number,
): number | null {
  const live = subscriptions.filter(({ status, validFrom }) => LIVE.has(status) && validFrom <= nowAt);
  const ends = live.map(({ validTo }) => validTo ?? Number.POSITIVE_INFINITY);
  const last = Math.max(...ends);
  return live.length === 0 || last > nowAt ? null : last;
}
