import { medianOf } from '../metrics/median.ts';
import { debtAge } from '../metrics/receivables.ts';
import { wilson } from '../statistics/samples.ts';
import type { Refusal } from './attempt.ts';

const DAY_MS = 86_400_000;

/** A failed payment and what became of it. Amounts in minor units of one currency. */
export interface RecoveryCase {
  /** What it is grouped by: "2026-10", "enterprise", a ladder. */
  cohort: string;
  failedAt: number;
  owedMinor: number;
  recoveredAt: number | null;
  recoveredMinor: number;
}

export interface RecoveryRate {
  cohort: string;
  /** Cases old enough to be judged; the others are `open` and count nowhere. */
  cases: number;
  open: number;
  recovered: number;
  /** Null without cases; the interval is Wilson's at 95%. */
  share: number | null;
  low: number;
  high: number;
  owedMinor: number;
  recoveredMinor: number;
}

/**
 * How many failed payments came in within `windowDays`, by cohort in the order they come. A case whose window is not
 * over is left out even if it was recovered already: quick payers would otherwise make a young cohort look good.
 */
export function recoveryRates(
  cases: readonly RecoveryCase[],
  { windowDays, now }: { windowDays: number; now: number },
): RecoveryRate[] {
  const cohorts = [...new Set(cases.map(({ cohort }) => cohort))];
  return cohorts.map((cohort) => {
    const own = cases.filter((one) => one.cohort === cohort);
    const judged = own.filter(({ failedAt }) => failedAt + windowDays * DAY_MS <= now);
    const inTime = judged.filter((one) => isInTime(one, windowDays));
    return {
      cohort,
      cases: judged.length,
      open: own.length - judged.length,
      recovered: inTime.length,
      ...wilson(inTime.length, judged.length),
      owedMinor: sumOf(judged, ({ owedMinor }) => owedMinor),
      recoveredMinor: sumOf(inTime, ({ recoveredMinor }) => recoveredMinor),
    };
  });
}

function isInTime({ failedAt, recoveredAt }: RecoveryCase, windowDays: number): boolean {
  return recoveredAt !== null && recoveredAt <= failedAt + windowDays * DAY_MS;
}

function sumOf<T>(items: readonly T[], of: (item: T) => number): number {
  return items.reduce((sum, item) => sum + of(item), 0);
}

export interface DaysToRecover {
  /** Of those that came in, whole and part days. */
  medianDays: number | null;
  /** Of all: when half had come in (Kaplan-Meier), open cases counted as far as they were seen. Null if half never did. */
  halfAfterDays: number | null;
  recovered: number;
  stillOpen: number;
}

/** Days from failure to payment. The median of those who paid forgets those who did not; the second figure does not. */
export function daysToRecover(cases: readonly RecoveryCase[], now: number): DaysToRecover {
  const spans = cases.map(({ failedAt, recoveredAt }) => ({
    ms: (recoveredAt ?? now) - failedAt,
    paid: recoveredAt !== null,
  }));
  const paid = spans.filter((span) => span.paid).map(({ ms }) => ms);
  const median = medianOf(paid);
  let left = 1;
  let halfMs: number | null = null;
  for (const ms of [...new Set(paid)].sort((one, other) => one - other)) {
    const atRisk = spans.filter((span) => span.ms >= ms).length;
    left *= 1 - paid.filter((other) => other === ms).length / atRisk;
    if (left <= 0.5 + 1e-12) {
      halfMs = ms;
      break;
    }
  }
  return {
    medianDays: median === null ? null : median / DAY_MS,
    halfAfterDays: halfMs === null ? null : halfMs / DAY_MS,
    recovered: paid.length,
    stillOpen: spans.length - paid.length,
  };
}

/**
 * What a network charges for an attempt beyond its rules, US cents: Visa 10, and 5 more across borders (payway.com,
 * 2022); Mastercard 50 since January 2025 (Braintree, network updates).
 */
export const EXCESS_FEES_CENTS: Readonly<Record<string, { domestic: number; crossBorder: number }>> = {
  visa: { domestic: 10, crossBorder: 15 },
  mastercard: { domestic: 50, crossBorder: 50 },
};

/**
 * The fees that refused attempts would have cost at most, US cents. Only what a network's own rule forbade counts:
 * what we refused for the customer's sake would have been free.
 */
export function feesAvoided(refused: readonly { network: string; crossBorder: boolean; reason: Refusal }[]): {
  attempts: number;
  cents: number;
} {
  const charged = refused.filter(({ reason }) => reason === 'network_limit' || reason === 'network_forbids');
  const cents = sumOf(charged, ({ network, crossBorder }) => {
    const fee = EXCESS_FEES_CENTS[network.toLowerCase()];
    return (crossBorder ? fee?.crossBorder : fee?.domestic) ?? 0;
  });
  return { attempts: charged.length, cents };
}

/** Open amounts by currency and by age since due, the age of the metrics; the ages that occur, the youngest first. */
export function ageing(
  invoices: readonly { currency: string; remainingMinor: number; dueAt: number }[],
  now: number,
): { currency: string; age: string; count: number; minor: number }[] {
  const rows = new Map<string, { currency: string; age: string; count: number; minor: number }>();
  for (const { currency, remainingMinor, dueAt } of [...invoices].sort(
    (one, other) => other.dueAt - one.dueAt,
  )) {
    const age = debtAge(now - dueAt);
    const row = rows.get(`${currency} ${age}`) ?? { currency, age, count: 0, minor: 0 };
    rows.set(`${currency} ${age}`, { ...row, count: row.count + 1, minor: row.minor + remainingMinor });
  }
  return [...rows.values()].sort((one, other) => one.currency.localeCompare(other.currency, 'en'));
}

export interface MrrAtRisk {
  customers: number;
  /** All recurring revenue of customers in dunning, minor units of the company's currency. */
  atRiskMinor: number;
  /** What is likely to be lost of it: each customer's MRR times the share not recovered from their stage on. */
  likelyLostMinor: { estimate: number; low: number; high: number };
}

/**
 * `history` says, for each stage of a ladder, how many customers who got there paid later. A stage nobody reached yet
 * could lose all or nothing, and the interval says so; its estimate is half.
 */
export function mrrAtRisk(
  customers: readonly { mrrMinor: number; stage: string }[],
  history: Readonly<Record<string, { reached: number; recovered: number }>>,
): MrrAtRisk {
  const sums = { estimate: 0, low: 0, high: 0 };
  for (const { mrrMinor, stage } of customers) {
    const { reached, recovered } = history[stage] ?? { reached: 0, recovered: 0 };
    const { share, low, high } = wilson(recovered, reached);
    sums.estimate += mrrMinor * (1 - (share ?? 0.5));
    sums.low += mrrMinor * (1 - high);
    sums.high += mrrMinor * (1 - low);
  }
  return {
    customers: customers.length,
    atRiskMinor: sumOf(customers, ({ mrrMinor }) => mrrMinor),
    likelyLostMinor: {
      estimate: Math.round(sums.estimate),
      low: Math.round(sums.low),
      high: Math.round(sums.high),
    },
  };
}
