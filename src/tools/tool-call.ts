import type { Approval, Door } from '../approvals/types.ts';
import type { Ports } from '../domain/ports.ts';
import type { Company, Exhibit, Json, Place, Principal, Receipt, Scope } from '../domain/types.ts';
import type { Clock } from '../lib/clock.ts';
import type { SystemError, UserError } from '../lib/errors.ts';
import type { Logger } from '../lib/logger.ts';
import type { ReceiptStore } from '../store/receipts.ts';
import type { Tool } from './define-tool.ts';

export interface ToolCall {
  tool: string;
  input: unknown;
  principal: Principal;
  place: Place;
  signal: AbortSignal;
  /** The same when the same message is worked on again; another for every other message. */
  askedBy?: string;
}

export interface ToolDone {
  ok: true;
  kind: 'result';
  tool: string;
  /** As parsed: what the receipt re-runs. */
  input: { [key: string]: Json };
  output: Json;
  receipt: Receipt;
  narration: string;
  /** Of the answer without the time it was asked: equal where nothing has changed. */
  digest: string;
  exhibits: Exhibit[];
  listed: { id: string; label: string; customerId?: string }[];
  /** The output holds text from outside. */
  untrusted: boolean;
  /** Why data it was made from is in doubt, a sentence a source; they stand in the receipt's notes too. */
  doubts: string[];
}

export interface ToolProposed {
  ok: true;
  kind: 'proposal';
  tool: string;
  input: { [key: string]: Json };
  proposal: Approval;
}

export interface ToolFailed {
  ok: false;
  tool: string;
  error: UserError | SystemError;
}

export type ToolResult = ToolDone | ToolProposed | ToolFailed;

/** "Why this number?": the value as it was said, and as it is now. */
export interface Rerun {
  tool: string;
  input: { [key: string]: Json };
  before: { narration: string; receipt: Receipt };
  now: { narration: string; receipt: Receipt };
  /** Nothing but the time of asking has changed. */
  same: boolean;
}

export interface ToolRunner {
  /** Never throws: what went wrong is in the result, safe to show. */
  run(call: ToolCall): Promise<ToolResult>;
  /** Throws UserError (`not_found`, `not_allowed`, `wrong_audience`) or SystemError. */
  rerunReceipt(queryId: string, reader: Omit<ToolCall, 'tool' | 'input'>): Promise<Rerun>;
}

export interface ToolRunnerDeps {
  tools: readonly Tool[];
  ports: Ports;
  door: Pick<Door, 'propose'>;
  receipts: ReceiptStore;
  /** What the policy lets this person see and ask for. */
  scopesOf(principal: Principal): readonly Scope[];
  company: Company;
  clock: Clock;
  logger: Logger;
  audit(entry: {
    actor: string;
    action: string;
    subject: string;
    details: { [key: string]: Json };
  }): Promise<void>;
  timeoutMs?: number;
}
