import type { z } from 'zod';
import { OutsideError, type Resilient, retryAfterMs } from './resilience.ts';

/**
 * One GET of a JSON API through a resilience policy, its answer checked.
 * @throws OutsideError for a refusal (its message names the status only, never the body); SystemError for trouble.
 */
export function getJson<T>(
  system: string,
  resilient: Resilient,
  url: URL,
  headers: Readonly<Record<string, string>>,
  schema: z.ZodType<T>,
): Promise<T> {
  return exchange(system, resilient, url, { headers }, schema);
}

/** One PUT, likewise. It is sent again when no answer comes: its headers carry the key that makes that safe. */
export function putJson<T>(
  system: string,
  resilient: Resilient,
  url: URL,
  request: { headers: Readonly<Record<string, string>>; body: unknown; schema: z.ZodType<T> },
): Promise<T> {
  const headers = { ...request.headers, 'content-type': 'application/json' };
  const sent = { method: 'PUT', headers, body: JSON.stringify(request.body) };
  return exchange(system, resilient, url, sent, request.schema);
}

function exchange<T>(
  system: string,
  resilient: Resilient,
  url: URL,
  request: { method?: string; headers: Readonly<Record<string, string>>; body?: string },
  schema: z.ZodType<T>,
): Promise<T> {
  return resilient(async (signal) => {
    const headers = { accept: 'application/json', ...request.headers };
    const response = await fetch(url, { ...request, headers, signal }).catch((cause: unknown) => {
      throw new OutsideError(system, null, 'no answer', { cause });
    });
    if (!response.ok) {
      await response.body?.cancel();
      const wait = retryAfterMs(response.headers.get('retry-after'), Date.now());
      throw new OutsideError(system, response.status, `status ${response.status}`, { retryAfterMs: wait });
    }
    const answer = await response.json().catch((cause: unknown) => {
      throw new OutsideError(system, null, 'the answer is cut off or is not JSON', { cause });
    });
    // An answer of another shape is trouble like any other: it is asked again before it is given up.
    const parsed = schema.safeParse(answer);
    if (!parsed.success) throw new OutsideError(system, null, 'the answer has another shape than agreed');
    return parsed.data;
  });
}
