import pg from 'pg';
import { z } from 'zod';
import { createResilience, OutsideError, type Resilient } from '../resilience.ts';
import { type Keyset, PAGE, type SupabaseTables } from '../supabase/client.ts';
import type { PostgresAddress } from './address.ts';

const CONNECT_WITHIN_MS = 10_000;

export interface PostgresTables extends SupabaseTables {
  close(): Promise<void>;
}

/**
 * Supabase's tables over a direct connection, given as PostgREST gives them: one JSON object a row, instants with
 * their microseconds. Only reads.
 */
export function connectPostgres(options: {
  address: PostgresAddress;
  resilience?: Resilient;
}): PostgresTables {
  const { schema, ...address } = options.address;
  const pool = new pg.Pool({
    ...address,
    max: 3,
    connectionTimeoutMillis: CONNECT_WITHIN_MS,
    idleTimeoutMillis: 60_000,
    // On this side: a pooler in between refuses settings it does not know.
    query_timeout: 30_000,
    application_name: 'psi',
    allowExitOnIdle: true,
  });
  // An idle connection that breaks is replaced by the next query; without a listener it would end the process.
  pool.on('error', () => undefined);
  const resilient = options.resilience ?? createResilience({ system: 'Supabase' });
  return {
    changedAfter: (table, after) =>
      resilient(async () => {
        try {
          const { rows } = await pool.query<{ row: unknown }>(pageQuery(schema, table, after));
          return rows.map(({ row }) => row);
        } catch (error) {
          throw outsideError(table, error);
        }
      }),
    close: () => pool.end(),
  };
}

/** The next rows by (updated_at, id); text ids in the order of their bytes, as the cursor compares them. */
function pageQuery(schema: string, table: string, after: Keyset | null): pg.QueryConfig {
  const from = `${pg.escapeIdentifier(schema)}.${pg.escapeIdentifier(table)}`;
  const id = `t.id::text COLLATE "C"`;
  const where = after === null ? '' : `WHERE (t.updated_at, ${id}) > ($1::timestamptz, $2::text COLLATE "C")`;
  return {
    text: `SELECT row_to_json(t) AS row FROM ${from} t ${where} ORDER BY t.updated_at, ${id} LIMIT ${PAGE}`,
    values: after === null ? [] : [after.updatedAt, after.id],
  };
}

const coded = z.looseObject({ code: z.string() });

/** What Postgres says of itself (https://www.postgresql.org/docs/current/errcodes-appendix.html). */
function outsideError(table: string, cause: unknown): OutsideError {
  const parsed = coded.safeParse(cause);
  const code = parsed.success ? parsed.data.code : '';
  const refused: readonly [RegExp, number, string][] = [
    [/^28/, 401, 'the user or password is wrong'],
    [/^42501$/, 403, `${table} may not be read`],
    [/^(42P01|3F000|3D000)$/, 404, `there is no ${table}`],
    [/^42703$/, 400, `${table} has no id or updated_at`],
    [/CERT|SELF_SIGNED|UNABLE_TO_VERIFY|ALTNAME/, 495, 'its certificate is not trusted'],
  ];
  const found = refused.find(([pattern]) => pattern.test(code));
  const ssl = cause instanceof Error && /does not support SSL/.test(cause.message);
  if (ssl) return new OutsideError('Supabase', 495, 'it does not offer TLS', { cause });
  return found === undefined
    ? new OutsideError('Supabase', null, `${table}: no answer`, { cause })
    : new OutsideError('Supabase', found[1], found[2], { cause });
}
