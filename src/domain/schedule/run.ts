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

/** A schedule as people call it: `morning-briefing` is "Morning briefing". */
export function scheduleTitle(schedule: string): string {
  const words = schedule.replaceAll('-', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** A turn with whose it is, where it is a person's. */
export interface NamedRun extends ScheduleRun {
  subjectName: string | null;
}

/** A turn whose last attempt failed, as people are told of it. */
export interface DeadTurn {
  run: NamedRun;
  teamId: string;
  /** When the schedule comes again for this subject; null when it does not. */
  nextDueAt: number | null;
}

/** How one schedule stands. */
export interface ScheduleOutlook {
  schedule: string;
  /** "every day at 03:30 Los Angeles time". */
  words: string;
  /** How many have turns. */
  subjects: number;
  nextDueAt: number | null;
  running: number;
  /** Running for longer than one attempt may take. */
  stuck: NamedRun[];
  /** Failed, and to be tried again. */
  waiting: NamedRun[];
  /** Written off within the last week, newest first. */
  dead: NamedRun[];
  /** The newest that was run to an end. */
  last: NamedRun | null;
  /** Why its turns cannot be told, when they cannot. */
  problem: string | null;
}

/** What runs by the clock, for people to look at. */
export interface RunStatus {
  next(): Promise<ScheduleOutlook[]>;
  /** The newest turns first. */
  recent(filter: { schedule?: string; limit: number }): Promise<NamedRun[]>;
}
