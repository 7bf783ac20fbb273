import { readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { z } from 'zod';
import { ControlError } from '../core/errors.ts';
import { projectRoot } from '../core/paths.ts';

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** Nothing from elsewhere, no inline script, no frame around it. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "connect-src 'self'",
  "form-action 'none'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** A file of the page's own folder, one level deep, and of no other. */
const nameSchema = z.object({ name: z.string().regex(/^[a-z0-9-]+\.(?:css|js|svg)$/) });

/** The web page at `/` and its modules and styles at `/page/...`. */
export function registerPage(app: FastifyInstance): void {
  const folder = join(projectRoot(), 'sandbox', 'web', 'page');

  async function send(reply: FastifyReply, name: string): Promise<FastifyReply> {
    const content = await readFile(join(folder, name)).catch(() => {
      throw new ControlError(404, 'not_found', `The page has no file ${name}.`);
    });
    return reply
      .header('content-type', TYPES[extname(name)] ?? 'application/octet-stream')
      .header('content-security-policy', POLICY)
      .header('x-content-type-options', 'nosniff')
      .header('referrer-policy', 'no-referrer')
      .header('cache-control', 'no-cache')
      .send(content);
  }

  app.get('/', (_request, reply) => send(reply, 'index.html'));
  app.get('/favicon.ico', (_request, reply) => send(reply, 'icon.svg'));
  app.get('/page/:name', (request, reply) => {
    const parsed = nameSchema.safeParse(request.params);
    if (!parsed.success) throw new ControlError(404, 'not_found', 'The page has no such file.');
    return send(reply, parsed.data.name);
  });
}
