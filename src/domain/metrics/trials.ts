import { isLive } from '../mrr/plain.ts';
import { countOne, happenedUntil } from './customers.ts';
import type { SubscriptionFact } from './facts.ts';
import { type Contribution, type Metric, ratioOf } from './metric.ts';
import { DIMENSIONS } from './revenue.ts';

/** Different customers among the rows: one with two trials is one. */
function differentCustomers(contributions: readonly Contribution[]): number {
  return new Set(contributions.map(({ customerId }) => customerId)).size;
}

function isTrial({ status }: Pick<SubscriptionFact, 'status'>): boolean {
  return status === 'trialing';
}

export const trials: Metric = {
  name: 'trials',
  title: 'Trials',
  words: 'Customers with a subscription on trial at the instant.',
  version: 1,
  unit: 'count',
  grain: 'one subscription on trial',
  kind: 'snapshot',
  additivity: 'distinct',
  owner: 'success',
  sources: ['supabase'],
  dimensions: DIMENSIONS,
  synonyms: [
    'trials',
    'active trials',
    'open trials',
    'trial customers',
    'customers on trial',
    'trialing customers',
    'on trial',
    'in trial',
    'free trials',
    'trialists',
    'current trials',
    'running trials',
    'trial accounts',
    'trial users',
    'trials running',
    'in a trial',
    'on a trial',
    'trialers',
    'people on trial',
    'trial count',
    'accounts in trial',
    'trials do we have',
    'trials ongoing',
    'open trial accounts',
  ],
  narrows: true,
  measure: async (facts, { at, filter }) => {
    const rows = (await facts.subscriptionsAt(at, filter)).filter(isTrial);
    return { contributions: rows.map((row) => countOne(row, row.plan)), rows: rows.length, notes: [] };
  },
  total: differentCustomers,
};

/** Trials that were over in [fromAt, untilAt): states that end and are not followed by more of the same trial. */
function endedTrials(versions: readonly SubscriptionFact[], fromAt: number, untilAt: number) {
  const beginning = new Map(
    versions
      .filter(({ validFrom, validTo }) => validTo === null || validTo > validFrom)
      .map((version) => [`${version.subscriptionId} ${version.validFrom}`, version]),
  );
  return versions.flatMap((version) => {
    const { validFrom, validTo, subscriptionId } = version;
    if (!isTrial(version) || validTo === null || validTo <= validFrom) return [];
    if (validTo < fromAt || validTo >= untilAt) return [];
    const next = beginning.get(`${subscriptionId} ${validTo}`);
    if (next && isTrial(next)) return [];
    return [{ version, converted: next !== undefined && isLive(next) }];
  });
}

export const trialConversion: Metric = {
  ...trials,
  name: 'trial_conversion',
  title: 'Trial conversion',
  words: 'Of the trials that ended in the period, the share that went straight on to a paid subscription.',
  unit: 'ratio',
  grain: 'one trial that ended',
  kind: 'flow',
  additivity: 'ratio',
  synonyms: [
    'trial conversion',
    'trial conversion rate',
    'trial to paid',
    'trial to paid rate',
    'conversion rate',
    'trials converted',
    'trials converting',
    'trials convert',
    'how many trials convert',
    'trial conversion percentage',
    'trial conversions',
    'free to paid',
    'conversion from trial',
    'trials to paid',
    'trial success rate',
    'trials became paying',
    'trials turned into customers',
    'trials end up paying',
    'paid conversion',
    'conversion of trials',
    'conversion',
    'how well do trials convert',
    'trials paying',
  ],
  measure: async (facts, scope) => {
    const versions = await facts.subscriptionsTouching(scope.period, scope.filter);
    const ended = endedTrials(versions, scope.period.startAt, happenedUntil(scope));
    const contributions = ended.map(({ version, converted }) => ({
      ...countOne(version, version.plan),
      amount: converted ? 1 : 0,
      base: 1,
    }));
    return { contributions, rows: ended.length, notes: [] };
  },
  total: ratioOf,
};

export const TRIAL_METRICS: readonly Metric[] = [trials, trialConversion];
