import type { Utterance } from '../domain/language/utterance.ts';

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

/** The text with the names of customers taken out, for looking at what else it says. */
export function withoutCustomers(utterance: Utterance): string {
  return [...utterance.customers]
    .sort((left, right) => right.start - left.start)
    .reduce((text, mention) => `${text.slice(0, mention.start)} ${text.slice(mention.end)}`, utterance.text);
}
