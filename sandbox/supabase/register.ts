import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Sandbox } from '../core/types.ts';
import { PostgrestError } from './errors.ts';
import { parseQuery, type Query, runQuery } from './query.ts';
import { type Table, tableNamed } from './tables.ts';

const OBJECT = 'application/vnd.pgrst.object+json';
const API = '/supabase/rest/v1';

/** Mounts a read-only PostgREST at `/supabase/rest/v1/<table>`, as supabase-js expects one behind `/supabase`. */
export function registerSupabase(app: FastifyInstance, sandbox: Sandbox): void {
  app.register(async (api) => {
    api.setErrorHandler((error, _request, reply) => {
      if (!(error instanceof PostgrestError)) throw error;
      return reply.code(error.status).send(error.body);
    });
    api.addHook('onRequest', async (request, reply) =>
      authenticate(request, reply, sandbox.config.supabaseKey),
    );
    const routes = { url: `${API}/:table`, exposeHeadRoute: false };
    api.route({
      ...routes,
      method: ['GET', 'HEAD'],
      handler: async (request, reply) => read(sandbox, request, reply),
    });
    api.route({ ...routes, method: ['POST', 'PATCH', 'PUT', 'DELETE'], handler: refuseWrite });
  });
}

function same(given: unknown, key: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return typeof given === 'string' && timingSafeEqual(digest(given), digest(key));
}

async function authenticate(request: FastifyRequest, reply: FastifyReply, key: string) {
  const url = new URL(request.url, 'http://sandbox');
  const given = request.headers.apikey ?? url.searchParams.get('apikey');
  if (!given) {
    return reply.code(401).send({
      message: 'No API key found in request',
      hint: 'No `apikey` request header or url param was found.',
    });
  }
  if (!same(given, key)) {
    return reply.code(401).send({
      message: 'Invalid API key',
      hint: 'Double check your Supabase `anon` or `service_role` API key.',
    });
  }
  const bearer = request.headers.authorization?.replace(/^Bearer /i, '');
  if (bearer === undefined || same(bearer, key)) return;
  throw new PostgrestError(401, 'PGRST301', 'JWSError JWSInvalidSignature');
}

function tableOf(request: FastifyRequest): Table {
  const path = new URL(request.url, 'http://sandbox').pathname;
  const name = decodeURIComponent(path.slice(API.length + 1));
  const table = tableNamed(name);
  if (table) return table;
  throw new PostgrestError(404, 'PGRST205', `Could not find the table 'public.${name}' in the schema cache`);
}

async function refuseWrite(request: FastifyRequest): Promise<never> {
  throw new PostgrestError(403, '42501', `permission denied for table ${tableOf(request).name}`);
}

function read(sandbox: Sandbox, request: FastifyRequest, reply: FastifyReply) {
  const table = tableOf(request);
  const { searchParams } = new URL(request.url, 'http://sandbox');
  const query = parseQuery(table, searchParams, request.headers.range);
  const { page, total } = runQuery(table.rows(sandbox.world), query);
  const counted = /count=(exact|planned|estimated)/.test(String(request.headers.prefer ?? ''));
  if (counted && query.offset > 0 && query.offset >= total) {
    const details = `An offset of ${query.offset} was requested, but there are only ${total} rows.`;
    throw new PostgrestError(416, 'PGRST103', 'Requested range not satisfiable', details);
  }
  reply.header('content-range', contentRange(query, page.length, counted ? total : null));
  if (String(request.headers.accept ?? '').includes(OBJECT)) {
    if (page.length === 1) return reply.type(`${OBJECT}; charset=utf-8`).send(JSON.stringify(page[0]));
    throw new PostgrestError(
      406,
      'PGRST116',
      'Cannot coerce the result to a single JSON object',
      `The result contains ${page.length} rows`,
    );
  }
  const partial = counted && page.length < total;
  return reply
    .code(partial ? 206 : 200)
    .type('application/json; charset=utf-8')
    .send(JSON.stringify(page));
}

function contentRange({ offset }: Query, length: number, total: number | null): string {
  const range = length === 0 ? '*' : `${offset}-${offset + length - 1}`;
  return `${range}/${total ?? '*'}`;
}
