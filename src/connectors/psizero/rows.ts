import { z } from 'zod';
import type { Malformed, SyncRow } from '../../domain/sync.ts';
import { instant } from '../reading.ts';

export const customerSchema = z
  .object({
    id: z.string().min(1),
    name: z.string().min(1),
    domain: z.string(),
    email: z.string(),
    country: z.string(),
    region: z.string(),
    currency: z.string().length(3),
    segment: z.string(),
    channel: z.string(),
    owner_email: z.string().nullish(),
    stripe_customer_id: z.string().nullish(),
    created_at: instant,
    updated_at: instant,
  })
  .transform(({ created_at, owner_email, stripe_customer_id, currency, ...row }): SyncRow['customers'] => ({
    ...row,
    currency: currency.toUpperCase(),
    owner_email: owner_email ?? null,
    stripe_customer_id: stripe_customer_id ?? null,
    signed_up_at: created_at,
  }));

export const incidentSchema = z
  .object({
    id: z.string().min(1),
    title: z.string(),
    severity: z.string(),
    started_at: instant,
    ended_at: instant.nullish(),
    updated_at: instant,
  })
  .transform((row): SyncRow['incidents'] => ({ ...row, ended_at: row.ended_at ?? null }));

export const fxSchema = z.object({
  day: z.iso.date(),
  currency: z.string().length(3),
  rate: z
    .union([z.string(), z.number()])
    .transform(String)
    .pipe(z.string().regex(/^\d+(\.\d+)?$/)),
});

type Fields = Readonly<Record<string, unknown>>;

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null;
}

/**
 * Usage and performance come in tens of thousands of rows of six plain fields. A check by hand says the same
 * as a schema would, at a fifth of its time.
 */
export function readUsage(data: readonly unknown[]): {
  rows: SyncRow['usage_daily'][];
  malformed: Malformed[];
} {
  const rows: SyncRow['usage_daily'][] = [];
  const malformed: Malformed[] = [];
  const instants = memoizedInstants();
  for (const item of data) {
    const row = isFields(item) ? item : {};
    const { customer_id, category, calls, errors_4xx, errors_5xx } = row;
    const bucketStartAt = instants(row.bucket_start_at);
    if (
      typeof customer_id === 'string' &&
      customer_id !== '' &&
      typeof category === 'string' &&
      bucketStartAt !== null &&
      isCount(calls) &&
      isCount(errors_4xx) &&
      isCount(errors_5xx)
    )
      rows.push({ customer_id, bucket_start_at: bucketStartAt, category, calls, errors_4xx, errors_5xx });
    else malformed.push(unreadable('usage_metrics', row));
  }
  return { rows, malformed };
}

/** See `readUsage`. */
export function readPerformance(data: readonly unknown[]): {
  rows: SyncRow['performance_hourly'][];
  malformed: Malformed[];
} {
  const rows: SyncRow['performance_hourly'][] = [];
  const malformed: Malformed[] = [];
  const instants = memoizedInstants();
  for (const item of data) {
    const row = isFields(item) ? item : {};
    const { calls, errors_4xx, errors_5xx, latency_counts } = row;
    const bucketStartAt = instants(row.bucket_start_at);
    if (
      bucketStartAt !== null &&
      isCount(calls) &&
      isCount(errors_4xx) &&
      isCount(errors_5xx) &&
      Array.isArray(latency_counts) &&
      latency_counts.every(isCount)
    )
      rows.push({
        bucket_start_at: bucketStartAt,
        calls,
        errors_4xx,
        errors_5xx,
        latency_counts: JSON.stringify(latency_counts),
      });
    else malformed.push(unreadable('api_performance', row));
  }
  return { rows, malformed };
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && typeof value === 'number' && value >= 0;
}

const ISO_INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})$/;

/** Neighbouring rows share their instants: each text is read once. */
function memoizedInstants(): (value: unknown) => number | null {
  const known = new Map<string, number | null>();
  return (value) => {
    if (typeof value !== 'string') return null;
    let at = known.get(value);
    if (at === undefined) {
      const parsed = ISO_INSTANT.test(value) ? Date.parse(value) : Number.NaN;
      at = Number.isNaN(parsed) ? null : parsed;
      known.set(value, at);
    }
    return at;
  };
}

function unreadable(resource: string, row: Fields): Malformed {
  const id = [row.customer_id, row.bucket_start_at, row.category]
    .filter((part) => part !== undefined)
    .join(' ');
  const wrong = Object.entries(row).find(
    ([name, value]) => value === null || (typeof value === 'number' && !isCount(value) && name !== 'id'),
  );
  return {
    resource,
    id: id || '(no id)',
    what:
      wrong === undefined ? 'a field is missing or of the wrong kind' : `${wrong[0]} is ${String(wrong[1])}`,
  };
}
