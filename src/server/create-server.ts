import Fastify from 'fastify';
import { z } from 'zod';
import type { SourceName } from '../domain/types.ts';
import { ConfigError, UserError } from '../lib/errors.ts';
import type { HttpAnswer, HttpRequest } from '../lib/http-exchange.ts';
import type { Logger } from '../lib/logger.ts';
import type { MailReports } from './mail-reports.ts';
import type { WebhookIntake } from './webhook-intake.ts';

export interface BotServer {
  /** @returns the address it listens on. @throws ConfigError when the port is taken. */
  listen(port: number): Promise<string>;
  close(): Promise<void>;
}

export interface ServerParts {
  webhooks: WebhookIntake;
  /** What mail servers say of mails that were sent. */
  mailReports?: MailReports;
  health(): { ready: boolean; mode: string; pending: number };
  /** What `psi doctor` prints, a line each. */
  doctor(): Promise<string[]>;
  /** A briefing in text, as `psi brief` prints it. @throws UserError for a name nobody has. */
  brief(asked: { name: string; at: number | null }): Promise<string>;
  /** Answers what is asked under /slack/: signed deliveries and the installation. */
  slack?(request: HttpRequest): Promise<HttpAnswer>;
  logger: Logger;
}

/** The bot's own HTTP server, on this machine's loopback: health, the doctor, signed webhooks, and Slack where it comes by HTTP. */
export function createServer({
  webhooks,
  mailReports,
  health,
  doctor,
  brief,
  slack,
  logger,
}: ServerParts): BotServer {
  const app = Fastify({ logger: false, bodyLimit: 2 * 1024 * 1024 });
  // Signatures are over the bytes as they came.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));

  app.get('/healthz', async () => health());
  app.get('/doctor', async (_request, reply) => {
    reply.type('text/plain; charset=utf-8');
    return `${(await doctor()).join('\n')}\n`;
  });
  app.get('/brief', async (request, reply) => {
    reply.type('text/plain; charset=utf-8');
    // Company numbers are for whoever sits at this machine, not for what a proxy or a web page passes on.
    if (!isLocal(request.headers)) return reply.code(404).send(ANSWERS[404]);
    const asked = briefQuery.safeParse(request.query);
    if (!asked.success)
      return reply.code(400).send('Say for whom (for=NAME), and at which instant (at=ISO 8601).\n');
    try {
      return `${await brief({ name: asked.data.for, at: asked.data.at ?? null })}\n`;
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      return reply.code(404).send(`${[error.message, error.hint].filter(Boolean).join(' ')}\n`);
    }
  });
  webhook('stripe', 'stripe-signature');
  webhook('psizero', 'psizero-signature');

  function webhook(source: SourceName, header: string): void {
    app.post(`/webhooks/${source}`, async (request, reply) => {
      const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
      const given = request.headers[header];
      const status = webhooks.receive(source, body, typeof given === 'string' ? given : undefined);
      return reply.code(status).send(ANSWERS[status]);
    });
  }

  for (const path of mailReports?.paths ?? []) {
    app.post(`/webhooks/${path}`, async (request, reply) => {
      const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
      const headers = z.record(z.string(), z.string().optional().catch(undefined)).parse(request.headers);
      const status = (await mailReports?.receive(path, body, headers)) ?? 404;
      return reply.code(status).send(ANSWERS[status]);
    });
  }

  if (slack)
    app.route({
      method: ['GET', 'POST'],
      url: '/slack/*',
      handler: async (request, reply) => {
        const answer = await slack({
          method: request.method,
          path: new URL(request.url, 'http://psi').pathname,
          query: querySchema.parse(request.query),
          headers: request.headers,
          body: Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0),
        });
        return reply
          .code(answer.status)
          .headers({ ...answer.headers })
          .send(answer.body);
      },
    });

  app.setNotFoundHandler((_request, reply) => reply.code(404).send(ANSWERS[404]));
  app.setErrorHandler((error, request, reply) => {
    const parsed = z.looseObject({ statusCode: z.number().int().min(400).max(499) }).safeParse(error);
    const status = parsed.success ? parsed.data.statusCode : 500;
    if (status === 500) logger.error({ path: request.url, error: String(error) }, 'request failed');
    // What went wrong inside is for the log alone.
    return reply.code(status).send({ error: status === 500 ? 'internal error' : 'bad request' });
  });

  return {
    async listen(port) {
      try {
        return await app.listen({ port, host: '127.0.0.1' });
      } catch (error) {
        if (z.looseObject({ code: z.literal('EADDRINUSE') }).safeParse(error).success)
          throw new ConfigError(`Port ${port} is in use. Set PSI_HTTP_PORT to a free one.`);
        throw error;
      }
    },
    close: () => app.close(),
  };
}

function isLocal(headers: { host?: string | undefined; [name: string]: unknown }): boolean {
  const passedOn = ['x-forwarded-for', 'x-forwarded-host', 'forwarded', 'via', 'origin'];
  const host = (headers.host ?? '').replace(/:\d+$/, '');
  return (
    (host === '127.0.0.1' || host === 'localhost') && passedOn.every((name) => headers[name] === undefined)
  );
}

const briefQuery = z.object({
  for: z.string().min(1).max(200),
  at: z.iso
    .datetime({ offset: true })
    .transform((text) => Date.parse(text))
    .optional(),
});
const querySchema = z.record(z.string(), z.unknown());

const ANSWERS = {
  200: { received: true },
  400: { error: 'refused' },
  404: { error: 'not found' },
} as const;
