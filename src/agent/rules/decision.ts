import type { Lexicon } from '../../domain/language/lexicon.ts';
import type { Json } from '../../domain/types.ts';
import type { Choice } from '../../lib/errors.ts';
import type { Tool } from '../../tools/define-tool.ts';
import type { ReadWords } from '../read-message.ts';
import type { Offer } from '../state.ts';

/** A call as rules mode would make it, and how the words were understood. */
export interface PlannedCall {
  tool: string;
  input: { [key: string]: Json };
  interpretation: string;
}

/** What rules mode makes of a message. */
export type Decision =
  | (PlannedCall & {
      kind: 'call';
      confidence: number;
      /** Said before the result. */
      words?: string;
      /** The offered reading that was taken up. */
      picked?: Offer;
    })
  /** The parts of one message, in the order they were asked. */
  | { kind: 'calls'; calls: PlannedCall[]; words?: string; offers?: Offer[] }
  | { kind: 'ask'; text: string; offers: Offer[] }
  | { kind: 'say'; text: string; suggestions: Choice[] };

export interface RulesContext {
  tools: readonly Tool[];
  /** Those the asker's role may use. */
  permitted: readonly Tool[];
  /** Choices of the previous answer: one of them said word for word is taken as picked. */
  offered: readonly Offer[];
  askerName: string;
  /** Reads a part of the message, or the message in other words, as the whole was read. */
  read: ReadWords;
  lexicon: Lexicon;
}

/** The calls a decision comes to; none where it is words. */
export function callsOf(decision: Decision): PlannedCall[] {
  if (decision.kind === 'call') return [decision];
  return decision.kind === 'calls' ? decision.calls : [];
}

/** How many look-ups one message may ask for. */
export const MOST_PARTS = 4;

/** Calls read beyond doubt as a decision, the same one only once; null for none. `words` are said before the results. */
export function toDecision(calls: readonly PlannedCall[], words?: string): Decision | null {
  const distinct = [
    ...new Map(calls.map((call) => [`${call.tool} ${JSON.stringify(call.input)}`, call])).values(),
  ];
  const [only, another] = distinct;
  if (!only) return null;
  const said = words === undefined ? {} : { words };
  if (!another) return { kind: 'call', ...only, ...said, confidence: 0.9 };
  return { kind: 'calls', calls: distinct.slice(0, MOST_PARTS), ...said };
}
