import { seededRandom } from '../statistics/random.ts';
import type { Interval } from '../statistics/samples.ts';
import { logLoss } from './probability-scores.ts';
import { areaUnderRoc } from './ranking.ts';

/** A challenger less the champion, on the same rows. */
export interface Challenge {
  rows: number;
  /** Above 0: the challenger ranks better. */
  auc: Interval;
  /** Below 0: the challenger's chances are nearer to what happened. */
  logLoss: Interval;
  /** `challenger` only where its log loss is lower beyond chance and its ranking not worse beyond chance. */
  verdict: 'challenger' | 'champion' | 'undecided';
}

/**
 * A paired bootstrap over groups of rows (a customer's days belong together; by default each row is its own group), with
 * percentile intervals (Efron, 1979). `runs` draws; the same seed gives the same answer.
 */
export function challenge(
  champion: Float64Array,
  challenger: Float64Array,
  labels: Uint8Array,
  options: { seed: string; runs?: number; groups?: readonly string[] },
): Challenge {
  const random = seededRandom(options.seed);
  const groups = groupRows(labels.length, options.groups);
  const [auc, loss] = differences(champion, challenger, labels);
  const aucs: number[] = [];
  const losses: number[] = [];
  for (let run = 0; run < (options.runs ?? 1000); run += 1) {
    const rows: number[] = [];
    for (let i = 0; i < groups.length; i += 1) {
      rows.push(...(groups[Math.floor(random() * groups.length)] ?? []));
    }
    const drawn = (values: Float64Array) => Float64Array.from(rows, (row) => values[row] ?? 0);
    const outcomes = Uint8Array.from(rows, (row) => labels[row] ?? 0);
    const [a, l] = differences(drawn(champion), drawn(challenger), outcomes);
    // A draw without one of the outcomes ranks nothing.
    if (!Number.isNaN(a)) aucs.push(a);
    losses.push(l);
  }
  const result = { auc: percentiles(auc, aucs), logLoss: percentiles(loss, losses) };
  return { rows: labels.length, ...result, verdict: verdictOf(result) };
}

function differences(
  champion: Float64Array,
  challenger: Float64Array,
  labels: Uint8Array,
): [auc: number, loss: number] {
  return [
    areaUnderRoc(challenger, labels).estimate - areaUnderRoc(champion, labels).estimate,
    logLoss(challenger, labels).estimate - logLoss(champion, labels).estimate,
  ];
}

function groupRows(rows: number, groups: readonly string[] | undefined): number[][] {
  const byGroup = new Map<string, number[]>();
  for (let row = 0; row < rows; row += 1) {
    const name = groups?.[row] ?? String(row);
    const members = byGroup.get(name);
    if (members) members.push(row);
    else byGroup.set(name, [row]);
  }
  return [...byGroup.values()];
}

function percentiles(estimate: number, drawn: number[]): Interval {
  const sorted = drawn.sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.round(share * (sorted.length - 1))] ?? Number.NaN;
  return { estimate, low: at(0.025), high: at(0.975) };
}

function verdictOf({ auc, logLoss: loss }: Pick<Challenge, 'auc' | 'logLoss'>): Challenge['verdict'] {
  if (loss.high < 0 && auc.high >= 0) return 'challenger';
  if (loss.low > 0 && auc.low <= 0) return 'champion';
  return 'undecided';
}
