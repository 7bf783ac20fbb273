import type { Customer } from '../types.ts';
import type { Utterance } from './utterance.ts';

/** True when one of the words, or of the phrases ("past due"), stands in the message. */
export function says(utterance: Pick<Utterance, 'words'>, ...phrases: readonly string[]): boolean {
  const text = ` ${utterance.words.join(' ')} `;
  return phrases.some((phrase) => text.includes(` ${phrase} `));
}

/** The customer a message names beyond doubt; null when it names none, several, or one of two alike. */
export function namedCustomer(utterance: Pick<Utterance, 'customers'>): Customer | null {
  const [mention, another] = utterance.customers;
  const [customer, alike] = mention?.candidates ?? [];
  return customer && !alike && !another ? customer : null;
}

/** The record of the previous answer that "the second one" points at. */
export function pointedAt(utterance: Utterance): { id: string; label: string; customerId?: string } | null {
  if (utterance.ordinal === null) return null;
  const listed = utterance.previous.find((call) => call.listed.length > 0)?.listed ?? [];
  return listed.at(utterance.ordinal === -1 ? -1 : utterance.ordinal - 1) ?? null;
}

/** A period understood, or null; words that name no period that exists count as none. */
export function namedPeriod(utterance: Pick<Utterance, 'periods'>) {
  return utterance.periods.find((mention) => mention.period !== null)?.period ?? null;
}
