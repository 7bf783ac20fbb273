import { UserError } from '../../lib/errors.ts';
import type { PeriodMention } from '../language/utterance.ts';
import type { Period } from '../types.ts';
import { isTimeZone } from './calendar.ts';
import { grammarContext, readSingle } from './grammar.ts';
import { readOpenRange, readRange, untilTime } from './ranges.ts';
import type { DayOrder, Found, GrammarContext, PeriodAnchor } from './rule.ts';
import { type Token, tokenize } from './tokens.ts';

export interface PeriodOptions {
  nowAt: number;
  /** The asker's IANA time zone. Throws `invalid_input` for one that is not known. */
  tz: string;
  /** What "the month before" is before, when the sentence itself names nothing earlier. */
  relativeTo?: Period | undefined;
  /** The month the fiscal year begins in, 1 to 12; January unless told. */
  fiscalYearStart?: number | undefined;
  /** How "3/10" is read; by the zone unless told. */
  dayOrder?: DayOrder;
  /** What "since the outage" counts from, newest first. */
  anchors?: readonly PeriodAnchor[];
}

/** Everything of the options but what a sentence before has named. */
function grammarOf({ nowAt, tz, fiscalYearStart, dayOrder, anchors }: PeriodOptions) {
  return {
    nowAt,
    tz,
    ...(fiscalYearStart === undefined ? {} : { fiscalYearStart }),
    ...(dayOrder === undefined ? {} : { dayOrder }),
    ...(anchors === undefined ? {} : { anchors }),
  };
}

function readAt(tokens: readonly Token[], at: number, context: GrammarContext): Found | null {
  const found =
    readOpenRange(tokens, at, context) ?? readRange(tokens, at, context) ?? readSingle(tokens, at, context);
  return found && untilTime(tokens, found, context);
}

/**
 * Every period a sentence names, in order, with where it stands. One that does not exist ("Q5") comes with
 * `period: null`, so that it can be refused by name. "The month before" counts from the mention before it.
 */
export function findPeriods(text: string, options: PeriodOptions): PeriodMention[] {
  if (!isTimeZone(options.tz)) {
    throw new UserError('invalid_input', `"${options.tz}" is not a time zone I know.`);
  }
  const tokens = tokenize(text);
  const comparing = /\bcompar(?:e|ed|ing|ison)\b/i.test(text);
  const mentions: PeriodMention[] = [];
  let relativeTo = options.relativeTo ?? null;
  let at = 0;
  while (at < tokens.length) {
    const found = readAt(tokens, at, grammarContext(grammarOf(options), relativeTo, comparing));
    const first = tokens[at];
    const last = found ? tokens[found.next - 1] : undefined;
    if (!found || !first || !last) {
      at += 1;
      continue;
    }
    mentions.push({
      start: first.start,
      end: last.end,
      period: found.period,
      text: text.slice(first.start, last.end),
      ...(found.note === undefined ? {} : { note: found.note }),
      ...(found.against === undefined ? {} : { against: found.against }),
    });
    relativeTo = found.period ?? relativeTo;
    at = found.next;
  }
  return mentions;
}
