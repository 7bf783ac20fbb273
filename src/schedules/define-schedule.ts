/** Something that runs by the clock. One file a schedule; the runner decides when. */
export interface Schedule {
  name: string;
  /** The next instant it has something to do; null when there is nothing. */
  nextDueAt(): Promise<number | null>;
  /** Runs whatever is due at the clock's now. Idempotent: running once too often changes nothing. */
  run(): Promise<void>;
  /**
   * True: missed turns fold into one, so that a clock that jumps over a day need not stop for each of them.
   * False: every due instant is stopped at.
   */
  foldsMissedTurns: boolean;
}

export function defineSchedule(schedule: Schedule): Schedule {
  return schedule;
}
