import type { Clock } from '../../lib/clock.ts';
import { sleep } from './call-slack.ts';

/** Slack takes about one message a second in a channel, and lets short bursts pass. */
const PER_SECOND = 1;
const BURST = 3;

interface Line {
  tail: Promise<unknown>;
  waiting: number;
  tokens: number;
  /** When the tokens were counted, by both clocks. */
  at: { clock: number; real: number };
}

/**
 * One line a channel: messages leave in the order they were given, at a pace that Slack does not refuse. A message
 * that still waits when the process ends has not been begun, and is given again after the restart.
 */
export class ChannelQueue {
  readonly #lines = new Map<string, Line>();

  constructor(private readonly clock: Clock) {}

  /** Runs `send` when it is this message's turn. @throws what `send` throws; the line goes on. */
  run<T>(channel: string, send: () => Promise<T>): Promise<T> {
    const line = this.#lines.get(channel) ?? this.#newLine();
    this.#lines.set(channel, line);
    line.waiting += 1;
    const turn = line.tail.then(async () => {
      try {
        await this.#token(line);
        return await send();
      } finally {
        line.waiting -= 1;
      }
    });
    line.tail = turn.catch(() => undefined);
    this.#forgetFull();
    return turn;
  }

  /** Waits for the right to post. */
  async #token(line: Line): Promise<void> {
    for (;;) {
      this.#refill(line);
      if (line.tokens >= 1) break;
      await sleep(Math.ceil(((1 - line.tokens) / PER_SECOND) * 1000));
    }
    line.tokens -= 1;
  }

  /** A leap of the simulated clock counts as the time it stands for; a clock that stands still holds nobody up. */
  #refill(line: Line): void {
    const now = this.#now();
    const elapsed = Math.max(now.clock - line.at.clock, now.real - line.at.real, 0);
    line.tokens = Math.min(BURST, line.tokens + (elapsed / 1000) * PER_SECOND);
    line.at = now;
  }

  #forgetFull(): void {
    if (this.#lines.size < 200) return;
    for (const [channel, line] of this.#lines) {
      if (line.waiting > 0) continue;
      this.#refill(line);
      if (line.tokens >= BURST) this.#lines.delete(channel);
    }
  }

  #newLine(): Line {
    return { tail: Promise.resolve(), waiting: 0, tokens: BURST, at: this.#now() };
  }

  #now() {
    return { clock: this.clock.now(), real: performance.now() };
  }
}
