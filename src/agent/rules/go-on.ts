import type { Utterance } from '../../domain/language/utterance.ts';
import type { Decision, RulesContext } from './decision.ts';
import { numbersGoOn } from './go-on-numbers.ts';
import { again, listedOnes, oneCustomerInstead, recordsGoOn } from './go-on-records.ts';
import { lastCalls, lastNumbers } from './last-calls.ts';
import { untie } from './markers.ts';

/** Longer than this it is a question of its own. */
const LONGEST = 14;

/**
 * A message that only makes sense after the one before: a correction replaces, an addition adds, and everything
 * else of that question is carried and echoed. Null where the message stands for itself, which carries nothing.
 */
export function goOn(utterance: Utterance, context: RulesContext): Decision | null {
  const last = lastCalls(utterance, context.tools);
  if (last.length === 0 || utterance.words.length > LONGEST) return null;
  const tied = untie(utterance);
  const numbers = lastNumbers(last, context.tools);
  return (
    again(utterance, last) ??
    listedOnes(utterance, context) ??
    (numbers.length > 0 ? numbersGoOn(utterance, tied, numbers, context) : null) ??
    oneCustomerInstead(utterance, last) ??
    recordsGoOn(utterance, tied, last, context)
  );
}
