import type { Utterance } from '../domain/language/utterance.ts';
import type { Customer } from '../domain/types.ts';

const PREFACE =
  /^(?:(?:psi|hey|hi|hello|ok|okay|yes|now|then|and|so|please|pls|kindly|just|go ahead and|lets|let us|id like to|i would like to|i want(?: you)?(?: to)?|we want(?: to)?|we need(?: to)?|i need(?: you)?(?: to)?|need to|(?:can|could|would|will) you)\s+)+/;
/** "Acme was charged twice, please refund them": the order comes after what led to it. */
const LED_TO = /^.*\b(?=(?:please|pls|can you|could you|would you) \w)/;
/** Unless somebody else's words are told. */
const REPORTED =
  /\b(?:says?|said|wrote|writes|asks|asked|told|tells|demands?|demanded|ticket|email|quote|quoted)\b/;
const CONDITION = /\b(?:if|unless|whether|should|suppose|imagine|pretend|example|jk|kidding|joking)\b/;

/**
 * The message as an order to Psi, in its words without the polite beginning; null for a question, a condition or
 * a negation, from which nothing consequential is ever built. "Can you refund ..." is an order, "can I refund
 * ..." a question.
 */
export function orderIn(utterance: Utterance): string | null {
  if (utterance.negated) return null;
  const phrase = utterance.words.join(' ');
  if (CONDITION.test(phrase)) return null;
  const polite = /^(?:\S+ ){0,3}(?:can|could|would|will) you\b/.test(phrase);
  if (utterance.text.trimEnd().endsWith('?') && !polite) return null;
  return (REPORTED.test(phrase) ? phrase : phrase.replace(LED_TO, '')).replace(PREFACE, '');
}

/** The one customer named; null for none, several, or two alike. */
export function onlyCustomer(utterance: Utterance): Customer | null {
  const ids = new Map(
    utterance.customers.flatMap((mention) => mention.candidates.map((one) => [one.id, one] as const)),
  );
  const [customer] = ids.values();
  return ids.size === 1 && customer !== undefined ? customer : null;
}

/** The record of the previous answer that "the second one", "that one" or "it" points at. */
export function pointedRecord(
  utterance: Utterance,
): { id: string; label: string; customerId?: string } | null {
  const listed = utterance.previous.find((call) => call.listed.length > 0)?.listed ?? [];
  if (utterance.ordinal !== null) {
    return listed.at(utterance.ordinal === -1 ? -1 : utterance.ordinal - 1) ?? null;
  }
  const points = /\b(?:it|that|this|them|their|they|that one|this one)\b/.test(utterance.words.join(' '));
  return points && listed.length === 1 ? (listed[0] ?? null) : null;
}

/** The text with the names of customers taken out, for looking at what else it says. */
export function withoutCustomers(utterance: Utterance): string {
  return [...utterance.customers]
    .sort((left, right) => right.start - left.start)
    .reduce((text, mention) => `${text.slice(0, mention.start)} ${text.slice(mention.end)}`, utterance.text);
}
