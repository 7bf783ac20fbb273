import { namedCustomer, pointedRecord } from '../../domain/language/match-words.ts';
import type { Reading, Utterance } from '../../domain/language/utterance.ts';
import type { Json } from '../../domain/types.ts';
import { orderIn } from '../request-wording.ts';

const ORDER = /^(?:match|assign|allocate|reconcile)\b/;
const ABOUT = /\b(?:bank|payments?|transfers?|wires?|lines?|it|that|one)\b/;
const PAID =
  /\b(?:paid|settled)\b.*\b(?:by|via|with|through|per) (?:a |an |the )?(?:bank|wire|transfer|check|cheque|ach|sepa)\b|\bmark\b.*\b(?:as )?paid\b/;
const NUMBER = /\b(?=[A-Z0-9-]*\d)[A-Z0-9]{2,}(?:-[A-Z0-9]+)+\b|\bin_[A-Za-z0-9]+\b/;

/** A bank line by its id, by what was listed or by its customer; or an invoice that somebody says was paid outside. */
export function recognizeMatch(utterance: Utterance): Reading[] {
  const order = orderIn(utterance);
  if (order === null) return [];
  if (PAID.test(order)) return invoicePaid(utterance);
  if (!ORDER.test(order) || !ABOUT.test(order)) return [];
  const line = /\bbl_[a-z0-9]+\b/.exec(utterance.text)?.[0];
  const reading = /\breading (\d{1,2})\b/.exec(order)?.[1];
  const which: { [key: string]: Json } = reading === undefined ? {} : { reading: Number(reading) };
  const words = reading === undefined ? '' : `, reading ${reading}`;
  if (line !== undefined) return [sure({ line, ...which }, `Match bank line ${line}${words}`)];
  const pointed = pointedRecord(utterance);
  if (pointed?.id.startsWith('bl_'))
    return [sure({ line: pointed.id, ...which }, `Match ${pointed.label}${words}`)];
  const customer = namedCustomer(utterance);
  if (customer !== null)
    return [sure({ customer: customer.id, ...which }, `Match the bank payment of ${customer.name}${words}`)];
  if (utterance.customers.length > 0 || !/\bbank\b|\btransfer|\bwire/.test(order)) return [];
  return [sure(which, `Match the bank line that waits${words}`)];
}

function invoicePaid(utterance: Utterance): Reading[] {
  const pointed = pointedRecord(utterance);
  const invoice =
    NUMBER.exec(
      utterance.text.toUpperCase().includes('IN_') ? utterance.text : utterance.text.toUpperCase(),
    )?.[0] ?? (pointed?.id.startsWith('in_') ? pointed.id : undefined);
  if (invoice === undefined) return [];
  return [sure({ invoice }, `Mark invoice ${invoice} as paid outside Stripe`)];
}

function sure(input: { [key: string]: Json }, interpretation: string): Reading {
  return { input, confidence: 0.92, interpretation };
}
