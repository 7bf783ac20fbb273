import {
  BrokenCircuitError,
  ConsecutiveBreaker,
  circuitBreaker,
  DelegateBackoff,
  handleWhen,
  retry,
  TaskCancelledError,
  TimeoutStrategy,
  timeout,
  wrap,
} from 'cockatiel';
import type { SyncResource } from '../domain/sync.ts';
import { SystemError } from '../lib/errors.ts';

/**
 * What an outside system answered, or that it did not. Connectors turn their client's errors into this.
 * `status` null: no (readable) answer came, so that whether a write happened is not known.
 */
export class OutsideError extends Error {
  override readonly name = 'OutsideError';
  constructor(
    readonly system: string,
    readonly status: number | null,
    message: string,
    readonly options: { retryAfterMs?: number; code?: string; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
  }

  /** A refusal (4xx) will be the same next time; trouble, silence and a lock held by our own earlier try may pass. */
  get mayPass(): boolean {
    return this.status === null || this.status >= 500 || [408, 409, 429].includes(this.status);
  }
}

export interface ResilienceOptions {
  system: string;
  timeoutMs?: number;
  /** Attempts after the first. */
  retries?: number;
  /** First wait; doubles, with full jitter. */
  initialDelayMs?: number;
  /** So many failures in a row open the circuit ... */
  breakAfter?: number;
  /** ... for so long. */
  halfOpenAfterMs?: number;
}

export type Resilient = <T>(call: (signal: AbortSignal) => Promise<T>) => Promise<T>;

const LONGEST_WAIT_MS = 30_000;

/**
 * One policy a system: each attempt has a time limit, trouble is retried with jitter (a 429 after what its
 * Retry-After says), and a system that keeps failing is left alone for a while.
 * @throws SystemError `timeout` or `source_unavailable` when trouble did not pass; OutsideError for a refusal.
 */
export function createResilience(options: ResilienceOptions): Resilient {
  const { system, timeoutMs = 15_000, retries = 3, initialDelayMs = 100 } = options;
  const passing = handleWhen(
    (error) => error instanceof TaskCancelledError || (error instanceof OutsideError && error.mayPass),
  );
  const policy = wrap(
    retry(passing, { maxAttempts: retries, backoff: jittered(initialDelayMs) }),
    circuitBreaker(passing, {
      breaker: new ConsecutiveBreaker(options.breakAfter ?? 8),
      halfOpenAfter: options.halfOpenAfterMs ?? 3_000,
    }),
    timeout(timeoutMs, TimeoutStrategy.Aggressive),
  );
  return async (call) => {
    try {
      // A signal of its own: listeners of parallel calls would pile up on the library's shared one.
      return await policy.execute(({ signal }) => call(signal), new AbortController().signal);
    } catch (error) {
      throw inOurWords(system, timeoutMs, error);
    }
  };
}

function jittered(initialDelayMs: number): DelegateBackoff<{ attempt: number; result: object }> {
  return new DelegateBackoff(({ attempt, result }) => {
    const asked =
      'error' in result && result.error instanceof OutsideError
        ? result.error.options.retryAfterMs
        : undefined;
    const ceiling = initialDelayMs * 2 ** attempt;
    const jitter = Math.random() * ceiling;
    return Math.min(asked === undefined ? jitter : asked + jitter / 4, LONGEST_WAIT_MS);
  });
}

function inOurWords(system: string, timeoutMs: number, error: unknown): unknown {
  if (error instanceof BrokenCircuitError)
    return new SystemError('source_unavailable', `${system} keeps failing and is left alone for a moment`, {
      cause: error,
    });
  if (error instanceof TaskCancelledError)
    return new SystemError('timeout', `${system} did not answer within ${timeoutMs / 1000} s`, {
      cause: error,
    });
  if (error instanceof OutsideError && error.mayPass)
    return new SystemError('source_unavailable', `${system} is in trouble: ${error.message}`, {
      cause: error,
    });
  return error;
}

/** A resource whose refusals are said in words that fit a status page; its errors are SystemErrors throughout. */
export function sayingRefusals(resource: SyncResource): SyncResource {
  return {
    ...resource,
    async read(cursor, sink) {
      try {
        await resource.read(cursor, sink);
      } catch (error) {
        if (!(error instanceof OutsideError)) throw error;
        const advice = error.status === 401 || error.status === 403 ? ': check its key' : '';
        throw new SystemError(
          'source_unavailable',
          `${error.system} refused to give ${resource.name} (${error.status})${advice}`,
          { cause: error },
        );
      }
    },
  };
}

/** Seconds or an HTTP date, as milliseconds from now; undefined when absent or unreadable. */
export function retryAfterMs(header: string | null | undefined, nowAt: number): number | undefined {
  if (header === null || header === undefined || header.trim() === '') return undefined;
  const seconds = Number(header);
  if (Number.isFinite(seconds)) return Math.max(0, seconds * 1000);
  const at = Date.parse(header);
  return Number.isNaN(at) ? undefined : Math.max(0, at - nowAt);
}
