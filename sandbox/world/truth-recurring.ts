import { divideHalfUp } from './money.ts';
import type { SubscriptionVersionRecord } from './records.ts';
import { fits, inCompany, type Scope } from './truth-scope.ts';

const PAYING = new Set(['active', 'past_due']);
export const paying = ({ status }: SubscriptionVersionRecord) => PAYING.has(status);

/** What a version is worth a month by Stripe's rules, in its own minor units. */
export function monthly(version: SubscriptionVersionRecord): bigint {
  const months = BigInt(version.interval === 'year' ? 12 * version.intervalCount : version.intervalCount);
  const list = BigInt(version.unitAmount) * BigInt(version.quantity);
  if (version.discountDuration !== 'forever') return divideHalfUp(list, months);
  if (version.discountPercent !== null) {
    const kept = BigInt(10_000 - Math.round(version.discountPercent * 100));
    return divideHalfUp(list * (kept > 0n ? kept : 0n), 10_000n * months);
  }
  const left = list - BigInt(version.discountAmount ?? 0);
  return left > 0n ? divideHalfUp(left, months) : 0n;
}

/** MRR by Stripe's rules at the scope's instant; by customer in the customer's own currency. */
export function recurring(scope: Scope) {
  const versions = scope.world
    .all('subscriptionVersions')
    .filter(
      (v) =>
        paying(v) &&
        fits(scope, v) &&
        v.validFrom <= scope.at &&
        scope.at < (v.validTo ?? Number.POSITIVE_INFINITY),
    );
  const byCustomer = new Map<string, bigint>();
  let sum = 0n;
  for (const version of versions) {
    const local = monthly(version);
    sum += inCompany(scope, local, version.currency, scope.at);
    byCustomer.set(version.customerId, (byCustomer.get(version.customerId) ?? 0n) + local);
  }
  return { sum, byCustomer, rows: versions.length };
}
