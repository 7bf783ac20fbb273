import { createClient } from '@supabase/supabase-js';
import { z } from 'zod';
import { createResilience, OutsideError, type Resilient, retryAfterMs } from '../resilience.ts';

/** The server gives at most so many rows an answer, whatever is asked. */
export const PAGE = 1_000;

export interface Keyset {
  /** As the server wrote it: its microseconds must not be rounded away. */
  updatedAt: string;
  id: string;
}

export interface SupabaseTables {
  /** The next rows after the keyset, by (updated_at, id). */
  changedAfter(table: string, after: Keyset | null): Promise<readonly unknown[]>;
}

/** Psi opens no realtime channel, but on Node 20 the client refuses to start without a transport for one. */
class NoRealtime {
  readonly CONNECTING = 0;
  readonly OPEN = 1;
  readonly CLOSING = 2;
  readonly CLOSED = 3;
  readonly readyState = 3;
  readonly protocol = '';
  readonly url: string;
  onopen = null;
  onmessage = null;
  onclose = null;
  onerror = null;
  constructor(address: string | URL) {
    this.url = String(address);
  }
  close(): void {}
  send(): void {}
  addEventListener(): void {}
  removeEventListener(): void {}
}

const rowsSchema = z.array(z.unknown());

export function connectSupabase(options: {
  url: string;
  key: string;
  resilience?: Resilient;
}): SupabaseTables {
  // The client does not hand headers out; what a 429 asked for is noted as it passes.
  let asked: number | undefined;
  const fetchNoting: typeof fetch = async (input, init) => {
    const response = await fetch(input, init);
    if (response.status === 429) asked = retryAfterMs(response.headers.get('retry-after'), Date.now());
    return response;
  };
  const client = createClient(options.url, options.key, {
    auth: { persistSession: false, autoRefreshToken: false, detectSessionInUrl: false },
    realtime: { transport: NoRealtime },
    global: { fetch: fetchNoting },
  });
  const resilient = options.resilience ?? createResilience({ system: 'Supabase' });
  return {
    changedAfter(table, after) {
      return resilient(async (signal) => {
        let query = client.from(table).select('*');
        if (after !== null) {
          const [at, id] = [quoted(after.updatedAt), quoted(after.id)];
          query = query.or(`updated_at.gt.${at},and(updated_at.eq.${at},id.gt.${id})`);
        }
        const answer = await query
          .order('updated_at')
          .order('id')
          .limit(PAGE)
          .retry(false)
          .abortSignal(signal);
        if (answer.error !== null) {
          const status = answer.status >= 400 ? answer.status : null;
          throw new OutsideError('Supabase', status, `${table}: ${status ?? 'no answer'}`, {
            cause: answer.error,
            ...(status === 429 ? { retryAfterMs: asked } : {}),
          });
        }
        const rows = rowsSchema.safeParse(answer.data);
        if (!rows.success)
          throw new OutsideError('Supabase', null, `${table}: the answer is not a list of rows`);
        return rows.data;
      });
    },
  };
}

/** PostgREST's quoting: reserved characters stand in double quotes. */
function quoted(value: string): string {
  return `"${value.replace(/["\\]/g, '\\$&')}"`;
}
