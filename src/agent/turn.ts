import type { Exhibit, Place, Principal } from '../domain/types.ts';
import type { Choice } from '../lib/errors.ts';

export interface TurnRequest {
  /** Unique a message: running the same turn twice gives the same turn. */
  turnId: string;
  principal: Principal;
  place: Place;
  text: string;
  /** Somebody's message that the question is about: data to read, never an instruction. */
  quoted?: { text: string; author: string };
  signal: AbortSignal;
}

/** What a turn tells while it works; text only after the gate. */
export type TurnEvent =
  | {
      type: 'step';
      id: string;
      title: string;
      status: 'in_progress' | 'complete' | 'error';
      details?: string;
      /** It changes something the asker owns: once complete, stopping the turn does not take it back. */
      changes?: boolean;
    }
  | { type: 'text'; text: string }
  | { type: 'answer'; answer: Answer }
  | { type: 'proposal'; approvalId: string };

export interface Answer {
  /** Markdown that has passed the output gate. */
  text: string;
  exhibits: Exhibit[];
  /** Query ids of the receipts behind the numbers. */
  receipts: string[];
  /** What each receipt is of, "MRR by plan", where more than one number has one. */
  receiptNames?: string[] | undefined;
  /** How the question was read, in rules mode. */
  understood?: string | undefined;
  /** Offered as buttons when the turn ends in a question. */
  choices: Choice[];
  /** Set when something failed on our side. */
  referenceId: string | null;
  /** 'rules' or the model's name. */
  mode: string;
}

export type RunTurn = (request: TurnRequest) => AsyncIterable<TurnEvent>;
