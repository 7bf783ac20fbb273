/**
 * `due`: to be run. `running`: held by a process until its lease is over. `waiting`: failed, tried again later.
 * `done`, `dead` (every attempt failed) and `skipped` are ends.
 */
export type RunState = 'due' | 'running' | 'waiting' | 'done' | 'dead' | 'skipped';

/** Each turn has this name: what the ledger is unique on. */
export interface TurnName {
  schedule: string;
  subject: string;
  dueAt: number;
}

/** A turn as the ledger has it. */
export interface ScheduleRun extends TurnName {
  state: RunState;
  /** Times it was begun. */
  attempt: number;
  /** Attempts that ended in an error; the others were broken off by a crash. */
  failures: number;
  holder: string | null;
  leaseUntil: number | null;
  /** Grows with each claim: a write under an older one is refused. */
  fence: number;
  nextAttemptAt: number | null;
  startedAt: number | null;
  finishedAt: number | null;
  /** What it came to, or why it was skipped. */
  summary: string | null;
  /** Why the last attempt failed, as a sentence. */
  error: string | null;
  /** Under which the log has the cause. */
  referenceId: string | null;
}

/** The same for every attempt of a turn: what deliveries and effects are keyed by. */
export function turnKey(turn: TurnName): string {
  return `${turn.schedule}:${turn.subject}:${new Date(turn.dueAt).toISOString()}`;
}
