import type { Effect, Plan } from '../domain/approvals/plan.ts';
import type { Json, Place, Principal, Role } from '../domain/types.ts';

export type ApprovalState =
  | 'pending'
  | 'approved'
  | 'rejected'
  | 'expired'
  | 'superseded'
  | 'applying'
  | 'applied'
  | 'failed'
  | 'unknown'
  | 'undone';

/** Who must say yes, as the policy read it when the proposal was made. */
export interface Requirement {
  /** Any of these roles counts as an approver. */
  approverRoles: Role[];
  /** How many different people. */
  approvals: 1 | 2;
  /** False: the requester's own yes does not count. */
  selfApproval: boolean;
  /** The requester must type the amount (a founder alone). */
  typedAmount: boolean;
  /** One line for the card: "Needs one approval from finance or a founder, not from you". */
  words: string;
}

export interface Decision {
  userId: string;
  name: string;
  verdict: 'approve' | 'reject';
  at: number;
}

export interface Approval {
  id: string;
  tool: string;
  arguments: { [key: string]: Json };
  plan: Plan;
  state: ApprovalState;
  requester: Principal;
  requirement: Requirement;
  decisions: Decision[];
  policyVersion: string;
  place: Pick<Place, 'teamId' | 'channelId' | 'threadTs'>;
  /** The batch and row it belongs to; null for a proposal that has a card of its own. */
  batch: { id: string; row: number } | null;
  supersededBy: string | null;
  /** What `apply` or `undo` said, or why it was voided, in a sentence for people. */
  outcome: string | null;
  canUndo: boolean;
  /** Nobody can tell whether it went out and nothing outside can be asked: a person has to say. */
  canSettle?: boolean;
  /** The policy has stopped everything: as things stand nobody can approve it. */
  paused?: boolean;
  createdAt: number;
  expiresAt: number;
  decidedAt: number | null;
  settledAt: number | null;
  /** Grows with every change: a card rendered from an older revision is out of date. */
  revision: number;
}

/**
 * Many proposals on one card. Every row is an approval of its own: decided by its own compare-and-set, applied
 * under its own key, with its own result. An edited row is replaced by its successor in the same place.
 */
export interface Batch {
  id: string;
  title: string;
  /** A sentence or two above the rows. */
  intro: string;
  requester: Principal;
  place: Pick<Place, 'teamId' | 'channelId' | 'threadTs'>;
  /** Numbered from 1, in order; a number that was refused is missing. */
  rows: { row: number; approval: Approval }[];
  /** What could not be proposed and why, in sentences: a row refused by policy or by its own plan. */
  refused: { what: string; why: string }[];
  createdAt: number;
  /** The sum of the revisions of its rows and of what they replaced: grows with every change of any. */
  revision: number;
}

/** What happened to a decision over all open rows. `say` is shown to the one who clicked. */
export interface BatchOutcome {
  status: 'recorded' | 'not_allowed' | 'nothing_open' | 'not_found';
  say: string;
  batch: Batch | null;
}

/** What happened to a click. `say` is shown to the one who clicked. */
export interface DecisionOutcome {
  status:
    | 'recorded'
    | 'approved'
    | 'rejected'
    | 'already_decided'
    | 'not_allowed'
    | 'superseded'
    | 'expired'
    | 'stale'
    | 'needs_typed_amount'
    | 'not_found';
  say: string;
  approval: Approval | null;
}

/** A step taken after its approval was applied. */
export interface LaterStep<T extends Json> {
  /** The ledger key of the step of the approval that foresaw it. */
  of: string;
  /** Its own: beginning with the same approval's, so that what a person says of it finds it. */
  key: string;
  effect: Effect<T>;
}

/** `held`: not begun, and nothing was decided about it. `refused`: certainly not done. */
export type LaterOutcome<T> =
  | { state: 'done'; result: T }
  | { state: 'refused'; error: unknown }
  | { state: 'unknown'; askable: boolean }
  | { state: 'held' };

/** The one door. Every way to an effect leads through `decide`. */
export interface Door {
  propose(proposal: {
    tool: string;
    input: { [key: string]: Json };
    requester: Principal;
    place: Place;
  }): Promise<Approval>;
  decide(decision: {
    approvalId: string;
    verdict: 'approve' | 'reject';
    by: Principal;
    typedAmount?: string;
    reason?: string;
    /** Decided beforehand, by a rule of policy.yml that `by` stands for. */
    byStandingRule?: true;
  }): Promise<DecisionOutcome>;
  /** Replaces a pending proposal by one with other arguments (supersedes it); the editor becomes its requester. */
  edit(edit: { approvalId: string; input: { [key: string]: Json }; by: Principal }): Promise<DecisionOutcome>;
  /** Proposes each row; the same key gives the batch that was made then. Throws UserError when no row could be proposed. */
  proposeBatch(batch: {
    key: string;
    title: string;
    intro: string;
    tool: string;
    rows: readonly { [key: string]: Json }[];
    /** The tool of each row, where they are not all of `tool`. */
    tools?: readonly string[];
    requester: Principal;
    place: Place;
  }): Promise<Batch>;
  /** Null as long as its rows are still being proposed. */
  getBatch(batchId: string): Promise<Batch | null>;
  /**
   * Decides every row that is still open, each through `decide`. With `seen` (`contentsOf` the batch as it was
   * shown) nothing is decided when a row has been replaced since.
   */
  decideBatch(decision: {
    batchId: string;
    verdict: 'approve' | 'reject';
    by: Principal;
    seen?: string;
  }): Promise<BatchOutcome>;
  /** What a person found out about an effect whose answer was lost; whoever may approve it may say so. */
  settle(word: { approvalId: string; wentOut: boolean; by: Principal }): Promise<DecisionOutcome>;
  undo(undo: { approvalId: string; by: Principal }): Promise<DecisionOutcome>;
  /** Takes a step that an applied approval foresaw, in its ledger. Never throws. */
  later<T extends Json>(step: LaterStep<T>): Promise<LaterOutcome<T>>;
  get(approvalId: string): Promise<Approval | null>;
  /** Pending proposals this person may decide. */
  waitingFor(principal: Principal): Promise<Approval[]>;
  /** People (Slack user ids) who may decide it, among the members given. */
  deciders(approval: Approval, members: readonly Principal[]): Principal[];
  /** Expiry, reminders, escalation and recovery of what a crash left behind. Idempotent. */
  sweep(): Promise<void>;
  /** The next instant at which `sweep` has something to do. */
  nextDueAt(): Promise<number | null>;
  /** Called after every change of a row, with the row as it is now. */
  onChange(listener: (approval: Approval) => Promise<void>): void;
  /** Called when a proposal has waited long enough to be mentioned again. */
  onNudge(listener: NudgeListener): void;
}

/** The kinds of word that go out while a proposal waits. */
export type NudgeKind = 'reminder' | 'last_call' | 'delegate' | 'escalation';

/**
 * `people` may decide it (reminder, last call), stand in for somebody who is away (delegate) or should know that
 * nobody has decided (escalation). Rows of a batch are spoken of together: `approval` is then its first open row.
 */
export type NudgeListener = (nudge: {
  approval: Approval;
  batch: Batch | null;
  kind: NudgeKind;
  people: Principal[];
  /** Who is away, for a delegate. */
  insteadOf: string | null;
}) => Promise<void>;
