import type { Allowance } from '../world/allowances.ts';
import type { CustomerRecord, IncidentRecord, PerformanceRow, UsageRow } from '../world/records.ts';

const written = new Map<number, string>();
const MOST_WRITTEN = 5_000;

/** An instant as the API writes it. Thousands of rows share theirs, so each is spelt once. */
export function iso(at: number): string {
  const known = written.get(at);
  if (known !== undefined) return known;
  if (written.size >= MOST_WRITTEN) written.clear();
  const text = new Date(at).toISOString();
  written.set(at, text);
  return text;
}

const isoOrNull = (at: number | null): string | null => (at === null ? null : iso(at));

export function wireCustomer(customer: CustomerRecord) {
  return {
    id: customer.id,
    stripe_customer_id: customer.stripeId,
    name: customer.name,
    domain: customer.domain,
    email: customer.email,
    country: customer.country,
    region: customer.region,
    currency: customer.currency,
    segment: customer.segment,
    channel: customer.channel,
    owner_email: customer.ownerEmail,
    created_at: iso(customer.createdAt),
    updated_at: iso(customer.updatedAt),
  };
}

export function wireUsage(row: UsageRow) {
  return {
    customer_id: row.customerId,
    bucket_start_at: iso(row.bucketStartAt),
    category: row.category,
    calls: row.calls,
    errors_4xx: row.errors4xx,
    errors_5xx: row.errors5xx,
    updated_at: iso(row.updatedAt),
  };
}

export function wirePerformance(row: PerformanceRow) {
  return {
    bucket_start_at: iso(row.bucketStartAt),
    calls: row.calls,
    errors_4xx: row.errors4xx,
    errors_5xx: row.errors5xx,
    latency_counts: row.latencyCounts,
    updated_at: iso(row.updatedAt),
  };
}

export function wireIncident(incident: IncidentRecord) {
  return {
    id: incident.id,
    title: incident.title,
    severity: incident.severity,
    started_at: iso(incident.startedAt),
    ended_at: isoOrNull(incident.endedAt),
    updated_at: iso(incident.updatedAt),
  };
}

export function wirePlan(allowance: Allowance & { updatedAt: number }) {
  return {
    id: allowance.plan,
    name: allowance.name,
    included_calls: allowance.includedCalls,
    overage_per_thousand: Object.entries(allowance.overagePrices).map(([currency, amount]) => ({
      currency,
      amount_minor: amount,
    })),
    updated_at: iso(allowance.updatedAt),
  };
}
