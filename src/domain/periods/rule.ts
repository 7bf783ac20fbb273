import type { Period } from '../types.ts';
import { type PlainDate, type Span, startOfDayAt } from './calendar.ts';
import { makePeriod } from './describe-period.ts';
import type { Token } from './tokens.ts';
import { NUMBER_WORDS } from './vocabulary.ts';

/** Something that happened and can be counted from: "since the outage". */
export interface PeriodAnchor {
  /** What people call it, lower case: "outage", "incident". */
  words: readonly string[];
  at: number;
}

/** The order of "3/10": Mar 10 in the United States, 3 Oct elsewhere. */
export type DayOrder = 'month-first' | 'day-first';

export interface GrammarContext {
  nowAt: number;
  tz: string;
  today: PlainDate;
  /** What "the month before" is before; null when nothing was named yet. */
  relativeTo: Period | null;
  /** The sentence compares, so "A to B" is two periods. */
  comparing: boolean;
  /** The month the fiscal year begins in, 1 to 12. */
  fiscalYearStart: number;
  dayOrder: DayOrder;
  /** Newest first. */
  anchors: readonly PeriodAnchor[];
}

/** A phrase that was read: where it stops, and what it means; null when it names nothing that exists. */
export interface Found {
  next: number;
  period: Period | null;
  /** What had to be assumed, to be echoed: "fiscal years begin in February". */
  note?: string;
  /** What this is the counterpart of: the quarter so far, for "same point last quarter". */
  against?: Period;
}

export type Rule = (tokens: readonly Token[], at: number, context: GrammarContext) => Found | null;

export function spanPeriod(span: Span, tz: string): Period {
  return makePeriod(startOfDayAt(span.start, tz), startOfDayAt(span.end, tz), tz);
}

export function wordAt(tokens: readonly Token[], at: number): string {
  return tokens[at]?.text ?? '';
}

/** Reads a count in digits or words. */
export function countAt(tokens: readonly Token[], at: number): number | null {
  const token = tokens[at];
  if (!token) return null;
  if (token.kind === 'number') return Number(token.text);
  return NUMBER_WORDS.get(token.text) ?? null;
}

/** The first of the rules that reads something here. */
export function firstOf(rules: readonly Rule[]): Rule {
  return (tokens, at, context) => {
    for (const rule of rules) {
      const found = rule(tokens, at, context);
      if (found) return found;
    }
    return null;
  };
}
