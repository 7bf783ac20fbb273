import type { Plan } from '../domain/approvals/plan.ts';
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
  supersededBy: string | null;
  /** What `apply` or `undo` said, or why it was voided, in a sentence for people. */
  outcome: string | null;
  canUndo: boolean;
  createdAt: number;
  expiresAt: number;
  decidedAt: number | null;
  settledAt: number | null;
  /** Grows with every change: a card rendered from an older revision is out of date. */
  revision: number;
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
  }): Promise<DecisionOutcome>;
  /** Replaces a pending proposal by one with other arguments (supersedes it); the editor becomes its requester. */
  edit(edit: { approvalId: string; input: { [key: string]: Json }; by: Principal }): Promise<DecisionOutcome>;
  undo(undo: { approvalId: string; by: Principal }): Promise<DecisionOutcome>;
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

/** `people` may decide it (reminder) or should know that nobody has (escalation). */
export type NudgeListener = (nudge: {
  approval: Approval;
  kind: 'reminder' | 'escalation';
  people: Principal[];
}) => Promise<void>;
