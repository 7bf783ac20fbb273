/** The only source of "now". An instant is an integer of epoch milliseconds, UTC. */
export interface Clock {
  now(): number;
}

export const systemClock: Clock = { now: () => Date.now() };

/** A clock that ticks in real time from an instant it was set to; the simulation moves it forward. */
export class OffsetClock implements Clock {
  #offsetMs = 0;

  now(): number {
    return Date.now() + this.#offsetMs;
  }

  /** It was `nowAt` when this machine's clock said `machineAt`: a message that took a while sets no clock back. */
  set(nowAt: number, machineAt: number): void {
    this.#offsetMs = nowAt - machineAt;
  }
}

/** A clock that stands still until told, for tests. */
export function fixedClock(initialAt: number): Clock & { set(at: number): void; advance(ms: number): void } {
  let at = initialAt;
  return {
    now: () => at,
    set: (next) => {
      at = next;
    },
    advance: (ms) => {
      at += ms;
    },
  };
}
