import type { FastifyInstance, FastifyReply } from 'fastify';
import { describeZod } from '../core/errors.ts';
import { httpFaults } from '../core/http-faults.ts';
import type { Faults } from '../core/types.ts';
import { type ChatRequest, chatRequestSchema, type ModelTurn } from './chat.ts';
import { completionBody, completionEvents } from './completion.ts';
import { modelSettingSchema } from './setting.ts';
import type { SimulatedModel } from './simulated-model.ts';

const MODELS = ['simulated'];

/** The OpenAI-compatible endpoint at `/v1`. Its errors have OpenAI's shape. */
export function registerModel(app: FastifyInstance, model: SimulatedModel, faults: Faults): void {
  httpFaults(app, 'model', faults);
  app.setErrorHandler((error, _request, reply) =>
    refuse(reply, 400, 'invalid_request_error', error instanceof Error ? error.message : String(error)),
  );
  let answered = 0;

  app.get('/v1/models', async () => ({
    object: 'list',
    data: MODELS.map((id) => ({ id, object: 'model', created: 0, owned_by: 'sandbox' })),
  }));

  app.post('/v1/chat/completions', async (request, reply) => {
    const parsed = chatRequestSchema.safeParse(request.body);
    if (!parsed.success) return refuse(reply, 400, 'invalid_request_error', describeZod(parsed.error));
    const turn = model.next(parsed.data);
    if (turn === null) {
      return refuse(
        reply,
        404,
        'invalid_request_error',
        'No simulated model is set. POST /sandbox/model first.',
      );
    }
    if (turn.error === 429) {
      if (turn.retryAfter !== null) reply.header('retry-after', String(turn.retryAfter ?? 1));
      return refuse(reply, 429, 'rate_limit_error', 'Rate limit reached. Try again in 1s.');
    }
    if (turn.error === 500) return refuse(reply, 500, 'server_error', 'The server had an error.');
    answered += 1;
    const identity = {
      id: `chatcmpl-${answered}`,
      created: Math.floor(Date.now() / 1000),
      model: parsed.data.model,
    };
    return answer(reply, parsed.data, turn, identity);
  });
}

function answer(
  reply: FastifyReply,
  request: ChatRequest,
  turn: ModelTurn,
  identity: { id: string; created: number; model: string },
): FastifyReply {
  const cut = turn.error === 'cut';
  if (request.stream !== true) {
    if (!cut) return reply.send(completionBody(request, turn, identity));
    reply.hijack();
    reply.raw.socket?.destroy();
    return reply;
  }
  const spoken = cut && turn.text === undefined ? { ...turn, text: 'I was about to say that' } : turn;
  const events = completionEvents(request, spoken, identity);
  reply.hijack();
  reply.raw.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-cache',
  });
  const sent = cut ? events.slice(0, Math.max(1, Math.floor(events.length / 2))) : events;
  reply.raw.write(sent.join(''), () => {
    if (cut) reply.raw.socket?.destroy();
    else reply.raw.end();
  });
  return reply;
}

function refuse(reply: FastifyReply, status: number, type: string, message: string): FastifyReply {
  return reply.code(status).send({ error: { message, type, param: null, code: null } });
}

/** `GET` and `POST /sandbox/model`. `tellBot` is resolved once the bot knows which model to use. */
export function registerModelControl(
  app: FastifyInstance,
  model: SimulatedModel,
  tellBot: () => Promise<void>,
): void {
  app.get('/sandbox/model', async () => model.setting());
  app.post('/sandbox/model', async (request) => {
    model.set(modelSettingSchema.parse(request.body ?? {}));
    await tellBot();
    return { ok: true, ...model.setting() };
  });
}
