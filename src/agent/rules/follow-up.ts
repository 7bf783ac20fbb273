import { toWords } from '../../domain/language/lexicon.ts';
import { namedCustomer, namedPeriod, says } from '../../domain/language/match-words.ts';
import { blanked } from '../../domain/language/spans.ts';
import type { PreviousCall, Utterance } from '../../domain/language/utterance.ts';
import { findPeriods } from '../../domain/periods/find-periods.ts';
import { periodArgument } from '../../domain/periods/period-argument.ts';
import type { Json, Period } from '../../domain/types.ts';
import { mayPropose, type Tool } from '../../tools/define-tool.ts';
import type { ToolReading } from './tool-reading.ts';

/** "And the month before", "what about Acme?", "by plan": the previous call with that one thing changed. */
export function readFollowUp(
  utterance: Utterance,
  tools: readonly Tool[],
  own: readonly ToolReading[],
): ToolReading[] {
  const last = utterance.previous.find((call) => tools.some((tool) => tool.name === call.tool));
  const tool = tools.find((candidate) => candidate.name === last?.tool);
  if (!last || !tool || mayPropose(tool) || utterance.words.length > 8) return [];
  const marked = isMarked(utterance);
  // A tool that reads its own follow-ups knows better; anything else surely read is a new question.
  const sure = own.filter((reading) => reading.confidence >= 0.6);
  if (sure.some((reading) => reading.tool === tool) || (sure.length > 0 && !marked)) return [];
  if (!marked && saysMore(utterance)) return [];
  const change = changeOfRecords(utterance, tool, record(last.input));
  if (!change) return [];
  const input = { ...record(last.input), ...change.input };
  return [
    { tool, input, confidence: marked ? 0.85 : 0.65, interpretation: `The same, ${change.words.join(', ')}` },
  ];
}

/** Words that only tie what is named to the list before. */
const TYING: ReadonlySet<string> = new Set(
  `and same now but by per for the a an only just ones one show me us list give of in from to on at with what how about instead
please also then ok so top first last latest oldest newest biggest largest before previous prior after next it that those them these
customer customers account company month week quarter year day more all s is are was were there any no not i meant mean`.split(
    /\s+/,
  ),
);

/** A question of its own, about something the list before does not hold. */
function saysMore({ text, customers, periods, by }: Utterance): boolean {
  return toWords(blanked(text, [...customers, ...periods])).some(
    (word) =>
      !TYING.has(word) &&
      !/^\d+$/.test(word) &&
      word !== by &&
      COUNTS[word] === undefined &&
      !/^(?:tickets?|invoices?|payments?|refunds?)$/.test(word),
  );
}

const COUNTS: Record<string, number> = {
  two: 2,
  three: 3,
  four: 4,
  five: 5,
  six: 6,
  seven: 7,
  eight: 8,
  nine: 9,
  ten: 10,
};

/** What is asked of one customer who was just looked at: "any open tickets?". */
const OF_ONE = /^(?:any|open|overdue|unpaid|unresolved|failed|last|latest|recent)$/;
const DRAWN =
  /\b(?:as|in|on) (?:a |an )?(?:chart|graph|plot|line|bar)s?\b|\b(?:chart|graph|plot)\b|\b(?:over|for|in|during) (?=the\b|$)/gi;
const THEM =
  /\b(?:they|theyre|them|their|theirs|its)\b|\b(?:that|this|the same) (?:customer|account|client|company)\b/;

/** "When did they last pay?" after a question about one customer: that customer. Never for an action. */
export function readAboutThem(utterance: Utterance, own: readonly ToolReading[]): ToolReading[] {
  const last = utterance.previous[0];
  const customer = last ? customerOf(last) : null;
  // A period, and how it is to be drawn, do not make it another question.
  const said = toWords(blanked(utterance.text, utterance.periods).replace(DRAWN, ' '));
  const short =
    Math.min(said.length, utterance.words.length) <= 2 ||
    (utterance.words.length <= 4 && OF_ONE.test(utterance.words[0] ?? ''));
  const terse = customer?.itself && short;
  const meant = terse || THEM.test(utterance.words.join(' '));
  if (!customer || utterance.customers.length > 0 || !meant) return [...own];
  return own.map((reading) => {
    const { tool, input } = reading;
    const takes = tool.effect !== 'consequential' && Object.hasOwn(tool.input.shape, 'customer');
    if (!takes || input.customer !== undefined || input.by === 'customer') return reading;
    return {
      ...reading,
      input: { ...input, customer: customer.id },
      interpretation: `${reading.interpretation}, ${customer.label}`,
    };
  });
}

/** The one customer that the previous call was about; `itself` when it showed the customer, not records of theirs. */
function customerOf(last: PreviousCall): { id: string; label: string; itself: boolean } | null {
  const { customer } = record(last.input);
  const ids = new Set(last.listed.map((item) => item.customerId));
  const [only] = last.listed;
  if (only?.customerId !== undefined && ids.size === 1) {
    const itself = only.id === only.customerId;
    return { id: only.customerId, label: itself ? only.label : 'the same customer', itself };
  }
  return typeof customer === 'string' ? { id: customer, label: 'the same customer', itself: false } : null;
}

function isMarked(utterance: Utterance): boolean {
  const [first = ''] = utterance.words;
  return (
    ['and', 'same', 'now', 'but', 'by', 'per', 'for'].includes(first) ||
    says(
      utterance,
      'what about',
      'how about',
      'before that',
      'month before',
      'week before',
      'quarter before',
      'year before',
      'instead',
    )
  );
}

/** What a short message changes of a call's arguments, and how that is said; null where it changes nothing. */
export function changeOfRecords(utterance: Utterance, tool: Tool, before: { [key: string]: Json }) {
  const has = (field: string) => Object.hasOwn(tool.input.shape, field);
  const input: { [key: string]: Json } = {};
  const words: string[] = [];
  const period = has('period') ? periodOf(utterance, before.period) : null;
  if (period) {
    input.period = periodArgument(period);
    words.push(`for ${period.label}`);
  }
  const customer = has('customer') ? namedCustomer(utterance) : null;
  if (customer) {
    input.customer = customer.id;
    words.push(`for ${customer.name}`);
  }
  if (has('by') && utterance.by) {
    input.by = utterance.by;
    words.push(`by ${utterance.by}`);
  }
  const count = has('top') ? 'top' : 'limit';
  if (has(count) && utterance.top) {
    input[count] = utterance.top;
    words.push(`the first ${utterance.top}`);
  }
  return words.length > 0 ? { input, words } : null;
}

function periodOf(utterance: Utterance, before: Json | undefined): Period | null {
  const { nowAt, tz } = utterance;
  const relativeTo = typeof before === 'string' ? findPeriods(before, { nowAt, tz })[0]?.period : null;
  if (!relativeTo) return namedPeriod(utterance);
  return findPeriods(utterance.text, { nowAt, tz, relativeTo })[0]?.period ?? null;
}

function record(value: Json): { [key: string]: Json } {
  return value !== null && typeof value === 'object' && !Array.isArray(value) ? value : {};
}
