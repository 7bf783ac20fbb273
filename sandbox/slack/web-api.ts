import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Fault } from '../core/types.ts';
import { SlackError } from './errors.ts';
import { isObject, type JsonObject, parseJson } from './json.ts';
import { METHODS } from './methods/index.ts';
import type { Slack } from './slack.ts';
import { TEAM } from './workspace.ts';

/** Fields whose value in a form is JSON. Others are text even when they look like JSON. */
const JSON_FIELDS = new Set(
  'attachments blocks chunks files loading_messages metadata prompts response_metadata unfurls user_auth_blocks view'.split(
    ' ',
  ),
);

/** Counts the calls under way. */
export interface ApiTraffic {
  inFlight: number;
}

/** Serves `/api/<method>`. Register in a scope of its own: it takes bodies as text. */
export function registerWebApi(scope: FastifyInstance, slack: Slack, traffic: ApiTraffic): void {
  scope.all<{ Params: { method: string } }>('/api/:method', async (request, reply) => {
    traffic.inFlight += 1;
    try {
      await answer(request, reply, slack, request.params.method);
    } finally {
      traffic.inFlight -= 1;
    }
    return reply;
  });
}

async function answer(
  request: FastifyRequest,
  reply: FastifyReply,
  slack: Slack,
  name: string,
): Promise<void> {
  const fault = slack.sandbox.faults.take('slack', `/api/${name}`, [
    'rate_limit',
    'http_500',
    'slow',
    'malformed',
    'drop_response',
  ]);
  if (fault && refuse(reply, fault)) return;
  const outcome = perform(request, slack, name);
  // It is the answer that is slow: whoever gives up waiting does not undo what was done.
  if (fault?.kind === 'slow') await new Promise((resolve) => setTimeout(resolve, fault.ms));
  if (fault?.kind === 'drop_response') {
    reply.hijack();
    request.raw.socket.destroy();
    return;
  }
  if (outcome.retryAfter > 0) reply.code(429).header('retry-after', String(outcome.retryAfter));
  reply.type('application/json; charset=utf-8').send(JSON.stringify(outcome.body));
}

function refuse(reply: FastifyReply, fault: Fault): boolean {
  if (fault.kind === 'rate_limit') {
    reply.code(429).header('retry-after', '1').send({ ok: false, error: 'ratelimited' });
  } else if (fault.kind === 'http_500') {
    reply.code(500).type('text/plain').send('Internal Server Error');
  } else if (fault.kind === 'malformed') {
    reply.type('text/html').send('<!DOCTYPE html><title>Slack is having trouble</title>');
  } else return false;
  return true;
}

interface Outcome {
  body: JsonObject;
  /** Seconds; 0 when the call was let through. */
  retryAfter: number;
}

function perform(request: FastifyRequest, slack: Slack, name: string): Outcome {
  try {
    const args = readArguments(request);
    const method = METHODS.get(name);
    if (!method) throw new SlackError('unknown_method', { req_method: name });
    const caller = authenticate(request, args, slack, method.token);
    const limited = caller.team === TEAM ? name : `${name} of ${caller.team.id}`;
    const retryAfter = slack.limits.takeCall(limited, method.tier);
    if (retryAfter > 0) return { body: { ok: false, error: 'ratelimited' }, retryAfter };
    return { body: { ok: true, ...method.call(args, { ...slack, ...caller }) }, retryAfter: 0 };
  } catch (error) {
    if (!(error instanceof SlackError)) throw error;
    const retryAfter = error.code === 'ratelimited' ? Number(error.details.retry_after ?? 1) : 0;
    return { body: { ok: false, error: error.code, ...error.details }, retryAfter };
  }
}

function readArguments(request: FastifyRequest): JsonObject {
  const query = isObject(request.query) ? request.query : {};
  const body = typeof request.body === 'string' ? request.body : '';
  const type = request.headers['content-type'] ?? '';
  if (body === '') return { ...query };
  if (type.startsWith('application/json')) {
    const parsed = parseJson(body);
    if (parsed === undefined) throw new SlackError('invalid_json');
    if (!isObject(parsed)) throw new SlackError('json_not_object');
    return { ...query, ...parsed };
  }
  if (!type.startsWith('application/x-www-form-urlencoded')) throw new SlackError('invalid_post_type');
  const form: JsonObject = { ...query };
  for (const [key, value] of new URLSearchParams(body)) form[key] = readField(key, value);
  return form;
}

function readField(key: string, value: string): unknown {
  if (!JSON_FIELDS.has(key)) return value;
  const parsed = parseJson(value);
  if (parsed !== undefined) return parsed;
  throw new SlackError(key === 'blocks' ? 'invalid_blocks_format' : 'invalid_arguments', {
    response_metadata: { messages: [`[ERROR] not valid JSON [json-pointer:/${key}]`] },
  });
}

/** Whose token it is. Throws as Slack refuses tokens. */
function authenticate(
  request: FastifyRequest,
  args: JsonObject,
  slack: Slack,
  wanted: 'bot' | 'app' | 'none',
): Pick<Slack, 'team' | 'token'> {
  if (wanted === 'none') return { team: TEAM, token: '' };
  const header = request.headers.authorization ?? '';
  const given = header.startsWith('Bearer ') ? header.slice(7) : args.token;
  if (typeof given !== 'string' || given === '') throw new SlackError('not_authed');
  const isAppToken = given === slack.sandbox.config.slackAppToken;
  const team = isAppToken ? TEAM : slack.store.teams.ofToken(given);
  if (team === null) throw new SlackError('invalid_auth');
  if (isAppToken !== (wanted === 'app')) throw new SlackError('not_allowed_token_type');
  return { team, token: given };
}
