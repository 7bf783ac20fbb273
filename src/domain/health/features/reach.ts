import { type Feature, missing, silent, value } from '../feature.ts';
import { DAY_MS, days } from '../windows.ts';

export const uniqueApis: Feature = {
  name: 'unique_apis',
  title: 'Unique APIs',
  window: 'the last 28 complete days',
  source: 'psizero',
  nullRule: 'says nothing where nothing was called, missing where the categories are not known',
  measure({ usage, company }) {
    const offered = company.categories.length;
    if (offered === 0) return missing('which APIs there are is not known');
    let used = 0;
    for (let day = Math.max(0, usage.reach.length - 28); day < usage.reach.length; day += 1)
      used |= usage.reach[day] ?? 0;
    if (used === 0) return silent('no API was called in 28 days');
    const count = bits(used);
    return value(count / offered, `${count} of ${offered} APIs used in 28 days`);
  },
  scale: [
    [0.25, 60],
    [0.5, 85],
    [0.75, 95],
    [1, 100],
  ],
  lever: { effort: 4, say: (target) => `${Math.ceil(target * 100)}% of the APIs in use` },
};

/** An account is onboarded in its first months; later this says nothing any more. */
const YOUNG_DAYS = 120;

export const adoptionVelocity: Feature = {
  name: 'adoption_velocity',
  title: 'Adoption velocity',
  window: 'from sign-up to the first call, of accounts up to 120 days old',
  source: 'psizero',
  nullRule: 'says nothing of accounts older than 120 days',
  measure({ at, signedUpAt, usage, bounds }) {
    if (at - signedUpAt > YOUNG_DAYS * DAY_MS) return silent('onboarding is long over');
    const first = usage.calls.findIndex((calls, day) => calls > 0 && (bounds[day + 1] ?? 0) > signedUpAt);
    const reachedAt = first === -1 ? at : Math.max(signedUpAt, bounds[first] ?? at);
    const waited = Math.max(0, (reachedAt - signedUpAt) / DAY_MS);
    const words =
      first === -1 ? `no call ${days(waited)} after sign-up` : `first call ${days(waited)} after sign-up`;
    return value(waited, words);
  },
  scale: [
    [0, 100],
    [3, 100],
    [7, 85],
    [14, 55],
    [30, 15],
    [45, 0],
  ],
  lever: null,
};

function bits(mask: number): number {
  let count = 0;
  for (let left = mask; left !== 0; left &= left - 1) count += 1;
  return count;
}
