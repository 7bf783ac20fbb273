import { type Feature, missing, silent, value } from '../feature.ts';
import { percent, sumBack, whole } from '../windows.ts';

/** Fewer calls say nothing about a rate; fewer errors are chance. */
const LEAST_CALLS = 1_000;
const LEAST_ERRORS = 10;

export const errorTrend: Feature = {
  name: 'error_trend',
  title: 'Error trend',
  window: 'server errors of the last 7 complete days against the 28 before, without days of our incidents',
  source: 'psizero',
  nullRule: 'missing below 35 days of history; says nothing below 1,000 calls or 10 errors on either side',
  measure({ usage, troubled }) {
    if (usage.calls.length < 35) return missing('there are fewer than five weeks of history');
    const week = [7, 0] as const;
    const before = [35, 7] as const;
    const calls = [sumBack(usage.calls, week, troubled), sumBack(usage.calls, before, troubled)] as const;
    if (Math.min(...calls) < LEAST_CALLS) return silent('too few calls to speak of errors');
    const errors = [
      sumBack(usage.errors5xx, week, troubled),
      sumBack(usage.errors5xx, before, troubled),
    ] as const;
    if (errors[0] < LEAST_ERRORS && errors[1] < LEAST_ERRORS)
      return silent(`${whole(errors[0])} server errors in a week are too few to speak of`);
    const [now, usual] = [errors[0] / calls[0], Math.max(errors[1], 1) / calls[1]];
    return value(
      now / usual,
      `${percent(now)} of calls failed on our side in 7 days, ${percent(errors[1] / calls[1])} in the 28 before`,
    );
  },
  scale: [
    [0.8, 100],
    [1.2, 85],
    [2, 40],
    [4, 0],
  ],
  lever: {
    effort: 1,
    say: (target) => `errors at ${target.toFixed(1)} times their rate of the four weeks before`,
  },
};
