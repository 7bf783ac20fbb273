import { randomBytes } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Sandbox } from '../core/types.ts';
import { WorldError } from '../world/errors.ts';
import { API_VERSION } from './api-version.ts';
import { authenticate } from './authentication.ts';
import { Books } from './books.ts';
import { invalidRequest, StripeFault, unrecognizedUrl } from './errors.ts';
import { EventLog } from './events.ts';
import { expand } from './expand.ts';
import { type Form, parseForm } from './form.ts';
import { IdempotencyKeys } from './idempotency.ts';
import { ConnectionCut, cutConnection, Misbehaviour } from './misbehaviour.ts';
import { eventRoutes } from './resources/events.ts';
import { expansions, resourceRoutes } from './resources/index.ts';
import { webhookEndpointRoutes } from './resources/webhook-endpoints.ts';
import type { Effect, Route } from './route.ts';

interface Parts {
  sandbox: Sandbox;
  books: Books;
  events: EventLog;
  keys: IdempotencyKeys;
}

interface Answer {
  status: number;
  body: string;
  headers: Record<string, string>;
}

/**
 * Serves Stripe's API at `/v1/...` on the sandbox's origin, in a scope of its own. Planned faults of the system
 * `stripe` are its own affair: nothing else need apply them here.
 */
export async function registerStripe(app: FastifyInstance, sandbox: Sandbox): Promise<void> {
  const books = new Books(sandbox);
  const parts: Parts = {
    sandbox,
    books,
    events: new EventLog(sandbox, books),
    keys: new IdempotencyKeys(sandbox.keep),
  };
  parts.events.attach();
  sandbox.onReset(() => {
    books.reset();
    parts.keys.clear();
    parts.events.reset();
    parts.events.attach();
  });
  sandbox.onRestore(() => {
    books.reload();
    parts.keys.reload();
    parts.events.reload();
  });
  const routes = [
    ...resourceRoutes,
    ...eventRoutes(parts.events),
    ...webhookEndpointRoutes(sandbox.config.botUrl),
  ];
  await app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body));
    scope.setErrorHandler((error, request, reply) => {
      const requestId = newRequestId();
      const refused = isClientError(error) ? invalidRequest(error.message, {}, error.statusCode) : error;
      return send(request, reply, { ...errorAnswer(refused, requestId), headers: {} }, requestId);
    });
    for (const route of routes)
      scope.route({
        method: route.method,
        url: route.path,
        exposeHeadRoute: false,
        handler: (request, reply) => handle(parts, route, request, reply),
      });
    scope.route({
      method: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'],
      url: '/v1/*',
      exposeHeadRoute: false,
      handler: (request, reply) => handle(parts, null, request, reply),
    });
  });
}

async function handle(
  parts: Parts,
  route: Route | null,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const requestId = newRequestId();
  const faults = new Misbehaviour(parts.sandbox.faults, request);
  try {
    const answer = await answerTo(parts, route, request, faults, requestId);
    return send(request, reply, { ...answer, body: faults.spoil(answer.body) }, requestId);
  } catch (error) {
    if (error instanceof ConnectionCut) {
      cutConnection(request, reply);
      return reply;
    }
    return send(request, reply, { ...errorAnswer(error, requestId), headers: {} }, requestId);
  }
}

function newRequestId(): string {
  return `req_${randomBytes(7).toString('hex')}`;
}

/** What the server refuses before a route sees it: a body too large, an encoding it does not know. */
function isClientError(error: unknown): error is Error & { statusCode: number } {
  return (
    error instanceof Error &&
    'statusCode' in error &&
    typeof error.statusCode === 'number' &&
    error.statusCode < 500
  );
}

function errorAnswer(error: unknown, requestId: string): { status: number; body: string } {
  const fault = error instanceof StripeFault ? error : faultOf(error);
  return { status: fault.status, body: JSON.stringify(fault.body(requestId), null, 2) };
}

/** What the books refuse is the request's fault; anything else is ours. */
function faultOf(error: unknown): StripeFault {
  if (error instanceof WorldError) return invalidRequest(error.message, { code: error.code });
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(`stripe: ${text}\n`);
  return new StripeFault(500, 'api_error', 'Sorry! Something went wrong inside the simulated Stripe.');
}

function send(request: FastifyRequest, reply: FastifyReply, answer: Answer, requestId: string): FastifyReply {
  const key = headerOf(request, 'idempotency-key');
  return reply
    .code(answer.status)
    .headers({
      'content-type': 'application/json',
      'request-id': requestId,
      'stripe-version': headerOf(request, 'stripe-version') ?? API_VERSION,
      ...(key === null ? {} : { 'idempotency-key': key }),
      ...answer.headers,
    })
    .send(answer.body);
}

function headerOf(request: FastifyRequest, name: string): string | null {
  const value = request.headers[name];
  return typeof value === 'string' && value !== '' ? value : null;
}

async function answerTo(
  parts: Parts,
  route: Route | null,
  request: FastifyRequest,
  faults: Misbehaviour,
  requestId: string,
): Promise<Answer> {
  authenticate(request.headers.authorization, parts.sandbox.config.stripeSecretKey);
  faults.refuse();
  const [path = '', query = ''] = request.url.split('?', 2);
  if (route === null) throw unrecognizedUrl(request.method, path);
  const body = typeof request.body === 'string' ? request.body : '';
  const perform = () => prepared(parts, route, request, parseForm([query, body].filter(Boolean).join('&')));
  const key = request.method === 'POST' ? headerOf(request, 'idempotency-key') : null;
  if (key === null) {
    await faults.delay();
    return { status: 200, body: perform()(requestId, null), headers: {} };
  }
  const fingerprint = IdempotencyKeys.fingerprint(request.method, path, body);
  const earlier = parts.keys.take(key, fingerprint, parts.books.now());
  if (earlier)
    return {
      status: earlier.status,
      body: earlier.body,
      headers: { 'idempotent-replayed': 'true', 'original-request': earlier.requestId },
    };
  try {
    await faults.delay();
    const act = perform();
    const answer = settled(() => act(requestId, key), requestId);
    parts.keys.remember(key, { ...answer, fingerprint, requestId, at: parts.books.now() });
    return { ...answer, headers: {} };
  } finally {
    parts.keys.release(key);
  }
}

/** An error of the work itself is an answer like any other: a retry with the same key gets it again. */
function settled(act: () => string, requestId: string): { status: number; body: string } {
  try {
    return { status: 200, body: act() };
  } catch (error) {
    return errorAnswer(error, requestId);
  }
}

/** The parameters are checked here; the work is done when what is returned is called. */
function prepared(
  parts: Parts,
  route: Route,
  request: FastifyRequest,
  form: Form,
): (requestId: string, idempotencyKey: string | null) => string {
  const work = route.prepare(form);
  const paths = Array.isArray(form.expand) ? form.expand.filter((path) => typeof path === 'string') : [];
  return (requestId, idempotencyKey) =>
    parts.events.during({ requestId, idempotencyKey }, () => {
      const object = work({
        id: idOf(request),
        books: parts.books,
        effect: (effect) => record(parts.sandbox, effect, idempotencyKey),
      });
      expand(object, paths, expansions, parts.books);
      return JSON.stringify(object);
    });
}

function idOf(request: FastifyRequest): string {
  const { params } = request;
  return typeof params === 'object' && params !== null && 'id' in params ? String(params.id) : '';
}

function record(sandbox: Sandbox, effect: Effect, key: string | null): void {
  sandbox.effects.record({
    system: 'stripe',
    kind: effect.kind,
    key,
    customer: effect.customer,
    amountMinor: effect.amountMinor ?? null,
    currency: effect.currency ?? null,
    payload: effect.payload,
  });
}
