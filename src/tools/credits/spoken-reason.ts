import type { Utterance } from '../../domain/language/utterance.ts';

const WHY = /\b(?:for|because of|due to|over)\s+(.+?)[.\s]*$/i;
/** "for 3 months", "for $50", "for invoice X": terms of the order, not what it is for. */
const TERMS =
  /^(?:[\d$€£¥]|the (?:next|first|rest)\b|(?:a|one|two|three|six|twelve) (?:month|year)|invoice\b|ever\b|now\b)/i;

/** What an order is for ("for the outage"), in the words of the person; null when it does not say. */
export function spokenReason(utterance: Utterance): string | null {
  const found = WHY.exec(utterance.text);
  const reason = found?.[1];
  if (found === null || reason === undefined || TERMS.test(reason)) return null;
  const startAt = found.index + found[0].indexOf(reason);
  const namesCustomer = utterance.customers.some((mention) => mention.start >= startAt);
  return namesCustomer || reason.length > 200 ? null : reason;
}
