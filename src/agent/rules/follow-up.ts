import { namedCustomer, namedPeriod, says } from '../../domain/language/match-words.ts';
import type { PreviousCall, Utterance } from '../../domain/language/utterance.ts';
import type { Unit } from '../../domain/periods/calendar.ts';
import { makePeriod } from '../../domain/periods/describe-period.ts';
import { unitBefore } from '../../domain/periods/previous-period.ts';
import type { Json, Period } from '../../domain/types.ts';
import type { Tool } from '../../tools/define-tool.ts';
import { periodArgument, periodInput, readPeriod } from '../../tools/inputs.ts';
import type { ToolReading } from './decide.ts';

/** "And the month before", "what about Acme?", "by plan": the previous call with that one thing changed. */
export function readFollowUp(
  utterance: Utterance,
  tools: readonly Tool[],
  otherwiseRead: boolean,
): ToolReading[] {
  const last = utterance.previous.find((call) => tools.some((tool) => tool.name === call.tool));
  const tool = tools.find((candidate) => candidate.name === last?.tool);
  if (!last || !tool || tool.effect === 'consequential' || utterance.words.length > 8) return [];
  const marked = isMarked(utterance);
  if (otherwiseRead && !marked) return [];
  const change = changeOf(utterance, tool, last);
  if (!change) return [];
  const input = { ...record(last.input), ...change.input };
  return [
    { tool, input, confidence: marked ? 0.85 : 0.65, interpretation: `The same, ${change.words.join(', ')}` },
  ];
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

function changeOf(utterance: Utterance, tool: Tool, last: PreviousCall) {
  const has = (field: string) => Object.hasOwn(tool.input.shape, field);
  const input: { [key: string]: Json } = {};
  const words: string[] = [];
  const period = has('period') ? periodOf(utterance, last) : null;
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

function periodOf(utterance: Utterance, last: PreviousCall): Period | null {
  const before = utterance.words.join(' ').match(/\b(day|week|month|quarter|year) before\b/);
  const unit = (['day', 'week', 'month', 'quarter', 'year'] as const).find((name) => name === before?.[1]);
  if (unit) return unitBefore(previousPeriodOf(last, utterance), unit satisfies Unit);
  return namedPeriod(utterance);
}

/** The period asked about before; where there was none, the instant of this message. */
function previousPeriodOf(last: PreviousCall, utterance: Utterance): Period {
  const parsed = periodInput.safeParse(record(last.input).period);
  if (parsed.success) return readPeriod(parsed.data, utterance.tz);
  return makePeriod(utterance.nowAt, utterance.nowAt + 1, utterance.tz);
}

function record(value: Json): { [key: string]: Json } {
  return value !== null && typeof value === 'object' && !Array.isArray(value) ? value : {};
}
