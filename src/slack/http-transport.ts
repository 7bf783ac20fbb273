import type { ReceiverEvent } from '@slack/bolt';
import { z } from 'zod';
import type { Clock } from '../lib/clock.ts';
import { type HttpAnswer, type HttpRequest, headerOf } from '../lib/http-exchange.ts';
import type { Logger } from '../lib/logger.ts';
import { SeenSignatures, verifySlackRequest } from './http-signature.ts';
import type { SlackTransport, TakeDelivery } from './transport.ts';

/** Slack gives up on an answer after three seconds; what comes later helps nobody. */
const ANSWER_WITHIN_MS = 2_900;

export const SLACK_PATHS = ['/slack/events', '/slack/interactions', '/slack/commands'] as const;

const bodySchema = z.record(z.string(), z.unknown());
/** What each path carries; anything else signed by Slack is refused rather than guessed at. */
const shapes = {
  '/slack/events': z.looseObject({
    type: z.literal('event_callback'),
    event_id: z.string(),
    event: bodySchema,
  }),
  '/slack/interactions': z.looseObject({ type: z.string() }),
  '/slack/commands': z.looseObject({ command: z.string(), trigger_id: z.string() }),
};
const challengeSchema = z.looseObject({
  type: z.literal('url_verification'),
  challenge: z.string().max(1000),
});

/** Events, clicks and commands as signed HTTP requests: for where no connection may be opened to the outside. */
export class HttpTransport implements SlackTransport {
  #take: TakeDelivery | null = null;
  readonly #seen = new SeenSignatures();

  constructor(
    private readonly signingSecret: string,
    private readonly parts: { clock: Clock; logger: Logger },
  ) {}

  async start(take: TakeDelivery): Promise<void> {
    this.#take = take;
  }

  async stop(): Promise<void> {
    this.#take = null;
  }

  /** Answers a request to one of `SLACK_PATHS`; nothing happens for one that is not genuine. */
  async receive(request: HttpRequest): Promise<HttpAnswer> {
    const { clock, logger } = this.parts;
    const verdict = verifySlackRequest(request, this.signingSecret, clock.now());
    if (!verdict.genuine) {
      logger.warn({ path: request.path, reason: verdict.reason }, 'a request to Slack paths was refused');
      return text(401, 'refused');
    }
    const body = readBody(request);
    if (body === null) return text(400, 'unreadable');
    const challenge = challengeSchema.safeParse(body);
    if (challenge.success) return text(200, challenge.data.challenge);
    if ('ssl_check' in body) return text(200, '');
    if (!isShaped(request.path, body)) return text(400, 'unreadable');
    // Slack tries again later what comes while Psi starts or stops.
    if (this.#take === null) return text(503, 'not ready');
    if (!this.#seen.take(headerOf(request, 'x-slack-signature') ?? '', clock.now())) {
      logger.warn({ path: request.path }, 'a replayed request to Slack paths was refused');
      return text(409, 'refused');
    }
    return this.#deliver(this.#take, request, body);
  }

  /** Hands the delivery over; its acknowledgement is the answer. */
  #deliver(take: TakeDelivery, request: HttpRequest, body: ReceiverEvent['body']): Promise<HttpAnswer> {
    return new Promise((resolve) => {
      const late = setTimeout(() => resolve(text(503, 'not answered in time')), ANSWER_WITHIN_MS);
      const answer = (given: HttpAnswer) => {
        clearTimeout(late);
        resolve(given);
      };
      const retryNum = Number(headerOf(request, 'x-slack-retry-num') ?? Number.NaN);
      const retryReason = headerOf(request, 'x-slack-retry-reason');
      take({
        body,
        ack: async (response?: unknown) => answer(acknowledged(response)),
        ...(Number.isInteger(retryNum) ? { retryNum } : {}),
        ...(retryReason ? { retryReason } : {}),
      }).then(
        // Work that ended without an answer has nothing to say.
        () => answer(text(200, '')),
        (error: unknown) => {
          this.parts.logger.error({ err: error }, 'a delivery could not be taken');
          answer(text(503, 'not taken'));
        },
      );
    });
  }
}

function isShaped(path: string, body: Record<string, unknown>): boolean {
  const shape = Object.entries(shapes).find(([known]) => known === path)?.[1];
  return shape?.safeParse(body).success ?? false;
}

/** Events are JSON; commands are a form; a click is JSON in the form's field `payload`. Null when it is neither. */
function readBody(request: HttpRequest): Record<string, unknown> | null {
  const raw = request.body.toString('utf8');
  const type = headerOf(request, 'content-type') ?? '';
  if (type.startsWith('application/json')) return jsonObject(raw);
  if (!type.startsWith('application/x-www-form-urlencoded')) return null;
  const form = new URLSearchParams(raw);
  const payload = form.get('payload');
  return payload === null ? Object.fromEntries(form) : jsonObject(payload);
}

function jsonObject(raw: string): Record<string, unknown> | null {
  try {
    return bodySchema.safeParse(JSON.parse(raw)).data ?? null;
  } catch {
    return null;
  }
}

function acknowledged(response: unknown): HttpAnswer {
  if (response === undefined || response === null || response === '') return text(200, '');
  if (typeof response === 'string') return text(200, response);
  return {
    status: 200,
    headers: { 'content-type': 'application/json; charset=utf-8' },
    body: JSON.stringify(response),
  };
}

function text(status: number, body: string): HttpAnswer {
  return { status, headers: { 'content-type': 'text/plain; charset=utf-8' }, body };
}
