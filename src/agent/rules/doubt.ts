import { extractFigures } from '../../domain/language/figures.ts';
import type { Utterance } from '../../domain/language/utterance.ts';
import type { Json } from '../../domain/types.ts';
import { type Decision, type PlannedCall, type RulesContext, toDecision } from './decision.ts';
import { describeInput } from './describe-input.ts';
import { checkingTool, type LastCall, lastCalls, lastNumbers, numbersTool, takes } from './last-calls.ts';
import { alone, recognized } from './recognized.ts';

const DISBELIEF =
  /^(?:(?:hm+|no|nope|but|wait|sorry|come on|ok|well|and|psi|i think|i believe|pretty sure) )*(?:(?:are )?you (?:really |absolutely |quite )?(?:sure|certain|positive)\b.*|really|for real|seriously|is (?:that|this|it) (?:really |actually )?(?:right|correct|true|accurate|so)\b.*|(?:that|this|it|the number|your number|the figure|your figure)(?:s| is| looks| seems| sounds| cant be| cannot be| doesnt (?:look|seem|sound)| does not (?:look|seem|sound)| isnt| is not| must be| has to be)* (?:(?:so|very|quite|a bit|way|really|totally|just|completely|definitely|not) )*(?:wrong|right|incorrect|off|correct|true|high|low|too high|too low|too much|too little|impossible|nonsense|weird|strange|odd|false|a mistake|an error|mistaken)\b.*|cant be|wrong|incorrect|nonsense|no way|impossible|youre (?:wrong|mistaken)|you are (?:wrong|mistaken)|i (?:really )?(?:doubt|dont believe|dont trust|do not believe|disagree|dont think).{0,40}|double check.{0,20}|recheck.{0,20}|recount.{0,20}|check (?:that|it|this)(?: again)?)$/;
const PROVE =
  /^(?:(?:and|but|so|ok) )*(?:where (?:does|did|do) (?:that|this|it|these|those|the|you)\b.{0,30}(?:come from|from)|how (?:did|do|have) you (?:get|got|getting|come up with|calculated?|computed?|arrived? at) (?:that|this|it|to that)\b.{0,20}|(?:show|give)(?: me)? (?:the |your )?(?:receipt|sources?|working|calculation|proof)|whats (?:the|your) source|what is (?:the|your) source|source|prove it|based on what)$/;
const CLAIM =
  /\b(?:says?|said|shows?|showed|reports?|reported|thinks?|claims?|told (?:me|us)|gets?|has it (?:at|as)|i (?:think|thought|believe|have|see|saw|get|got|count(?:ed)?|expected|remember|recall|calculated|heard|read)|should (?:be|have been)|supposed to be|was told|is actually|its actually|its really|its more like|isnt it|wasnt it|my (?:number|figure|sheet|spreadsheet|count|excel|calculation)|according to)\b|^(?:(?:no|nope|but|hm+) )*(?:its|it is|it was|thats|more like|closer to|not)\b/;
const CORRECTS_QUESTION = /\bi (?:meant|mean|asked|wanted)\b/;

export interface Doubt {
  /** The person's own figure, as they wrote it; null where they name none. */
  claimed: string | null;
}

/**
 * "Are you sure?", "finance says 1.2m", "I think it's 90k", "where does that come from?": the figure is doubted, not
 * another one asked for. Null for everything else.
 */
export function doubtIn(
  utterance: Pick<Utterance, 'text' | 'words' | 'periods' | 'customers'>,
): Doubt | null {
  const phrase = utterance.text
    .toLowerCase()
    .replace(/['’]/g, '')
    .replace(/[^\p{L}\p{N}.,$€£¥%]+/gu, ' ')
    .trim();
  const plain = phrase.replace(/[.,]+(?=\s|$)/g, '');
  if (CORRECTS_QUESTION.test(plain)) return null;
  const figure = extractFigures(utterance.text).find(
    (one) =>
      (one.kind === 'money' || one.kind === 'percent' || one.kind === 'number') &&
      /\d/.test(one.text) &&
      !utterance.periods.some(({ start, end }) => one.start < end && one.end > start) &&
      !utterance.customers.some(({ start, end }) => one.start < end && one.end > start),
  );
  if (figure && CLAIM.test(plain) && plain.split(' ').length <= 16 && !QUESTION.test(plain))
    return { claimed: figure.text.trim() };
  if (DISBELIEF.test(plain) || PROVE.test(plain)) return { claimed: figure?.text.trim() ?? null };
  return null;
}

/** A question or an order of its own that happens to carry a figure. */
const QUESTION =
  /^(?:(?:hey|hi|psi|please|ok|and) )*(?:who|which|list|show|find|give|top|refund|remind|send|reschedule|shift|make|change|push|bring|put|post|drop|stop|cancel|pause|schedule|snooze|every|how (?:many|much)|when|invoices?|payments?|customers?|approve|is there|are there|move|set|what is|whats|any)\b/;

/** The figure is computed again and stands; what the person has instead is held against it, never taken over. */
export function answerDoubt(utterance: Utterance, context: RulesContext): Decision | null {
  const doubt = doubtIn(utterance);
  const checking = checkingTool(context.tools);
  if (!doubt || !checking) return null;
  const last = lastCalls(utterance, context.tools);
  const numbers = named(utterance, context) ?? lastNumbers(last, context.tools);
  // What narrows a number narrows it when it is checked, or it would be another number.
  const narrowed = numbers.some(({ input }) =>
    Object.keys(input).some((field) => !takes(checking, field) && !VIEWS.has(field)),
  );
  if (narrowed) return lookedUpAgain(numbers, utterance);
  const calls = numbers.map(({ input }): PlannedCall => {
    const kept = Object.entries(input).filter(([field]) => takes(checking, field));
    const checked: { [key: string]: Json } = Object.fromEntries(kept);
    const interpretation = `${describeInput(checked, utterance)}, checked again`;
    return {
      tool: checking.name,
      input: { ...checked, ...(doubt.claimed === null ? {} : { claimed: doubt.claimed }) },
      interpretation,
    };
  });
  if (calls.length > 0) {
    const fits = calls.every((call) => checking.input.safeParse(call.input).success);
    return fits ? toDecision(calls) : lookedUpAgain(numbers, utterance);
  }
  const lookUps = last.filter(({ tool }) => tool.effect === 'read' && !takes(tool, 'metric'));
  if (lookUps.length > 0) return lookedUpAgain(lookUps, utterance);
  if (doubt.claimed !== null) return null;
  const text =
    'I keep to what our records say and show where it comes from. Which number do you mean? Name it, and I compute it again.';
  return { kind: 'say', text, suggestions: [] };
}

/** How a number is shown; without them it is the same number. */
const VIEWS: ReadonlySet<string> = new Set(['by', 'top', 'order', 'chart', 'compare']);

/** "Finance says MRR is 1.2m" names the number itself. */
function named({ text, customers }: Utterance, { tools, read }: RulesContext): LastCall[] | null {
  const tool = numbersTool(tools);
  const reading = tool ? recognized(tool, alone(read(text, customers)))[0] : undefined;
  if (!tool || !reading || reading.confidence < 0.6) return null;
  return [{ tool, input: reading.input, listed: [] }];
}

function lookedUpAgain(last: readonly LastCall[], utterance: Utterance): Decision | null {
  const words = 'I looked it up again. This is what our records say now:';
  const calls = last.map(({ tool, input }) => {
    const described = describeInput(input, utterance);
    return {
      tool: tool.name,
      input,
      interpretation: described === '' ? 'The same again' : `The same again: ${described}`,
    };
  });
  return toDecision(calls, words);
}
