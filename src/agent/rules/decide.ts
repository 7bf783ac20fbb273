import { namedCustomer } from '../../domain/language/match-words.ts';
import type { Utterance } from '../../domain/language/utterance.ts';
import { parsePeriod } from '../../domain/periods/parse-period.ts';
import type { Json } from '../../domain/types.ts';
import { UserError } from '../../lib/errors.ts';
import { mayPropose, type Tool } from '../../tools/define-tool.ts';
import { sayable } from '../../tools/sayable.ts';
import { scopeRefusal } from '../../tools/scopes.ts';
import type { Offer } from '../state.ts';
import { readAboutThem, readFollowUp } from './follow-up.ts';
import { helpText, isDecision, isGreeting, isHelp, isSmallTalk, isThanks, isYes } from './manners.ts';
import { nearestExamples } from './nearest.ts';
import type { ToolReading } from './tool-reading.ts';

/** What rules mode makes of a message. */
export type Decision =
  | { kind: 'call'; tool: string; input: { [key: string]: Json }; interpretation: string; confidence: number }
  | { kind: 'ask'; text: string; offers: Offer[] }
  | { kind: 'say'; text: string; suggestions: { label: string; say: string }[] };

export interface RulesContext {
  tools: readonly Tool[];
  /** Those the asker's role may use. */
  permitted: readonly Tool[];
  /** Choices of the previous answer: one of them said word for word is taken as picked. */
  offered: readonly Offer[];
  askerName: string;
}

const TAKE = 0.6;
const TAKE_CONSEQUENTIAL = 0.8;
const CLOSE = 0.05;

/** Pure: the same message in the same thread is always read the same way. */
export function decide(utterance: Utterance, context: RulesContext): Decision {
  const [only, another] = context.offered;
  const agreed = only && !another && isYes(utterance) && !acts(only, context) ? only : undefined;
  const picked = context.offered.find((offer) => offer.say === utterance.text) ?? agreed;
  if (picked) {
    return {
      kind: 'call',
      tool: picked.tool,
      input: picked.input,
      interpretation: picked.label,
      confidence: 1,
    };
  }
  const polite = manners(utterance, context);
  if (polite) return polite;
  const impossible = utterance.periods.find((mention) => mention.period === null);
  if (impossible) return { kind: 'say', text: refusalOf(impossible.text, utterance), suggestions: [] };
  const alike = askWhichCustomer(utterance, context);
  if (alike) return alike;
  return choose(rankReadings(utterance, context), utterance, context);
}

/** The grammar's own sentence for a period that does not exist, with what would have worked. */
function refusalOf(words: string, { nowAt, tz }: Utterance): string {
  try {
    return `${parsePeriod(words, { nowAt, tz }).label} is a period after all; please ask again with it alone.`;
  } catch (error) {
    if (error instanceof UserError) return [error.message, error.hint].filter(Boolean).join(' ');
    throw error;
  }
}

/** A yes in words never stands for an action: that one is asked for outright, or picked. */
function acts(offer: Offer, { tools }: RulesContext): boolean {
  return tools.some((tool) => tool.name === offer.tool && mayPropose(tool));
}

function manners(utterance: Utterance, context: RulesContext): Decision | null {
  if (isHelp(utterance)) return { kind: 'say', text: helpText(context), suggestions: [] };
  if (isGreeting(utterance)) {
    const text = `Hello ${context.askerName}. Ask me about the business, or say "help" to see what I can answer.`;
    return { kind: 'say', text, suggestions: suggestionsFrom(context.permitted) };
  }
  if (isThanks(utterance)) return { kind: 'say', text: 'You are welcome.', suggestions: [] };
  if (isSmallTalk(utterance)) {
    const text = 'I only know the business: its numbers, customers, invoices, payments and tickets.';
    return { kind: 'say', text, suggestions: suggestionsFrom(context.permitted) };
  }
  return null;
}

function suggestionsFrom(tools: readonly Tool[]) {
  return tools
    .flatMap((tool) => sayable(tool).slice(0, 1))
    .slice(0, 3)
    .map((say) => ({ label: say.slice(0, 75), say }));
}

/** The same sentence again, with the exact name in the place of the one that fits several. */
function askWhichCustomer(utterance: Utterance, { permitted }: RulesContext): Decision | null {
  const mention = utterance.customers.find((candidate) => candidate.candidates.length > 1);
  if (!mention) return null;
  // Their names are records too: whoever may not read those is not asked to choose between them.
  if (!permitted.some((tool) => tool.scope === 'customers:read')) {
    const { message, hint } = scopeRefusal('customers:read');
    return { kind: 'say', text: `${message} ${hint}`, suggestions: [] };
  }
  const choices = mention.candidates.slice(0, 3).map((customer) => ({
    label: customer.name.slice(0, 75),
    say: `${utterance.text.slice(0, mention.start)}${customer.name}${utterance.text.slice(mention.end)}`,
  }));
  const names = choices.map((choice) => choice.label).join(' or ');
  return { kind: 'say', text: `Which customer do you mean: ${names}?`, suggestions: choices };
}

/** Every tool's readings, best first; the same call read twice counts once. */
export function rankReadings(utterance: Utterance, context: RulesContext): ToolReading[] {
  const own = context.tools.flatMap((tool) =>
    tool.recognize(utterance).map((reading) => ({ ...reading, tool })),
  );
  const about = readAboutThem(utterance, own);
  const readings = [...about, ...readFollowUp(utterance, context.tools, about)];
  const seen = new Set<string>();
  return readings
    .filter((reading) => reading.confidence > 0 && reading.tool.input.safeParse(reading.input).success)
    .sort((a, b) => b.confidence - a.confidence)
    .filter((reading) => {
      const key = `${reading.tool.name} ${JSON.stringify(reading.input)}`;
      return seen.has(key) ? false : seen.add(key);
    });
}

function choose(ranked: ToolReading[], utterance: Utterance, context: RulesContext): Decision {
  const permitted = ranked.filter((reading) => context.permitted.includes(reading.tool));
  const [best] = ranked;
  const [first, second] = permitted;
  // A question only others may ask is refused by name, unless something nearly as likely can be answered.
  if (best && best.confidence >= TAKE && best.confidence > (first?.confidence ?? 0) + 0.15) return take(best);
  const order = orderAmong(permitted, utterance);
  if (order) return take(order);
  const sure = first ? first.confidence >= threshold(first) && isResolved(first, utterance) : false;
  const alone = !second || !first || first.confidence - second.confidence >= CLOSE;
  if (first && sure && alone) return take(first);
  if (isDecision(utterance)) {
    const text =
      'A message decides nothing here: the buttons on the card do. Say "what is waiting for me" to see the cards.';
    return { kind: 'say', text, suggestions: [] };
  }
  const offerable = permitted.filter(
    (reading) => reading.confidence >= 0.3 && isResolved(reading, utterance),
  );
  // Two readings that say the same to a person are one choice to them.
  const offers = [...new Map([...offerable].reverse().map((one) => [one.interpretation, one])).values()]
    .reverse()
    .slice(0, 3);
  if (offers.length > 0) {
    const question =
      offers.length === 1 ? 'Did you mean this?' : 'I can read that in more than one way. Which do you mean?';
    const text = [offers[0]?.caveat, question].filter(Boolean).join(' ');
    return { kind: 'ask', text, offers: offers.map(toOffer) };
  }
  if (first?.tool.effect === 'consequential') {
    return {
      kind: 'say',
      text: 'I need to know exactly which customer that is for. Name the customer.',
      suggestions: [],
    };
  }
  return unknown(utterance, context);
}

/** An order, read beyond doubt, goes before a question that the same words could just as well be. */
function orderAmong(permitted: readonly ToolReading[], utterance: Utterance): ToolReading | null {
  const floor = (permitted[0]?.confidence ?? 0) - CLOSE - 1e-9;
  const orders = permitted.filter(
    (reading) =>
      mayPropose(reading.tool) &&
      reading.confidence >= Math.max(floor, TAKE_CONSEQUENTIAL) &&
      isResolved(reading, utterance),
  );
  const [only, another] = orders;
  return only && !another ? only : null;
}

function threshold(reading: ToolReading): number {
  return mayPropose(reading.tool) ? TAKE_CONSEQUENTIAL : TAKE;
}

/** A consequential call is built only for a customer, or a record of the previous answer, named beyond doubt. */
function isResolved(reading: ToolReading, utterance: Utterance): boolean {
  if (reading.tool.effect !== 'consequential' || namedCustomer(utterance)) return true;
  const values = Object.values(reading.input);
  const listed = utterance.previous.flatMap((call) => call.listed);
  return values.some(
    (value) =>
      typeof value === 'string' &&
      (utterance.text.includes(value) ||
        listed.some((item) => item.id === value || item.customerId === value)),
  );
}

function take(reading: ToolReading): Decision {
  const { tool, input, interpretation, confidence } = reading;
  return { kind: 'call', tool: tool.name, input, interpretation, confidence };
}

function toOffer(reading: ToolReading): Offer {
  const label = reading.interpretation.slice(0, 75);
  return { label, say: reading.interpretation, tool: reading.tool.name, input: reading.input };
}

function unknown(utterance: Utterance, context: RulesContext): Decision {
  const nearest = nearestExamples(utterance, context.permitted, 3);
  const text =
    'I did not understand that. I am in rules mode: I read plain questions about the business. Perhaps one of these:';
  return { kind: 'say', text, suggestions: nearest };
}
