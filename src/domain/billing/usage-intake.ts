import { type Scaled, scaled } from './scaled.ts';
import { type Meter, UsageEvent } from './usage-event.ts';

/** Why an event was not taken. */
export const REJECTIONS = [
  'malformed',
  'unknown_meter',
  'unknown_customer',
  'negative',
  'too_precise',
  'future',
  'too_old',
  'conflict',
  'corrected_twice',
  'closed_period',
] as const;
export type Rejection = (typeof REJECTIONS)[number];

/** How events are taken in; what is the customer's contract stands in `BillingConventions.lateUsage`. */
export interface UsageSettings {
  /** An event of a customer nobody knows is kept apart (and taken once the customer is known), or taken. */
  unknownCustomers: 'reject' | 'accept';
  /** Events one call may bring. */
  batchLimit: number;
  /** Events that may wait. */
  queueLimit: number;
}

export const DEFAULT_USAGE_SETTINGS: UsageSettings = {
  unknownCustomers: 'reject',
  batchLimit: 10_000,
  queueLimit: 50_000,
};

export interface Refusal {
  reason: Rejection;
  /** A plain sentence. */
  words: string;
}

/** An event that is well formed, its amount as integers and its properties as canonical text ('' for none). */
export interface ReadEvent extends Scaled {
  source: string;
  id: string;
  meter: Meter;
  group: string;
  customerId: string;
  at: number;
  properties: string;
  corrects: string | null;
}

export type Checked = { ok: true; event: ReadEvent } | { ok: false; refusal: Refusal };

/** The largest amount of a meter weighted by time: its milliseconds within an hour must stay exact in 64 bits. */
const MOST_WEIGHTED_UNITS = 1e11;

const refused = (reason: Rejection, words: string): Checked => ({ ok: false, refusal: { reason, words } });

/**
 * Reads something a source sent as an event of one of these meters. What depends on time, on customers and on what is
 * stored is not looked at here.
 */
export function checkEvent(raw: unknown, meters: ReadonlyMap<string, Meter>): Checked {
  const read = plainEvent(raw) ?? UsageEvent.safeParse(raw);
  if (!read.success) {
    const words = read.error.issues.map(({ path, message }) =>
      path.length ? `${path.join('.')}: ${message}` : message,
    );
    return refused('malformed', `It is not as agreed: ${words.slice(0, 3).join('; ')}.`);
  }
  const { data } = read;
  const meter = meters.get(data.meter);
  if (!meter) return refused('unknown_meter', `There is no meter "${data.meter}".`);
  const amount = scaled(data.value);
  const most = meter.aggregation === 'weighted_sum' ? MOST_WEIGHTED_UNITS : Number.MAX_SAFE_INTEGER;
  if (!amount || Math.abs(amount.units) > most)
    return refused('too_precise', `The value ${data.value} has more digits than can be kept exactly.`);
  // A change of level may go down; an amount of use may not.
  if (amount.units < 0 && meter.aggregation !== 'weighted_sum')
    return refused('negative', `The value ${data.value} is below 0.`);
  if (data.corrects === data.id) return refused('malformed', 'It says that it corrects itself.');
  const { source, id, customerId, at, properties, corrects } = data;
  const group = meter.groupBy === null ? '' : (properties[meter.groupBy] ?? '');
  const { units, scale } = amount;
  const text = written(properties);
  return {
    ok: true,
    event: { source, id, meter, group, customerId, at, corrects, properties: text, units, scale },
  };
}

const DECIMAL = /^-?\d+(?:\.\d+)?$/;

/**
 * The common case by hand: events come by the thousand, and a check of plain fields takes a fifth of a schema's time.
 * Null where the schema must decide (or find the words).
 */
function plainEvent(raw: unknown): { success: true; data: UsageEvent } | null {
  if (!isRecord(raw)) return null;
  const { source, id, meter, customerId, at, value, properties, corrects = null } = raw;
  let fields = 7;
  if ('corrects' in raw) fields += 1;
  const plain =
    isText(source, 100) &&
    isText(id, 200) &&
    isText(meter, 100) &&
    isText(customerId, 100) &&
    typeof at === 'number' &&
    Number.isSafeInteger(at) &&
    at >= 0 &&
    typeof value === 'string' &&
    DECIMAL.test(value) &&
    (corrects === null || isText(corrects, 200)) &&
    fieldsOf(raw) === fields &&
    isProperties(properties);
  return plain
    ? { success: true, data: { source, id, meter, customerId, at, value, properties, corrects } }
    : null;
}

function fieldsOf(raw: Record<string, unknown>): number {
  let fields = 0;
  for (const _ in raw) fields += 1;
  return fields;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isText(value: unknown, most: number): value is string {
  return typeof value === 'string' && value.length >= 1 && value.length <= most;
}

function isProperties(value: unknown): value is Record<string, string> {
  if (!isRecord(value)) return false;
  for (const key in value) {
    const text = value[key];
    if (key.length > 50 || typeof text !== 'string' || text.length > 200) return false;
  }
  return true;
}

const PLAIN = /^[\w .:/-]*$/;

function written(properties: Record<string, string>): string {
  const keys = Object.keys(properties);
  if (keys.length === 0) return '';
  const [key = ''] = keys;
  const value = properties[key] ?? '';
  // What needs no escape needs no writer.
  if (keys.length === 1)
    return PLAIN.test(key) && PLAIN.test(value) ? `{"${key}":"${value}"}` : JSON.stringify(properties);
  return JSON.stringify(Object.fromEntries(keys.sort().map((key) => [key, properties[key]])));
}
