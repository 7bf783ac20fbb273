import { z } from 'zod';
import type { Malformed, SyncRow } from '../../domain/sync.ts';
import { describeValue } from '../drift.ts';
import { instant, name } from '../reading.ts';

export const customerSchema = z
  .object({
    id: z.string().min(1),
    name,
    domain: z.string(),
    email: z.string(),
    country: z.string(),
    region: z.string(),
    currency: z.string().length(3),
    segment: z.string(),
    channel: z.string(),
    owner_email: z.string().nullable(),
    stripe_customer_id: z.string().nullable(),
    created_at: instant,
    updated_at: instant,
  })
  .transform(({ created_at, owner_email, stripe_customer_id, currency, ...row }): SyncRow['customers'] => ({
    ...row,
    currency: currency.toUpperCase(),
    owner_email,
    stripe_customer_id,
    signed_up_at: created_at,
  }));

export const incidentSchema = z
  .object({
    id: z.string().min(1),
    title: name,
    severity: z.enum(['minor', 'major', 'critical']),
    started_at: instant,
    ended_at: instant.nullable(),
    updated_at: instant,
  })
  .transform((row): SyncRow['incidents'] => row);

export const planSchema = z
  .object({
    id: z.string().min(1),
    name: z.string(),
    included_calls: z.int().nonnegative().nullish(),
    overage_per_thousand: z
      .array(z.object({ currency: z.string().length(3), amount_minor: z.int().nonnegative() }))
      .nullish(),
    updated_at: instant,
  })
  .transform(({ id, name, included_calls, overage_per_thousand, updated_at }): SyncRow['plans'] => ({
    id,
    name,
    included_calls: included_calls ?? null,
    overage_prices: JSON.stringify(
      Object.fromEntries(
        (overage_per_thousand ?? []).map(({ currency, amount_minor }) => [
          currency.toUpperCase(),
          amount_minor,
        ]),
      ),
    ),
    updated_at,
  }));

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

const EXPECTED: Readonly<Record<string, { is: (value: unknown) => boolean; words: string }>> = {
  customer_id: { is: (value) => typeof value === 'string' && value !== '', words: 'some text' },
  bucket_start_at: { is: (value) => memoizedInstants()(value) !== null, words: 'an instant' },
  category: { is: (value) => typeof value === 'string', words: 'some text' },
  calls: { is: isCount, words: 'a count' },
  errors_4xx: { is: isCount, words: 'a count' },
  errors_5xx: { is: isCount, words: 'a count' },
  latency_counts: { is: (value) => Array.isArray(value) && value.every(isCount), words: 'a list of counts' },
};

const FIELDS_OF: Readonly<Record<string, readonly string[]>> = {
  usage_metrics: ['customer_id', 'bucket_start_at', 'category', 'calls', 'errors_4xx', 'errors_5xx'],
  api_performance: ['bucket_start_at', 'calls', 'errors_4xx', 'errors_5xx', 'latency_counts'],
};

function unreadable(resource: string, row: Fields): Malformed {
  const id = [row.customer_id, row.bucket_start_at, row.category]
    .filter((part) => part !== undefined)
    .join(' ');
  const field = FIELDS_OF[resource]?.find((name) => EXPECTED[name]?.is(row[name]) === false) ?? 'row';
  const expected = EXPECTED[field]?.words ?? 'a readable row';
  const got = describeValue(row[field]);
  return {
    resource,
    id: id || '(no id)',
    what: `${field}: expected ${expected}, got ${got}`,
    drift: { field, expected, got },
  };
}
