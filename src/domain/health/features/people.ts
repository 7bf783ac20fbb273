import { type Feature, missing, silent, value } from '../feature.ts';
import { DAY_MS, days } from '../windows.ts';

export const champion: Feature = {
  name: 'champion',
  title: 'Champion',
  window: 'the last visit of the account owner',
  source: 'supabase',
  nullRule: 'missing where the account has no owner, or when they last came is not known any more',
  measure({ people, at }) {
    const owners = people.filter(({ role }) => role === 'owner');
    if (owners.length === 0) return missing('the account has no owner on record');
    const seen = owners.flatMap(({ lastSeenAt }) => lastSeenAt ?? []);
    if (seen.length === 0) return missing('when the account owner last came is not known');
    const away = Math.floor((at - Math.max(...seen)) / DAY_MS);
    return value(
      away,
      away === 0 ? 'the account owner came today' : `the account owner came ${days(away)} ago`,
    );
  },
  scale: [
    [0, 100],
    [35, 95],
    [60, 60],
    [90, 30],
    [150, 0],
  ],
  lever: { effort: 1, say: (target) => `the account owner seen within ${days(Math.floor(target))}` },
};

export const seats: Feature = {
  name: 'seats',
  title: 'People who came',
  window: 'the last 45 days',
  source: 'supabase',
  nullRule: 'says nothing where the account has one person; missing where no visit is known',
  measure({ people, at }) {
    if (people.length < 2) return silent('one person alone uses the account');
    if (people.every(({ lastSeenAt }) => lastSeenAt === null)) return missing('no visit is known');
    const came = people.filter(
      ({ lastSeenAt }) => lastSeenAt !== null && at - lastSeenAt <= 45 * DAY_MS,
    ).length;
    return value(came / people.length, `${came} of ${people.length} people came within 45 days`);
  },
  scale: [
    [0, 20],
    [0.3, 70],
    [0.6, 90],
    [1, 100],
  ],
  lever: { effort: 3, say: (target) => `${Math.round(target * 100)}% of their people back within 45 days` },
};
