import type { Principal } from '../domain/types.ts';

/**
 * Something that runs at wall-clock times, for one or many subjects. Each turn (schedule, subject, due instant)
 * stands in the ledger and is run once, whatever crashes; the matcher decides what is due, never a timer.
 */
export interface Schedule {
  name: string;
  /** Who has turns, and when. Asked at every look, so that a change of time or zone counts at once. */
  occasions(): Promise<readonly Occasion[]>;
  /** Turns missed while nothing ran: the newest one of each subject, or none. Older ones are written down as skipped. */
  catchUp: 'latest' | 'none';
  /** A turn that falls due while the one before it still runs waits for it, or is skipped. */
  overlap: 'wait' | 'skip';
  /** One attempt may take this long. */
  timeoutMs: number;
  /** Attempts in all, and the wait before the second; it doubles, with jitter. After the last a card is posted. */
  retry: { attempts: number; firstDelayMs: number };
  /** Whose rights the turn has. */
  runAs(subject: string): Promise<Principal>;
  /**
   * Does the work of one turn. May run again after a crash, with the same `key`.
   * @returns a sentence for `/psi runs`.
   */
  run(turn: ScheduleTurn): Promise<{ summary: string }>;
}

/** `cron` has five fields, read on the wall clock of `timezone`. */
export interface Occasion {
  subject: string;
  cron: string;
  timezone: string;
  /**
   * No turn was due before this instant: when the person joined, or last changed the time. Null: since the runner
   * first met this subject, which it writes down.
   */
  sinceAt: number | null;
}

export interface ScheduleTurn {
  subject: string;
  principal: Principal;
  dueAt: number;
  attempt: number;
  /** The same for every attempt of this turn: what deliveries and effects are keyed by. */
  key: string;
  signal: AbortSignal;
}

/** Something that looks for work at its own pace. Running once too often changes nothing, so it needs no ledger. */
export interface Heartbeat {
  name: string;
  /** The next instant it has something to do; null when there is nothing. */
  nextDueAt(): Promise<number | null>;
  /** Runs whatever is due at the clock's now. */
  run(): Promise<void>;
  /**
   * True: missed beats fold into one, so that a clock that jumps over a day need not stop for each of them.
   * False: every due instant is stopped at.
   */
  foldsMissedTurns: boolean;
}

export function defineSchedule(schedule: Schedule): Schedule {
  return schedule;
}

export function defineHeartbeat(heartbeat: Heartbeat): Heartbeat {
  return heartbeat;
}
