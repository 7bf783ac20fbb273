import { Annotation } from '@langchain/langgraph';
import type { PreviousCall, Utterance } from '../domain/language/utterance.ts';
import type { Exhibit, Freshness, Json } from '../domain/types.ts';
import type { Choice } from '../lib/errors.ts';

/** A call somebody (a model, the planner) wants made. Nothing has been checked yet. */
export interface CallRequest {
  id: string;
  tool: string;
  input: Json;
  /** Why the arguments could not even be read as JSON. */
  malformed: string | null;
  /** How this part of the message was understood, where rules mode read several. */
  title?: string | null;
}

/** A call that was made, or refused. */
export interface CallRecord {
  id: string;
  tool: string;
  input: Json;
  status: 'done' | 'proposed' | 'failed';
  narration: string;
  output: Json;
  exhibits: Exhibit[];
  listed: PreviousCall['listed'];
  queryId: string | null;
  /** Of the sources it was made from. */
  freshness: Freshness[];
  /** Why data of these sources is in doubt. */
  doubts: string[];
  untrusted: boolean;
  /** What the person would be told; never the raw error. */
  failure: { message: string; hint: string | null; choices: Choice[]; referenceId: string | null } | null;
  approvalId: string | null;
}

/** The conversation as it goes to the model, before it takes the model library's classes. */
export type WireMessage =
  | { role: 'user'; text: string }
  | { role: 'assistant'; text: string; calls: CallRequest[] }
  | { role: 'tool'; callId: string; tool: string; content: string; record: CallRecord };

/** A choice whose meaning is already settled, kept so that picking it cannot be misread. */
export interface Offer extends Choice {
  tool: string;
  input: { [key: string]: Json };
}

/** Plain JSON; node names and keys are what a release is bound to. */
export const TurnState = Annotation.Root({
  turnId: Annotation<string>(),
  utterance: Annotation<Utterance | null>(),
  messages: Annotation<WireMessage[]>(),
  /** Asked for by the last plan, and of those what the gate let through. */
  requested: Annotation<CallRequest[]>(),
  admitted: Annotation<CallRequest[]>(),
  records: Annotation<CallRecord[]>(),
  rounds: Annotation<number>(),
  draft: Annotation<string>(),
  choices: Annotation<Choice[]>(),
  offers: Annotation<Offer[]>(),
  interpretation: Annotation<string | null>(),
  /** 'rules' or the model's name. */
  mode: Annotation<string>(),
  /** The answer was sent back once for figures that match nothing. */
  corrected: Annotation<boolean>(),
  /** Set when the turn cannot go on; said instead of an answer. */
  trouble: Annotation<{ message: string; referenceId: string | null } | null>(),
  /** Said below the answer: "answered in rules mode because ...". */
  notice: Annotation<string | null>(),
});

export type State = typeof TurnState.State;
export type Update = Partial<State>;
