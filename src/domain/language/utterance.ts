import type { CustomerMention } from '../ports.ts';
import type { Json, Money, Period } from '../types.ts';
import type { CompanyWords } from './company-words.ts';

/**
 * A message after everything that needs no tool has been read out of it. Each tool's `recognize` turns it
 * into readings; nothing else decides what a sentence means in rules mode.
 */
export interface Utterance {
  text: string;
  /** As the person wrote it, where short forms were written out or slips mended since. */
  written?: string;
  /** Lower-case words, mentions and punctuation removed, common misspellings of known words mended. */
  words: readonly string[];
  periods: readonly PeriodMention[];
  customers: readonly CustomerMention[];
  amounts: readonly Money[];
  /** "second", "#2", "the last one": 1-based, -1 for last. */
  ordinal: number | null;
  /** Words compared: "vs", "compared to", "against". */
  comparison: boolean;
  /** "by plan", "per country". */
  by: string | null;
  /** "top 5". */
  top: number | null;
  negated: boolean;
  /** The skill this message asks for by its name or in one of its phrases. */
  skill?: SkillMention | null;
  /** What the company's records call their plans, regions, channels and owners. */
  known?: CompanyWords;
  /** Words that were taken for another: what was written, and what it was read as. */
  mended?: readonly Mending[];
  /** What the previous turns of this thread were about, newest first. */
  previous: readonly PreviousCall[];
  nowAt: number;
  tz: string;
}

export interface Mending {
  written: string;
  meant: string;
}

export interface SkillMention {
  name: string;
  /** How it was asked for: by a verb and its name, or in a phrase of its own. */
  words: string;
}

export interface PeriodMention {
  start: number;
  end: number;
  /** Null when the words name no period that exists ("Q5"). */
  period: Period | null;
  text: string;
  /** What had to be assumed, echoed with the answer: "3/10 read month first". */
  note?: string;
  /** What the period is the counterpart of: the quarter so far, for "same point last quarter". */
  against?: Period;
}

export interface PreviousCall {
  tool: string;
  input: Json;
  /** What was listed, in the order shown, for "the second one". */
  listed: { id: string; label: string; customerId?: string }[];
  /** Calls of one turn share it: a compound question is gone on from as a whole. */
  turnId?: string;
  /** Of the customer its input names, so that what is carried can be said by name. */
  customerName?: string;
}

/** One way to understand a message as a call of the tool that offers it. */
export interface Reading {
  input: { [key: string]: Json };
  /** 0..1. At 0.6 and above alone it is taken; otherwise the best three are offered. */
  confidence: number;
  /** Echoed to the person: "Revenue, gross, Oct 1 - 31". */
  interpretation: string;
  /** The message is one wish, however many things it names: it is not taken apart. */
  whole?: true;
  /** What of the question this leaves out, in a sentence, said where the reading is offered rather than taken. */
  caveat?: string;
}
