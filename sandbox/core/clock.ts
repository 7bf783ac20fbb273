import { z } from 'zod';
import { ControlError } from './errors.ts';
import type { SandboxDatabase } from './key-value.ts';

/** The simulated time: ticks in real time from where it was set, moves forward only, survives a restart. */
export class SimulatedClock {
  readonly #db: SandboxDatabase;
  readonly #realNow: () => number;
  #offsetMs: number;

  constructor(db: SandboxDatabase, startAt: number, realNow: () => number) {
    this.#db = db;
    this.#realNow = realNow;
    const saved = z.number().safeParse(db.get('core', 'clock_offset_ms'));
    this.#offsetMs = saved.success ? saved.data : startAt - realNow();
    this.#save();
  }

  now(): number {
    return this.#realNow() + this.#offsetMs;
  }

  /** Throws ControlError when `at` lies behind. */
  moveTo(at: number): void {
    const now = this.now();
    if (at < now) {
      throw new ControlError(
        409,
        'clock_backwards',
        `The clock only moves forward: it is ${new Date(now).toISOString()}, past ${new Date(at).toISOString()}.`,
      );
    }
    this.#offsetMs = at - this.#realNow();
    this.#save();
  }

  /** A new world begins at `at`, wherever the old one was. */
  restartAt(at: number): void {
    this.#offsetMs = at - this.#realNow();
    this.#save();
  }

  #save(): void {
    this.#db.set('core', 'clock_offset_ms', this.#offsetMs);
  }
}
