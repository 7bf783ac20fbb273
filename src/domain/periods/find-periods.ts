import { UserError } from '../../lib/errors.ts';
import type { PeriodMention } from '../language/utterance.ts';
import type { Period } from '../types.ts';
import { isTimeZone } from './calendar.ts';
import { type Found, type GrammarContext, grammarContext, readSingle } from './grammar.ts';
import { readOpenRange, readRange } from './ranges.ts';
import { type Token, tokenize } from './tokens.ts';

export interface PeriodOptions {
  nowAt: number;
  /** The asker's IANA time zone. Throws `invalid_input` for one that is not known. */
  tz: string;
  /** What "the month before" is before, when the sentence itself names nothing earlier. */
  relativeTo?: Period | undefined;
}

function readAt(tokens: readonly Token[], at: number, context: GrammarContext): Found | null {
  return (
    readOpenRange(tokens, at, context) ?? readRange(tokens, at, context) ?? readSingle(tokens, at, context)
  );
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
    const found = readAt(tokens, at, grammarContext(options, relativeTo, comparing));
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
    });
    relativeTo = found.period ?? relativeTo;
    at = found.next;
  }
  return mentions;
}
