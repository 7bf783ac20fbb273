import { z } from 'zod';
import { namedCustomer, pointedRecord } from '../../domain/language/match-words.ts';
import type { Utterance } from '../../domain/language/utterance.ts';

/** Which alert, as the tools that change one take it. */
export const aboutInput = z
  .string()
  .trim()
  .min(1)
  .max(200)
  .describe(
    'Alert id, or the customer, source or run it is about; leave out for the only one or the one of this thread',
  );

const ALERT_ID = /\bal_[0-9a-f]+\b/;

/** The alert a sentence names: by customer, by id, or as a record of the previous answer. */
export function alertMeant(utterance: Utterance): { about: string; label: string } | null {
  const customer = namedCustomer(utterance);
  if (customer) return { about: customer.id, label: customer.name };
  const id = ALERT_ID.exec(utterance.text)?.[0];
  if (id) return { about: id, label: id };
  const pointed = pointedRecord(utterance);
  return pointed && ALERT_ID.test(pointed.id) ? { about: pointed.id, label: pointed.label } : null;
}
