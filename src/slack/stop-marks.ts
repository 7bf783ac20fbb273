import type { Clock } from '../lib/clock.ts';

const KEPT_MS = 10 * 60 * 1000;

/**
 * Stops by thread, so that one which overtakes the message it is meant for still counts: a turn whose message
 * is older than the newest stop of its thread does not begin.
 */
export class StopMarks {
  readonly #marks = new Map<string, { ts: string; at: number }>();

  constructor(private readonly clock: Clock) {}

  put(thread: string, ts: string): void {
    const oldest = this.clock.now() - KEPT_MS;
    for (const [key, mark] of this.#marks) if (mark.at < oldest) this.#marks.delete(key);
    this.#marks.set(thread, { ts, at: this.clock.now() });
  }

  /** Slack's timestamps are decimals of one width, ordered in time. */
  covers(thread: string, saidTs: string | undefined): boolean {
    const mark = this.#marks.get(thread);
    return mark !== undefined && saidTs !== undefined && Number(saidTs) < Number(mark.ts);
  }
}
