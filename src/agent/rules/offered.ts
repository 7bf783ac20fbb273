import type { PreviousCall, Utterance } from '../../domain/language/utterance.ts';
import type { Offer } from '../state.ts';
import { callsOf, type Decision, type RulesContext } from './decision.ts';
import { goOn } from './go-on.ts';
import { untie } from './markers.ts';

const LONGEST = 8;

/**
 * "And in the EU only" after a choice that nobody has made yet: the choice again, each with that difference. The
 * answer before the choice is not what it speaks of.
 */
export function goOnFromOffers(utterance: Utterance, context: RulesContext): Decision | null {
  const { offered } = context;
  const tied = untie(utterance);
  if (offered.length === 0 || utterance.words.length > LONGEST) return null;
  if (!tied.continues && !tied.same) return null;
  const offers = offered.flatMap((offer): Offer[] => {
    const before: PreviousCall = { tool: offer.tool, input: offer.input, listed: [] };
    const decision = goOn({ ...utterance, previous: [before] }, { ...context, offered: [] });
    const [only, another] = decision ? callsOf(decision) : [];
    if (!only || another || only.tool !== offer.tool) return [];
    const label = only.interpretation.slice(0, 75);
    return [{ ...offer, label, say: only.interpretation, input: only.input }];
  });
  const [first] = offers;
  if (!first) return null;
  return { kind: 'ask', text: 'Which do you mean, with that difference?', offers };
}
