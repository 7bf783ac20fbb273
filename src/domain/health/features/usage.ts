import type { KnownFacts } from '../facts.ts';
import { type Feature, missing, silent, value } from '../feature.ts';
import { DAY_MS, days, heldAgainst, percent, sumBack, whole } from '../windows.ts';

/** Fewer calls in four weeks are too few to speak of a trend. */
const LEAST_CALLS = 1_000;
/** Standard errors that count as chance: who calls by fits and starts swings by itself, and only the rest is scored. */
const CHANCE = 1;

export const callsTrend: Feature = {
  name: 'calls_trend',
  title: 'Calls trend',
  window:
    'the last 28 complete days against the 28 before, weekday by weekday, without days of our incidents, less what may be chance',
  source: 'psizero',
  nullRule: 'missing below 56 days of history; says nothing below 1,000 calls in the 28 days before',
  measure(known) {
    const pair = heldAgainst(known, ({ calls }) => calls, { days: 28, shift: 28 });
    if (!pair) return missing('the account is younger than eight weeks');
    if (pair.before < LEAST_CALLS) return silent('too few calls before to speak of a trend');
    const change = pair.now / pair.before - 1;
    const [now, before] = [whole(pair.now / pair.days), whole(pair.before / pair.days)];
    const moved = change < 0 ? `fell ${percent(change)}` : `rose ${percent(change)}`;
    const chance = (CHANCE * pair.error) / pair.before;
    const certain = Math.sign(change) * Math.max(0, Math.abs(change) - chance);
    const doubt = certain === 0 && change !== 0 ? ', which may be chance' : '';
    return value(certain, `calls ${moved} over 28 days: ${now} a day, ${before} before${doubt}`);
  },
  scale: [
    [-0.6, 0],
    [-0.3, 25],
    [-0.1, 65],
    [0, 85],
    [0.1, 100],
  ],
  lever: {
    effort: 5,
    say: (target) =>
      `calls over 28 days at ${target < 0 ? `no more than ${percent(target)} below` : `${percent(target)} above`} the 28 days before`,
  },
};

export const lastCall: Feature = {
  name: 'last_call',
  title: 'Days since the last call',
  window: 'the last 90 complete days: days without a call, beyond the longest such gap before',
  source: 'psizero',
  nullRule: 'says nothing in the first two weeks of an account',
  measure(known) {
    if (known.at - known.signedUpAt < 14 * DAY_MS) return silent('the account has only begun');
    const recent = known.usage.calls.subarray(-90);
    const [quiet, longest] = gapsOf(recent);
    if (quiet === recent.length) return value(quiet, `no call in ${days(quiet)}`);
    const beyond = Math.max(0, quiet - longest);
    if (quiet === 0) return value(0, 'called on the last complete day');
    return value(beyond, `no call for ${days(quiet)}, longest gap before ${days(longest)}`);
  },
  scale: [
    [0, 100],
    [2, 85],
    [5, 55],
    [10, 25],
    [21, 0],
  ],
  lever: { effort: 3, say: () => 'calls again' },
};

/** Days without a call at the end, and the longest run of them before that and after the first call. */
function gapsOf(calls: Float64Array): readonly [quiet: number, longest: number] {
  let [run, longest, begun] = [0, 0, false];
  for (const count of calls) {
    if (count === 0) run += 1;
    else {
      if (begun) longest = Math.max(longest, run);
      begun = true;
      run = 0;
    }
  }
  return [run, longest];
}

export const planUse: Feature = {
  name: 'plan_use',
  title: 'Plan use',
  window: 'calls of the last 28 complete days, as a month, against what the plan includes',
  source: 'psizero',
  nullRule: 'missing where the plan has no known allowance, or below 28 days of history',
  measure(known) {
    const allowance = allowanceOf(known);
    if (allowance === null) return missing('what the plan includes is not known');
    if (known.at - known.signedUpAt < 28 * DAY_MS) return missing('the account is younger than 28 days');
    const month = (sumBack(known.usage.calls, [28, 0]) / 28) * MONTH_DAYS;
    return value(
      month / allowance,
      `uses ${percent(month / allowance)} of the plan: ${whole(month)} of ${whole(allowance)} calls a month`,
    );
  },
  // Much too little is not worth the price; much too much is a bill that surprises.
  scale: [
    [0, 5],
    [0.1, 35],
    [0.3, 70],
    [0.6, 100],
    [1.1, 100],
    [1.6, 75],
    [3, 50],
  ],
  lever: { effort: 5, say: (target) => `${percent(target)} of the plan used` },
};

const MONTH_DAYS = 30.44;

function allowanceOf({ subscriptions, at, company }: KnownFacts): number | null {
  const included = subscriptions
    .filter(({ validFrom, validTo }) => validFrom <= at && (validTo === null || validTo > at))
    .map(({ plan, quantity }) => {
      const one = company.allowances.get(plan) ?? null;
      return one === null ? null : one * quantity;
    });
  const known = included.filter((one) => one !== null);
  return known.length === 0 || known.length < included.length ? null : Math.max(...known);
}
