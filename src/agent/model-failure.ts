import { z } from 'zod';

/**
 * Why a call of the model came to nothing. `busy`: too many requests. `down`: an error of its own, no connection or
 * no answer in time. `cut`: the stream ended before the answer did. `refused`: it does not take our request (key,
 * name of the model, quota). `endless`: it does not stop. `spent`: what one turn may use is used up.
 */
export type FailureKind = 'busy' | 'down' | 'cut' | 'refused' | 'endless' | 'spent';

export class ModelFailure extends Error {
  override readonly name = 'ModelFailure';
  constructor(
    readonly kind: FailureKind,
    message: string,
    /** The server asked us to wait this long. */
    readonly retryAfterMs: number | null = null,
    options?: { cause?: unknown },
  ) {
    super(message, options);
  }
}

const FAILURE_WORDS: Readonly<Record<FailureKind, string>> = {
  busy: 'is too busy to answer',
  down: 'did not answer',
  cut: 'broke off in the middle of its answer',
  refused: 'refused our request',
  endless: 'did not come to an end',
  spent: 'needed more than one question may use',
};

/** "The language model is too busy to answer". */
export function failureWords(kind: FailureKind): string {
  return `The language model ${FAILURE_WORDS[kind]}`;
}

const clientErrorSchema = z.object({
  status: z.number().optional(),
  code: z.string().nullish(),
  headers: z.unknown().optional(),
});

/** Whatever the client threw, as one of the kinds. */
export function asModelFailure(error: unknown): ModelFailure {
  if (error instanceof ModelFailure) return error;
  const parsed = clientErrorSchema.safeParse(error);
  const { status, code, headers } = parsed.success ? parsed.data : {};
  const words = error instanceof Error ? `${error.name}: ${error.message}`.slice(0, 200) : 'unknown';
  const cause = { cause: error };
  if (code === 'insufficient_quota') return new ModelFailure('refused', words, null, cause);
  if (status === 429) return new ModelFailure('busy', words, retryAfterMs(headers), cause);
  if (status === 503) return new ModelFailure('down', words, retryAfterMs(headers), cause);
  if (status !== undefined && status >= 400 && status < 500 && status !== 408 && status !== 409)
    return new ModelFailure('refused', words, null, cause);
  return new ModelFailure('down', words, null, cause);
}

/** Whether the server does not take the request as it is written, rather than who sends it. */
export function isBadRequest(error: unknown): boolean {
  const parsed = clientErrorSchema.safeParse(error instanceof ModelFailure ? error.cause : error);
  return parsed.success && (parsed.data.status === 400 || parsed.data.status === 422);
}

/** Seconds, or `retry-after-ms`; a date is not waited for. */
function retryAfterMs(headers: unknown): number | null {
  if (!(headers instanceof Headers)) return null;
  const exact = Number(headers.get('retry-after-ms') ?? Number.NaN);
  if (Number.isFinite(exact) && exact >= 0) return exact;
  const seconds = Number(headers.get('retry-after') ?? Number.NaN);
  return Number.isFinite(seconds) && seconds >= 0 ? seconds * 1000 : null;
}
