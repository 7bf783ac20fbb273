import { namedCustomer } from '../../domain/language/match-words.ts';
import { strangerIn } from '../../domain/language/stranger.ts';
import type { Utterance } from '../../domain/language/utterance.ts';
import { partsOf } from '../../domain/metrics/sentence-parts.ts';
import { parsePeriod } from '../../domain/periods/parse-period.ts';
import { UserError } from '../../lib/errors.ts';
import { mayPropose, type Tool } from '../../tools/define-tool.ts';
import { scopeRefusal } from '../../tools/scopes.ts';
import type { Offer } from '../state.ts';
import { acrossCustomers, acrossPeriods } from './across.ts';
import { compound } from './compound.ts';
import type { Decision, RulesContext } from './decision.ts';
import { answerDoubt } from './doubt.ts';
import { readAboutThem, readFollowUp } from './follow-up.ts';
import { goOn } from './go-on.ts';
import { takes } from './last-calls.ts';
import { isDecision, isYes, manners } from './manners.ts';
import { nearestExamples } from './nearest.ts';
import { goOnFromOffers } from './offered.ts';
import { alone, recognized } from './recognized.ts';
import { refusal } from './refuse.ts';
import type { ToolReading } from './tool-reading.ts';
import { unable } from './unable.ts';

const TAKE = 0.6;
const TAKE_CONSEQUENTIAL = 0.8;
const CLOSE = 0.05;

/** Pure: the same message in the same thread is always read the same way. */
export function decide(utterance: Utterance, context: RulesContext): Decision {
  const picked = pickedOffer(utterance, context);
  if (picked) {
    const { tool, input, label } = picked;
    return { kind: 'call', tool, input, interpretation: label, confidence: 1, picked };
  }
  const refused = refusal(utterance, context);
  if (refused) return refused;
  const polite = manners(utterance, context);
  if (polite) return { kind: 'say', ...polite };
  const doubted = answerDoubt(utterance, context);
  if (doubted) return doubted;
  const impossible = utterance.periods.find((mention) => mention.period === null);
  if (impossible) return { kind: 'say', text: refusalOf(impossible.text, utterance), suggestions: [] };
  const alike = askWhichCustomer(utterance, context);
  if (alike) return alike;
  return (
    unable(utterance, context) ??
    goOnFromOffers(utterance, context) ??
    compound(utterance, context) ??
    goOn(utterance, context) ??
    acrossPeriods(utterance, context) ??
    acrossCustomers(utterance, context) ??
    choose(rankReadings(utterance, context), utterance, context)
  );
}

/** What was offered before and is taken up: word for word, by its place, or by a yes to the only one. */
function pickedOffer(utterance: Utterance, context: RulesContext): Offer | null {
  const { offered } = context;
  const [only, another] = offered;
  const exact = offered.find((offer) => offer.say === utterance.text);
  if (exact) return exact;
  const pointed = utterance.words.length <= 4 && utterance.ordinal !== null ? utterance.ordinal : null;
  const byPlace = pointed === null ? undefined : offered.at(pointed === -1 ? -1 : pointed - 1);
  const agreed = byPlace ?? (only && !another && isYes(utterance) ? only : undefined);
  return agreed && !acts(agreed, context) ? agreed : null;
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

/** A question of what is to come is none of what has been: history that shares its words is not offered beside it. */
function foreseen(readings: ToolReading[]): ToolReading[] {
  const ahead = readings.some(({ tool, confidence }) => tool.foresees && confidence >= TAKE);
  return ahead ? readings.filter(({ tool }) => tool.foresees || mayPropose(tool)) : readings;
}

/** Every tool's readings, best first; the same call read twice counts once. */
export function rankReadings(utterance: Utterance, context: RulesContext): ToolReading[] {
  const { tools } = context;
  const read = (tool: Tool, heard: Utterance): ToolReading[] =>
    recognized(tool, heard).map((reading) => ({ ...reading, tool }));
  const isSure = ({ confidence }: ToolReading) => confidence >= TAKE;
  const records = tools.filter((tool) => !takes(tool, 'metric')).flatMap((tool) => read(tool, utterance));
  const numbers = tools.filter((tool) => takes(tool, 'metric'));
  // A number asked for in a whole question of its own, and a list, carry nothing over from the number before.
  const fresh = numbers.flatMap((tool) => read(tool, alone(utterance)));
  const whole = fresh.some(isSure) || records.some(isSure);
  const own = [...(whole ? fresh : numbers.flatMap((tool) => read(tool, utterance))), ...records];
  const about = readAboutThem(utterance, foreseen(own));
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
  const stranger = first && !takes(first.tool, 'metric') ? strangerOf(first, utterance) : null;
  if (first && sure && alone && stranger === null) return take(first);
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
    const unknown = stranger === null ? offers[0]?.caveat : `I do not know "${stranger}".`;
    const text = [unknown, question].filter(Boolean).join(' ');
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

/** A name nobody has, in a question that could be about one customer and would be answered about all. */
function strangerOf({ tool, input }: ToolReading, utterance: Utterance): string | null {
  if (!takes(tool, 'customer') || input.customer !== undefined) return null;
  return strangerIn(partsOf(utterance, undefined).rest, utterance.known);
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
  if (utterance.ordinal !== null && utterance.words.length <= 5) {
    const text =
      'There is nothing numbered in what I showed last. Name the record, or ask for the list first.';
    return { kind: 'say', text, suggestions: [] };
  }
  const nearest = nearestExamples(utterance, context.permitted, 3);
  const text =
    'I did not understand that. I am in rules mode: I read plain questions about the business. Perhaps one of these:';
  return { kind: 'say', text, suggestions: nearest };
}
