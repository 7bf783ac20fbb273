import type { Utterance } from '../../domain/language/utterance.ts';
import { findMetric } from '../../domain/metrics/index.ts';
import { mayPropose } from '../../tools/define-tool.ts';
import { orderIn } from '../../tools/request-wording.ts';
import type { Offer } from '../state.ts';
import {
  callsOf,
  type Decision,
  MOST_PARTS,
  type PlannedCall,
  type RulesContext,
  toDecision,
} from './decision.ts';
import { asRecord, describeInput } from './describe-input.ts';
import { lastCalls, lastNumbers, meansEverybody, takes } from './last-calls.ts';
import { untie } from './markers.ts';
import { fitted, overlay } from './overlay.ts';
import { type Part, partsIn } from './parts.ts';
import { recognized } from './recognized.ts';
import { share } from './share-parts.ts';

const LONGEST_TEXT = 400;
const SURE_OF_AN_ACTION = 0.8;

/**
 * Several questions in one message, each answered by a call of its own. Null where it is one question, however many
 * "and"s are in it. An action among the parts is proposed only if it is ordered beyond doubt; where it is put as a
 * question it is offered, and where anything speaks against it the message is not taken apart at all.
 */
export function compound(utterance: Utterance, context: RulesContext): Decision | null {
  if (utterance.text.length > LONGEST_TEXT || utterance.skill) return null;
  if (isOneWish(utterance, context)) return null;
  const { parts, unread } = partsIn(utterance, context);
  if (parts.length + unread.length < 2 || parts.length === 0) return null;
  if (parts.some((part) => saysMoreWhole(part, utterance))) return null;
  const actions = parts.filter(({ reading }) => mayPropose(reading.tool));
  if (actions.length > 0 && !mayTakeApart(utterance, parts)) return null;
  const shared = carried(utterance, share(parts), context);
  const asked = shared.filter(({ reading }) => !mayPropose(reading.tool));
  // With something in the message that was not understood, nothing is proposed outright.
  const sure = unread.length > 0 ? [] : actions.filter((part) => isOrdered(part, utterance));
  const offers = actions.filter((part) => !sure.includes(part)).map(toOffer);
  const distinct = toDecision([...asked, ...sure].map((part) => toCall(part, utterance)));
  if (!distinct) return null;
  const calls = callsOf(distinct);
  if (calls.length < 2 && offers.length === 0 && unread.length === 0) return null;
  const words = [
    offers.length > 0 ? ASKED : null,
    asked.length + sure.length > MOST_PARTS ? TOO_MANY : null,
    ...unread
      .filter((piece) => !NEGATED.test(piece))
      .map((piece) => `I did not understand "${piece}", so I left it out.`),
  ].filter((line) => line !== null);
  return {
    kind: 'calls',
    calls,
    ...(offers.length > 0 ? { offers } : {}),
    ...(words.length > 0 ? { words: words.join(' ') } : {}),
  };
}

/** "The difference between GRR and NRR", "MRR and signups every Monday": what is named in it belongs together. */
function isOneWish(utterance: Utterance, { tools }: RulesContext): boolean {
  return tools.some((tool) =>
    recognized(tool, utterance).some((one) => one.whole === true && one.confidence >= SURE_OF_AN_ACTION),
  );
}

/** "I'm away until Friday, Jonas decides for me" is one thing to note: torn, its second half would be lost. */
function saysMoreWhole({ reading: { tool, input } }: Part, whole: Utterance): boolean {
  if (tool.effect !== 'own') return false;
  const heard = Object.keys(input).length;
  return recognized(tool, whole).some(
    (one) => one.confidence >= SURE_OF_AN_ACTION && Object.keys(one.input).length > heard,
  );
}

const TOO_MANY = `I answer at most ${MOST_PARTS} questions of one message; ask me the rest again.`;
const NEGATED = /\b(?:not|don['’]?t|never|no)\b/i;
const ASKED = 'I answer first; whether I should propose the rest is for you to say with the button.';

/** No condition, negation or report anywhere in it, and an order does not merely follow what led to it. */
function mayTakeApart(utterance: Utterance, parts: readonly Part[]): boolean {
  const statement = { ...utterance, text: utterance.text.replace(/[?\s]+$/, '') };
  if (orderIn(statement) === null || REPORTED.test(utterance.words.join(' '))) return false;
  return parts.every(({ reading, asks }) => mayPropose(reading.tool) || asks);
}

const REPORTED =
  /\b(?:says?|said|wrote|writes|asked|told|tells|demands?|demanded|quoted?|ticket|email|maybe|perhaps|might|could have)\b/;

function isOrdered({ said, reading }: Part, whole: Utterance): boolean {
  if (whole.text.trimEnd().endsWith('?') && !/\b(?:can|could|would|will) you\b/i.test(said.text))
    return false;
  const [only, another] = new Set(said.customers.flatMap(({ candidates }) => candidates.map(({ id }) => id)));
  return reading.confidence >= SURE_OF_AN_ACTION && only !== undefined && another === undefined;
}

function toOffer({ reading }: Part): Offer {
  const label = reading.interpretation.slice(0, 75);
  return { label, say: reading.interpretation, tool: reading.tool.name, input: reading.input };
}

function toCall({ reading, input }: Part, utterance: Utterance): PlannedCall {
  const numbers = takes(reading.tool, 'metric');
  const interpretation = numbers ? describeInput(input, utterance) : reading.interpretation;
  return { tool: reading.tool.name, input, interpretation };
}

/** "And refunds and signups?" goes on from the question before, part by part. */
function carried(utterance: Utterance, parts: readonly Part[], { tools }: RulesContext): Part[] {
  const tied = untie(utterance);
  const [before] = lastNumbers(lastCalls(utterance, tools), tools);
  if (!tied.strongly || !before) return [...parts];
  const { customer: _customer, ...company } = before.input;
  const base = meansEverybody(utterance) ? company : before.input;
  return parts.map((part) => {
    if (part.reading.tool.name !== before.tool.name || !findMetric(String(part.input.metric))) return part;
    const { by: _by, top: _top, order: _order, chart: _chart, ...narrowing } = base;
    const kept = fitted({ ...narrowing, metric: part.input.metric ?? null });
    return { ...part, input: overlay(kept, asRecord(part.input)) };
  });
}
