import { DAY } from './calendar.ts';
import { PLACES } from './geography.ts';
import { inDip } from './life.ts';
import { companyName } from './names.ts';
import type { Plan } from './plans.ts';
import { chance, mix, unit } from './random.ts';
import type { Signup } from './signups.ts';

export interface Anchor {
  seed: number;
  now: number;
  scale: number;
}

export const HISTORY_DAYS = 730;
const ORDINARY_AT_SCALE_ONE = 372;

/** How many a day come, relative to the first day. */
function pull(anchor: Anchor, dayOfHistory: number): number {
  const growing = 1 + (2.2 * dayOfHistory) / HISTORY_DAYS;
  const at = anchor.now - (HISTORY_DAYS - dayOfHistory) * DAY;
  return inDip(anchor.now, at) ? growing * 0.42 : growing;
}

let last: { key: string; arrival: (n: number) => number } | null = null;

/** The instants customers of chance come, up to and beyond the anchor's now, by their number. */
export function arrivals(anchor: Anchor): (n: number) => number {
  const key = `${anchor.seed}/${anchor.now}/${anchor.scale}`;
  if (last?.key !== key) last = { key, arrival: makeArrivals(anchor) };
  return last.arrival;
}

function makeArrivals(anchor: Anchor): (n: number) => number {
  const total = Math.max(1, Math.round(ORDINARY_AT_SCALE_ONE * anchor.scale));
  const reached: number[] = [0];
  for (let day = 0; day < HISTORY_DAYS; day += 1) reached.push((reached[day] ?? 0) + pull(anchor, day));
  const sum = reached[HISTORY_DAYS] ?? 1;
  const startAt = anchor.now - HISTORY_DAYS * DAY;
  const gap = (sum / (pull(anchor, HISTORY_DAYS) * total)) * DAY;
  const key = mix(anchor.seed, 0x5161);
  return (n) => {
    const place = n + 0.05 + 0.9 * unit(key, n);
    if (n >= total) return Math.floor(anchor.now + (place - total) * gap);
    const wanted = (place / total) * sum;
    let low = 0;
    let high = HISTORY_DAYS;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((reached[middle] ?? 0) <= wanted) low = middle;
      else high = middle;
    }
    const from = reached[low] ?? 0;
    const share = (wanted - from) / ((reached[low + 1] ?? sum) - from);
    return Math.floor(startAt + (low + share) * DAY);
  };
}

/** Who the n-th customer of chance is. */
export function ordinarySignup(anchor: Anchor, n: number): Signup {
  const draw = chance(anchor.seed, 'ordinary', n);
  const plan = draw.weighted<Plan>([
    ['starter', 50],
    ['growth', 31],
    ['scale', 14],
    ['enterprise', 5],
  ]);
  const large = plan === 'scale' || plan === 'enterprise';
  const tries = !large && draw.happens(0.68);
  return {
    name: companyName(anchor.seed, n),
    country: draw.weighted(PLACES).country,
    plan,
    interval: draw.happens(large ? 0.28 : 0.12) ? 'year' : 'month',
    quantity:
      plan === 'starter'
        ? 1
        : draw.weighted([
            [1, 70],
            [2, 18],
            [3, 8],
            [5, 4],
          ]),
    trialDays: tries ? 14 : 0,
    card: !tries || draw.happens(0.85),
    discount: draw.happens(0.13)
      ? draw.weighted([
          [{ percentOff: 20, duration: 'repeating', months: 3 }, 40],
          [{ percentOff: 10, duration: 'forever' }, 25],
          [{ percentOff: 12.5, duration: 'forever' }, 10],
          [{ percentOff: 50, duration: 'once' }, 25],
        ])
      : null,
  };
}
