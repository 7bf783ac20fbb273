/** Calls a minute that Slack grants per method and workspace. */
export type Tier = 'tier1' | 'tier2' | 'tier3' | 'tier4' | 'special';
const CALLS_PER_MINUTE: Record<Tier, number> = { tier1: 10, tier2: 20, tier3: 50, tier4: 100, special: 600 };
/** One message a second in a channel, with a burst that Slack lets pass. */
const MESSAGES_PER_SECOND = 1;
const MESSAGE_BURST = 4;

interface Bucket {
  tokens: number;
  at: number;
}

/** Token buckets on the simulated clock: a leap of the clock refills them, as the time it stands for would. */
export class RateLimits {
  readonly #buckets = new Map<string, Bucket>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  reset(): void {
    this.#buckets.clear();
  }

  /** Seconds to wait before the method may be called, or 0 when this call may go ahead. */
  takeCall(method: string, tier: Tier): number {
    const perMinute = CALLS_PER_MINUTE[tier];
    return this.#take(`method ${method}`, perMinute, perMinute / 60_000);
  }

  /** Seconds to wait before a message may be posted in the channel, or 0 when this one may. */
  takeMessage(channel: string): number {
    return this.#take(`channel ${channel}`, MESSAGE_BURST, MESSAGES_PER_SECOND / 1000);
  }

  #take(key: string, capacity: number, perMs: number): number {
    const now = this.#now();
    const bucket = this.#buckets.get(key) ?? { tokens: capacity, at: now };
    const tokens = Math.min(capacity, bucket.tokens + Math.max(0, now - bucket.at) * perMs);
    const granted = tokens >= 1;
    this.#buckets.set(key, { tokens: granted ? tokens - 1 : tokens, at: now });
    return granted ? 0 : Math.max(1, Math.ceil((1 - tokens) / perMs / 1000));
  }
}
