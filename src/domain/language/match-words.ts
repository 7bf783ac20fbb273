import type { Customer } from '../types.ts';
import type { Utterance } from './utterance.ts';

/** True when one of the words, or of the phrases ("past due"), stands in the message. */
export function says(utterance: Pick<Utterance, 'words'>, ...phrases: readonly string[]): boolean {
  const text = ` ${utterance.words.join(' ')} `;
  return phrases.some((phrase) => text.includes(` ${phrase} `));
}

/** The one customer a message names, once or more often; null for none, several, or two alike. */
export function namedCustomer(utterance: Pick<Utterance, 'customers'>): Customer | null {
  const ids = new Map(
    utterance.customers.flatMap((mention) => mention.candidates.map((one) => [one.id, one] as const)),
  );
  const [customer] = ids.values();
  return ids.size === 1 && customer !== undefined ? customer : null;
}

/** A record of the previous answer. */
type Listed = Utterance['previous'][number]['listed'][number];

/** The record of the previous answer that "the second one" points at. */
export function pointedAt(utterance: Pick<Utterance, 'ordinal' | 'previous'>): Listed | null {
  if (utterance.ordinal === null) return null;
  return lastListed(utterance).at(utterance.ordinal === -1 ? -1 : utterance.ordinal - 1) ?? null;
}

/** As `pointedAt`; where one record alone was shown, "that one" and "it" point at it too. */
export function pointedRecord(utterance: Utterance): Listed | null {
  if (utterance.ordinal !== null) return pointedAt(utterance);
  const [only, another] = lastListed(utterance);
  return only && !another && says(utterance, 'it', 'that', 'this', 'them', 'their', 'they') ? only : null;
}

function lastListed(utterance: Pick<Utterance, 'previous'>): readonly Listed[] {
  return utterance.previous.find((call) => call.listed.length > 0)?.listed ?? [];
}

/** A period understood, or null; words that name no period that exists count as none. */
export function namedPeriod(utterance: Pick<Utterance, 'periods'>) {
  return utterance.periods.find((mention) => mention.period !== null)?.period ?? null;
}
