import { toWords } from '../../domain/language/lexicon.ts';
import type { Utterance } from '../../domain/language/utterance.ts';
import type { Customer, Json } from '../../domain/types.ts';
import { mayPropose } from '../../tools/define-tool.ts';
import type { RulesContext } from './decision.ts';
import { takes } from './last-calls.ts';
import { type Segment, segmentsOf } from './split-message.ts';
import type { ToolReading } from './tool-reading.ts';

/** One question of a message that has several. */
export interface Part {
  said: Utterance;
  reading: ToolReading;
  input: { [key: string]: Json };
  /** A list entry ("refunds") rather than a clause of its own ("who churned"). */
  elliptic: boolean;
  /** It is put as a question or a request to see something. */
  asks: boolean;
}

const SURE = 0.6;
const CLAUSE =
  /^(?:(?:and|also|then|please|psi|hey|hi|ok|so) )*(?:what|whats|who|whos|whose|which|how|hows|when|where|why|is|are|was|were|did|does|do|has|have|had|can|could|would|will|should|show|list|give|tell|find|get|send|remind|refund|compare)\b/;
const ASKS =
  /^(?:(?:and|also|then|please|psi|hey|hi|ok|so|first) )*(?:what|whats|who|whos|whose|which|how|hows|when|where|why|is|are|was|were|did|does|do|has|have|had|show|list|give me|tell|find|get|check|look|mrr|arr|revenue)\b/;
/** Said alone they belong to the noun of the next: "gross and net revenue", "open and overdue invoices". */
const ADJECTIVES: ReadonlySet<string> = new Set(
  'open overdue unpaid paid late failed closed new lost churned active net gross pending largest biggest smallest monthly weekly daily recovered expired total'.split(
    ' ',
  ),
);
const PRONOUN = /\b(?:them|they|their|theirs|him|her|it|its)\b/i;

/** The questions of a message in order; a piece that is none belongs to the one before it, or to the next. */
export function partsIn(utterance: Utterance, context: RulesContext): Part[] {
  const parts: Part[] = [];
  let spans: Segment[] = [];
  let open: Segment | null = null;
  let subject: Customer | null = null;
  const segments = segmentsOf(utterance);
  for (const [index, segment] of segments.entries()) {
    const span: Segment = open ? { from: open.from, to: segment.to } : segment;
    const next = segments[index + 1];
    const part: Part | null =
      headOf(span, utterance, subject, context) ?? withNextNoun(span, next, utterance, context);
    if (part) {
      parts.push(part);
      spans = [...spans, span];
      subject = onlyCustomer(part.said) ?? subject;
      open = null;
      continue;
    }
    const anew = againBy(span, utterance, parts.at(-1), context);
    if (anew) {
      parts.push(anew);
      spans = [...spans, span];
      continue;
    }
    const previous: Segment | undefined = spans.at(-1);
    if (!previous) {
      open = span;
      continue;
    }
    // It belongs to the question before: read that one anew with it.
    const joined = { from: previous.from, to: span.to };
    const whole = headOf(joined, utterance, subject, context);
    if (!whole) return [];
    parts[parts.length - 1] = whole;
    spans = [...spans.slice(0, -1), joined];
    subject = onlyCustomer(whole.said) ?? subject;
  }
  return open ? [] : parts;
}

function onlyCustomer({ customers }: Utterance): Customer | null {
  const found = new Map(
    customers.flatMap(({ candidates }) => candidates.map((one) => [one.id, one] as const)),
  );
  const [only, another] = [...found.values()];
  return only && !another ? only : null;
}

/** The piece read by itself, if it is a question by itself. */
function headOf(
  span: Segment,
  utterance: Utterance,
  subject: Customer | null,
  context: RulesContext,
): Part | null {
  const said = slice(span, utterance, subject, context);
  return said ? toPart(said, context) : null;
}

function slice(
  { from, to }: Segment,
  { text, customers }: Utterance,
  subject: Customer | null,
  { read }: RulesContext,
): Utterance | null {
  const piece = text.slice(from, to);
  const inside = customers
    .filter(({ start, end }) => start >= from && end <= to)
    .map((mention) => ({ ...mention, start: mention.start - from, end: mention.end - from }));
  const pronoun = inside.length === 0 && subject ? PRONOUN.exec(piece) : null;
  if (!pronoun || !subject) return read(piece, inside);
  const { name } = subject;
  const whose = /^(?:their|theirs|its|her)$/i.test(pronoun[0]) ? `${name}'s` : name;
  const put = `${piece.slice(0, pronoun.index)}${whose}${piece.slice(pronoun.index + pronoun[0].length)}`;
  const mention = {
    start: pronoun.index,
    end: pronoun.index + name.length,
    text: name,
    candidates: [subject],
    score: 1,
  };
  return read(put, [mention]);
}

function toPart(said: Utterance, { tools }: RulesContext): Part | null {
  const content = said.words.filter((word) => !FILL.has(word));
  if (content.length === 0 || content.every((word) => ADJECTIVES.has(word))) return null;
  const periodsOnly = toWords(blanked(said)).every((word) => FILL.has(word));
  if (periodsOnly) return null;
  const fresh = { ...said, previous: [] };
  const [best, second] = tools
    .flatMap((tool) => tool.recognize(fresh).map((reading): ToolReading => ({ ...reading, tool })))
    .filter(({ tool, input }) => tool.input.safeParse(input).success)
    .sort((a, b) => b.confidence - a.confidence);
  if (!best || best.confidence < SURE) return null;
  // Two that are as likely: an order goes first, as it does in a message of its own.
  const order =
    second && mayPropose(second.tool) && best.confidence - second.confidence < 0.05 ? second : best;
  const phrase = said.words.join(' ');
  return {
    said,
    reading: order,
    input: order.input,
    elliptic: !CLAUSE.test(phrase),
    asks: ASKS.test(phrase) || takes(order.tool, 'metric'),
  };
}

const FILL: ReadonlySet<string> = new Set(
  'the a an of for in on at to from and or by with our we us my me i you please pls psi also then per this that these those'.split(
    ' ',
  ),
);

function blanked({ text, customers, periods }: Utterance): string {
  return [...customers, ...periods].reduce(
    (rest, { start, end }) => `${rest.slice(0, start)}${' '.repeat(end - start)}${rest.slice(end)}`,
    text,
  );
}

/** "Gross" of "gross and net revenue": with the noun that stands after the next piece's own adjective. */
function withNextNoun(
  span: Segment,
  next: Segment | undefined,
  utterance: Utterance,
  context: RulesContext,
): Part | null {
  const words = toWords(utterance.text.slice(span.from, span.to));
  const last = words.at(-1) ?? '';
  if (!next || !ADJECTIVES.has(last) || utterance.customers.some(({ start }) => start >= span.from))
    return null;
  const [first = '', ...rest] = utterance.text.slice(next.from, next.to).split(/\s+/);
  if (!ADJECTIVES.has(first.toLowerCase()) || rest.length === 0) return null;
  const noun = rest[0] ?? '';
  return toPart(context.read(`${utterance.text.slice(span.from, span.to)} ${noun}`, []), context);
}

/** "By plan and by country": the question before once more, broken down the other way. */
function againBy(
  span: Segment,
  { text }: Utterance,
  before: Part | undefined,
  { read }: RulesContext,
): Part | null {
  if (before?.input.by === undefined || !/^\s*(?:by|per)\s/i.test(text.slice(span.from, span.to)))
    return null;
  const said = read(text.slice(span.from, span.to), []);
  const by = said.words.length <= 3 ? said.by : null;
  const input = { ...before.input, by };
  if (by === null || !before.reading.tool.input.safeParse(input).success) return null;
  return { ...before, input };
}
