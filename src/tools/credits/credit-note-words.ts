import { namedCustomer, pointedRecord, says } from '../../domain/language/match-words.ts';
import type { Reading, Utterance } from '../../domain/language/utterance.ts';
import type { Json } from '../../domain/types.ts';
import { orderIn, withoutCustomers } from '../request-wording.ts';
import { spokenAmount } from '../spoken-amount.ts';

const ORDER =
  /^(?:credit (?:note|memo)\b(?! (?:was|is|were|has|total|totals|history)\b)|(?:issue|make|create|send|write|give|prepare|raise)\b.*\bcredit (?:note|memo)\b|credit\b.*\b(?:invoice|inv)\b)/;
const UNCLEAR = /\b(?:third|quarter|every|everyone|everybody|both|each|except|or|notes|invoices)\b/;
export const INVOICE_ID = /\bin_[A-Za-z0-9]+|\b[A-Z0-9]{3,}-\d{3,}\b/;
const PERCENT = /(\d{1,3}(?:\.\d{1,4})?)\s*(?:%|percent\b|per cent\b)/i;
const MEMO = /\b(?:because(?: of)?|due to)\s+(.+?)[.\s]*$/i;

/** "credit note for invoice X, half, back to the card, because ..." */
export function readCreditNoteOrder(utterance: Utterance): Reading[] {
  const order = orderIn(utterance);
  if (order === null || !ORDER.test(order)) return [];
  const unsure: Reading[] = [{ input: {}, confidence: 0.5, interpretation: 'Issue a credit note' }];
  if (UNCLEAR.test(order)) return unsure;
  const which = invoiceMeant(utterance);
  const much = howMuch(utterance, order);
  if (which === null || much === null) return unsure;
  const memo = MEMO.exec(utterance.text)?.[1];
  const input: { [key: string]: Json } = {
    ...which.input,
    ...much.input,
    ...placeOf(order),
    ...(/\b(?:duplicate|twice|double)\b/.test(order) ? { reason: 'duplicate' } : {}),
    ...(/\bfraud(?:ulent)?\b/.test(order) ? { reason: 'fraudulent' } : {}),
    ...(memo === undefined ? {} : { memo }),
  };
  return [{ input, confidence: 0.9, interpretation: `Issue a credit note for ${which.words}${much.words}` }];
}

interface Part {
  input: { [key: string]: Json };
  words: string;
}

/** The invoice an order means: its id or number, the one shown before, or the last of the customer named. */
export function invoiceMeant(utterance: Utterance): Part | null {
  const id = INVOICE_ID.exec(withoutCustomers(utterance))?.[0];
  if (id !== undefined) return { input: { invoice: id }, words: `invoice ${id}` };
  const customer = namedCustomer(utterance);
  if (customer !== null)
    return { input: { customer: customer.id }, words: `${customer.name}'s last invoice` };
  const pointed = utterance.customers.length === 0 ? pointedRecord(utterance) : null;
  if (pointed === null) return null;
  if (pointed.id.startsWith('in_')) return { input: { invoice: pointed.id }, words: pointed.label };
  // "Their last invoice" after one customer alone was shown.
  const theirs =
    pointed.id === pointed.customerId && says(utterance, 'their last', 'their latest', 'its last');
  return theirs ? { input: { customer: pointed.id }, words: `${pointed.label}'s last invoice` } : null;
}

function howMuch(utterance: Utterance, order: string): Part | null {
  const text = withoutCustomers(utterance).replace(new RegExp(INVOICE_ID, 'g'), ' ');
  const percent = PERCENT.exec(text)?.[1] ?? (/\bhalf\b/.test(order) ? 'half' : undefined);
  const amount = spokenAmount(utterance, text.replace(PERCENT, ' ').replace(MEMO, ' '));
  if (amount === 'unclear' || (percent !== undefined && amount !== null)) return null;
  if (percent !== undefined)
    return { input: { percent }, words: percent === 'half' ? ', half of it' : `, ${percent}% of it` };
  return amount === null ? { input: {}, words: '' } : { input: amount.input, words: ` over ${amount.words}` };
}

function placeOf(order: string): { [key: string]: Json } {
  if (/\b(?:refund|card|money back)\b/.test(order)) return { to: 'card' };
  if (/\b(?:bank transfer|wire|outside)\b/.test(order)) return { to: 'outside' };
  return /\bbalance\b/.test(order) ? { to: 'balance' } : {};
}
