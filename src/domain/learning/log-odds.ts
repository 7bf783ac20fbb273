/** The chance that log odds mean. */
export const sigmoid = (margin: number): number => 1 / (1 + Math.exp(-margin));

/** Of the share of ones. */
export function logOdds(labels: ArrayLike<number>): number {
  let ones = 0;
  for (let i = 0; i < labels.length; i += 1) ones += labels[i] ?? 0;
  return Math.log(ones / (labels.length - ones));
}

/** The log loss of log odds, without overflow: log(1 + e^m) - y m. */
export function marginLoss(margin: number, label: number): number {
  return Math.max(margin, 0) + Math.log1p(Math.exp(-Math.abs(margin))) - label * margin;
}
