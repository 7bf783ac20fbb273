import { type Interval, type Moments, meanOf, varianceOf } from '../statistics/samples.ts';

/**
 * The difference of two means with an interval that holds at every look at once: an asymptotic confidence sequence by
 * the normal mixture (Waudby-Smith, Arbour, Sinha, Kennedy, Ramdas: Time-uniform central limit theory and asymptotic
 * confidence sequences, Annals of Statistics 2024, arXiv 2103.06476; the mixture goes back to Robbins 1970). With t
 * customers in both samples and V the estimated variance of the difference, its half-width is
 *
 *   sqrt( V * 2 (t r + 1) / (t r) * log( sqrt(t r + 1) / alpha ) ),  r = (-2 log alpha + log(1 - 2 log alpha)) / planned
 *
 * where r makes it narrowest at `planned` customers. Looking as often as one likes, the chance that it ever leaves out
 * the truth is at most alpha, once the samples are large enough for their means to be nearly normal.
 */
export function differenceSequence(
  treated: Moments,
  control: Moments,
  { alpha, planned }: { alpha: number; planned: number },
): Interval {
  const estimate = meanOf(treated) - meanOf(control);
  if (treated.n < 2 || control.n < 2) return widest(estimate);
  const variance = varianceOf(treated) / treated.n + varianceOf(control) / control.n;
  return around(estimate, variance, treated.n + control.n, { alpha, planned });
}

/**
 * The same for a difference of shares. The variance is that of (x + 1)/(n + 2), so that no event at all in a small
 * sample does not pass for certainty.
 */
export function shareDifferenceSequence(
  treated: { events: number; n: number },
  control: { events: number; n: number },
  settings: { alpha: number; planned: number },
): Interval {
  if (treated.n === 0 || control.n === 0) return widest(0);
  const spread = ({ events, n }: { events: number; n: number }) => {
    const share = (events + 1) / (n + 2);
    return (share * (1 - share)) / n;
  };
  const estimate = treated.events / treated.n - control.events / control.n;
  return around(estimate, spread(treated) + spread(control), treated.n + control.n, settings);
}

function around(
  estimate: number,
  variance: number,
  t: number,
  { alpha, planned }: { alpha: number; planned: number },
): Interval {
  const tightness = (-2 * Math.log(alpha) + Math.log(1 - 2 * Math.log(alpha))) / planned;
  const scaled = t * tightness;
  const half = Math.sqrt(variance * ((2 * (scaled + 1)) / scaled) * Math.log(Math.sqrt(scaled + 1) / alpha));
  return { estimate, low: estimate - half, high: estimate + half };
}

function widest(estimate: number): Interval {
  return { estimate, low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY };
}
