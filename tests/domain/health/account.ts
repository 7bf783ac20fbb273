import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import type { AccountFacts, CompanyDays, KnownFacts } from '../../../src/domain/health/facts.ts';
import { knownAt } from '../../../src/domain/health/facts.ts';
import { FEATURES } from '../../../src/domain/health/registry.ts';
import { healthSettingsSchema } from '../../../src/domain/health/settings.ts';
import { projectRoot } from '../../../src/lib/paths.ts';

export const DAY = 86_400_000;
export const NOW = Date.UTC(2026, 10, 23, 12);
/** History: 200 complete days before NOW, and 40 after it, which nobody may look at. */
const PAST = 200;
const AHEAD = 40;
const TODAY = Date.UTC(2026, 10, 23);
const DAYS = PAST + AHEAD;

export const settings = healthSettingsSchema.parse(
  parse(readFileSync(`${projectRoot()}/health.yml`, 'utf8')),
);

export function company(more: Partial<CompanyDays> = {}): CompanyDays {
  return {
    bounds: Array.from({ length: DAYS + 1 }, (_, day) => TODAY + (day - PAST) * DAY),
    incidents: [],
    categories: ['inference', 'embeddings', 'search', 'batch'],
    allowances: new Map([['growth', 300_000]]),
    ...more,
  };
}

/** Days are told from NOW: -1 is yesterday, 0 today, 1 tomorrow. */
export function usage(of: {
  calls(day: number): number;
  errors5xx?(day: number): number;
  reach?(day: number): number;
}): AccountFacts['usage'] {
  const series = (value: (day: number) => number) =>
    Float64Array.from({ length: DAYS }, (_, index) => value(index - PAST));
  return {
    calls: series(of.calls),
    errors5xx: series(of.errors5xx ?? (() => 0)),
    reach: Uint32Array.from({ length: DAYS }, (_, index) => of.reach?.(index - PAST) ?? 3),
  };
}

export function account(more: Partial<AccountFacts> = {}): AccountFacts {
  return {
    id: 'psz_1',
    name: 'Acme Robotics',
    segment: 'midmarket',
    signedUpAt: NOW - 400 * DAY,
    subscriptions: [subscription({})],
    usage: usage({ calls: () => 8_000 }),
    tickets: [],
    invoices: [
      {
        id: 'in_1',
        finalizedAt: NOW - 20 * DAY,
        dueAt: null,
        paidAt: NOW - 20 * DAY + 1000,
        voidedAt: null,
      },
    ],
    failedPayments: [],
    people: [{ role: 'owner', createdAt: NOW - 400 * DAY, lastSeenAt: NOW - 20 * DAY }],
    ...more,
  };
}

export function subscription(
  more: Partial<AccountFacts['subscriptions'][number]>,
): AccountFacts['subscriptions'][number] {
  return {
    customerId: 'psz_1',
    subscriptionId: 'sub_1',
    plan: 'growth',
    status: 'active',
    unitAmountMinor: 49_900,
    quantity: 1,
    interval: 'month',
    intervalCount: 1,
    discountPercent: null,
    discountAmountMinor: null,
    discountDuration: null,
    cancelAt: null,
    validFrom: NOW - 400 * DAY,
    validTo: null,
    ...more,
  };
}

export function ticket(more: Partial<AccountFacts['tickets'][number]>): AccountFacts['tickets'][number] {
  return {
    id: 'tkt_1',
    openedAt: NOW - 5 * DAY,
    firstResponseAt: NOW - 5 * DAY + 3_600_000,
    closedAt: null,
    priority: 'normal',
    text: 'Rotating API keys. How do we rotate a key?',
    score: null,
    ratedAt: null,
    ...more,
  };
}

export const known = (facts: AccountFacts, at = NOW, days = company()): KnownFacts =>
  knownAt(facts, days, at);

export function featureNamed(name: string) {
  const found = FEATURES.find((feature) => feature.name === name);
  if (!found) throw new Error(`no feature ${name}`);
  return found;
}
