import type { Utterance } from '../../domain/language/utterance.ts';
import { areaOf } from '../../domain/metrics/countries.ts';
import { findMetric } from '../../domain/metrics/index.ts';
import { findPeriods } from '../../domain/periods/find-periods.ts';
import type { Json, Period } from '../../domain/types.ts';

type Input = { [key: string]: Json };

export function asRecord(value: Json | undefined): Input {
  return value !== null && typeof value === 'object' && !Array.isArray(value) ? value : {};
}

/** The period an argument names, or null. */
export function periodIn(value: Json | undefined, at: { nowAt: number; tz: string }): Period | null {
  return typeof value === 'string' ? (findPeriods(value, at)[0]?.period ?? null) : null;
}

/**
 * A call's arguments in words, the carried ones too: "Revenue, gross, Oct 1 - 31, 2026, by plan, for Acme". What a
 * tool takes beyond the usual is named as it stands.
 */
export function describeInput(input: Input, utterance: Utterance): string {
  const label = (value: Json | undefined) => periodIn(value, utterance)?.label ?? String(value);
  const { metric, period, compare, by, top, order, filter, customer, chart, state, limit } = input;
  const { where, exclude, having, rank } = input;
  const words: string[] = [];
  if (typeof metric === 'string') words.push(findMetric(metric)?.title ?? metric);
  if (typeof state === 'string') words.push(state);
  if (period !== undefined) words.push(label(period));
  if (compare === 'previous') words.push('against the period before');
  else if (compare !== undefined) words.push(`against ${label(compare)}`);
  if (typeof by === 'string') words.push(`by ${by}`);
  if (typeof top === 'number') words.push(order === 'asc' ? `lowest ${top}` : `top ${top}`);
  if (typeof limit === 'number') words.push(`the first ${limit}`);
  for (const value of Object.values(asRecord(filter))) words.push(`${plain(value)} only`);
  for (const value of Object.values(asRecord(where))) words.push(`${named(value, utterance)} only`);
  for (const [kind, value] of Object.entries(asRecord(exclude)))
    words.push(`without ${value === true ? kind : named(value, utterance)}`);
  if (Array.isArray(having)) words.push('only those within the given bounds');
  if (typeof rank === 'number') words.push(`number ${rank}`);
  if (typeof customer === 'string') words.push(`for ${customerName(customer, utterance)}`);
  if (chart !== undefined) words.push(chart === 'table' ? 'as a table' : 'as a chart');
  return words.join(', ');
}

function plain(value: Json): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** A list of values, customers among them by name. */
function named(value: Json, utterance: Utterance): string {
  const values = Array.isArray(value) ? value : [value];
  const area = values.length > 1 ? areaOf(values.map(String)) : null;
  if (area !== null) return area;
  return values
    .map((one) => (typeof one === 'string' ? customerName(one, utterance) : plain(one)))
    .join(' and ');
}

/** As this message or this thread names them. */
function customerName(reference: string, { customers, previous }: Utterance): string {
  const named = customers.flatMap(({ candidates }) => candidates).find(({ id }) => id === reference);
  if (named) return named.name;
  const listed = previous.flatMap((call) => call.listed).find(({ id }) => id === reference);
  if (listed) return listed.label;
  const carried = previous.find(({ input }) => asRecord(input).customer === reference)?.customerName;
  if (carried !== undefined) return carried;
  return /^(?:cst|cus|psz)_\w+$/.test(reference) ? 'the same customer' : reference;
}
