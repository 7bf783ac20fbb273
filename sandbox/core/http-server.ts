import Fastify, { type FastifyInstance } from 'fastify';
import { ControlError, errorAnswer } from './errors.ts';

/** The sandbox's one HTTP server: every error is answered as JSON, none ends the process. */
export function createHttpServer(log: (line: string) => void): FastifyInstance {
  const app = Fastify({
    logger: false,
    bodyLimit: 20 * 1024 * 1024,
    routerOptions: { maxParamLength: 500 },
    forceCloseConnections: true,
  });
  answerErrorsAsJson(app, log);
  app.setNotFoundHandler((request, reply) => {
    const path = request.url.split('?')[0];
    return reply
      .code(404)
      .send({ error: { code: 'not_found', message: `There is nothing at ${request.method} ${path}.` } });
  });
  app.addHook('onRequest', async (request) => {
    refuseForeignOrigin(request.headers.origin, request.headers.host, request.url);
  });
  return app;
}

/** Errors of this scope's routes become `{error: {code, message}}`; unforeseen ones are logged too. */
export function answerErrorsAsJson(app: FastifyInstance, log: (line: string) => void): void {
  app.setErrorHandler((error, request, reply) => {
    const { status, body } = errorAnswer(error);
    if (status >= 500)
      log(`${request.method} ${request.url}: ${error instanceof Error ? error.stack : error}`);
    return reply.code(status).send(body);
  });
}

/** Bodies are JSON whatever they are declared as; errors say where they are wrong. Empty counts as `{}`. */
export function parseJsonWithPosition(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'string' }, (_request, text, done) => {
    try {
      done(null, parseJson(String(text)));
    } catch (error) {
      done(error instanceof Error ? error : new Error(String(error)), undefined);
    }
  });
}

/** Throws ControlError 400 that names the line and column of the first mistake. */
export function parseJson(text: string): unknown {
  if (text.trim() === '') return {};
  try {
    return JSON.parse(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const position = firstMistake(text);
    const before = text.slice(0, position).split('\n');
    const plain = reason.replace(/(?: in JSON| at position|, ".*is not valid JSON|, \.\.\.).*$/s, '');
    throw new ControlError(
      400,
      'malformed_json',
      `The body is not JSON: ${plain} at position ${position} (line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}).`,
    );
  }
}

/**
 * Where the shortest prefix that no ending could make valid ends. The parser itself does not always say; it
 * does tell an unfinished document from a wrong one.
 */
function firstMistake(text: string): number {
  let right = 0;
  let wrong = text.length + 1;
  while (wrong - right > 1) {
    const middle = Math.floor((right + wrong) / 2);
    if (isBeginning(text.slice(0, middle))) right = middle;
    else wrong = middle;
  }
  return right;
}

function isBeginning(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch (error) {
    const reason = error instanceof Error ? error.message : '';
    const found = /at position (\d+)/.exec(reason)?.[1];
    return found === undefined ? /Unexpected end/.test(reason) : Number(found) >= text.length;
  }
}

/** A page of another site must not drive the sandbox of whoever happens to look at it. */
function refuseForeignOrigin(origin: string | undefined, host: string | undefined, url: string): void {
  if (origin === undefined || !url.startsWith('/sandbox')) return;
  if (origin === `http://${host ?? ''}`) return;
  throw new ControlError(403, 'foreign_origin', 'The control API only answers pages of the sandbox itself.');
}
