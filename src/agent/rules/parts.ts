import { toWords } from '../../domain/language/lexicon.ts';
import type { Utterance } from '../../domain/language/utterance.ts';
import type { Customer, Json } from '../../domain/types.ts';
import { mayPropose } from '../../tools/define-tool.ts';
import type { RulesContext } from './decision.ts';
import { takes } from './last-calls.ts';
import { alone, recognized } from './recognized.ts';
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
  /^(?:(?:and|also|then|please|psi|hey|hi|ok|so|first) )*(?:what|whats|who|whos|whose|which|how|hows|when|where|why|is|are|was|were|did|does|do|has|have|had|show|list|read|open|give me|tell|find|get|check|look|mrr|arr|revenue)\b/;
/** Said alone they belong to the noun of the next: "gross and net revenue", "open and overdue invoices". */
const ADJECTIVES: ReadonlySet<string> = new Set(
  'open overdue unpaid paid late failed closed new lost churned active net gross pending largest biggest smallest monthly weekly daily recovered expired total'.split(
    ' ',
  ),
);
const PRONOUN = /\b(?:them|they|their|theirs|him|her|it|its)\b/i;

/** A message taken apart. */
export interface TakenApart {
  parts: Part[];
  /** Pieces that are no question of their own and belong to none: they are left out, and that is said. */
  unread: string[];
}

/** The questions of a message in order; a piece that is none belongs to the one before it, or to the next. */
export function partsIn(utterance: Utterance, context: RulesContext): TakenApart {
  const taking = new Taking(utterance, context);
  const segments = segmentsOf(utterance);
  for (const [index, segment] of segments.entries()) taking.take(segment, segments[index + 1]);
  return taking.end();
}

/** Goes through the pieces once, from left to right. */
class Taking {
  readonly #parts: Part[] = [];
  readonly #unread: Segment[] = [];
  #spans: Segment[] = [];
  /** A list of customers was cut in two: it is one question about all of them. */
  #torn = false;
  /** What came before the first question and is none by itself. */
  #open: Segment | null = null;
  #subject: Customer | null = null;
  readonly #utterance: Utterance;
  readonly #context: RulesContext;

  constructor(utterance: Utterance, context: RulesContext) {
    this.#utterance = utterance;
    this.#context = context;
  }

  take(segment: Segment, next: Segment | undefined): void {
    const span: Segment = this.#open ? { from: this.#open.from, to: segment.to } : segment;
    const part = this.#head(span) ?? withNextNoun(span, next, this.#utterance, this.#context);
    if (part) {
      this.#add(part, span);
      return;
    }
    const alone = this.#open ? this.#head(segment) : null;
    if (alone && this.#open) {
      this.#unread.push(this.#open);
      this.#add(alone, segment);
      return;
    }
    const anew = againBy(span, this.#utterance, this.#parts.at(-1), this.#context);
    if (anew) this.#add(anew, span);
    else this.#join(span);
  }

  end(): TakenApart {
    if (this.#torn) return { parts: [], unread: [] };
    const { text } = this.#utterance;
    const unread = this.#open ? [...this.#unread, this.#open] : this.#unread;
    return { parts: this.#parts, unread: unread.map(({ from, to }) => text.slice(from, to).trim()) };
  }

  #add(part: Part, span: Segment): void {
    this.#parts.push(part);
    this.#spans.push(span);
    this.#open = null;
    this.#subject = onlyCustomer(part.said) ?? this.#subject;
  }

  /** It belongs to the question before, which is read anew with it; where that makes no sense it is left unread. */
  #join(span: Segment): void {
    const previous = this.#spans.at(-1);
    this.#subject = this.#subject ?? onlyCustomer(slice(span, this.#utterance, null, this.#context));
    if (!previous) {
      this.#open = span;
      return;
    }
    const joined = { from: previous.from, to: span.to };
    const whole = this.#head(joined);
    if (!whole) {
      const { words, customers } = slice(span, this.#utterance, null, this.#context);
      if (customers.length > 0 && words.every((word) => FILL.has(word))) this.#torn = true;
      this.#unread.push(span);
      return;
    }
    this.#parts[this.#parts.length - 1] = whole;
    this.#spans = [...this.#spans.slice(0, -1), joined];
    this.#subject = onlyCustomer(whole.said) ?? this.#subject;
  }

  /** The piece read by itself, if it is a question by itself. */
  #head(span: Segment): Part | null {
    const said = slice(span, this.#utterance, this.#subject, this.#context);
    const part = toPart(said, this.#context);
    if (part || !said.text.trimEnd().endsWith('?')) return part;
    // An order with a question mark after it is no order yet, but it can be offered.
    const bare = this.#context.read(said.text.replace(/[?\s]+$/, ''), said.customers);
    const order = toPart(bare, this.#context);
    return order && mayPropose(order.reading.tool) ? order : null;
  }
}

function onlyCustomer({ customers }: Utterance): Customer | null {
  const found = new Map(
    customers.flatMap(({ candidates }) => candidates.map((one) => [one.id, one] as const)),
  );
  const [only, another] = [...found.values()];
  return only && !another ? only : null;
}

function slice(
  { from, to }: Segment,
  { text, customers }: Utterance,
  subject: Customer | null,
  { read }: RulesContext,
): Utterance {
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
  const fresh = alone(said);
  const [best, second] = tools
    .flatMap((tool) => recognized(tool, fresh).map((reading): ToolReading => ({ ...reading, tool })))
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
