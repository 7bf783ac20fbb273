/** (new + expansion) / (contraction + churn); null when nothing was lost. After updates.baremetrics.com. */
export function quickRatio(moved: {
  new: number;
  expansion: number;
  contraction: number;
  churn: number;
}): number | null {
  const lost = moved.contraction + moved.churn;
  return lost === 0 ? null : (moved.new + moved.expansion) / lost;
}

/** (churned, downgrades included, - expansion) / MRR at the start x 100; below zero when expansion wins. */
export function netRevenueChurnPercent(moved: {
  startingMinor: number;
  churnedMinor: number;
  expansionMinor: number;
}): number | null {
  if (moved.startingMinor === 0) return null;
  return ((moved.churnedMinor - moved.expansionMinor) / moved.startingMinor) * 100;
}

/** Average revenue a customer over the share that leaves, in the same minor units; null when nobody leaves. */
export function lifetimeValue(arpuMinor: number, monthlyRetention: number): number | null {
  return monthlyRetention >= 1 ? null : Math.round(arpuMinor / (1 - monthlyRetention));
}
