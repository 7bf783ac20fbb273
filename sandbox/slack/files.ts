import type { FastifyInstance, FastifyReply } from 'fastify';
import type { SlackFile } from './records.ts';
import type { Slack } from './slack.ts';

const TYPES: Record<string, string> = {
  png: 'image/png',
  jpg: 'image/jpeg',
  gif: 'image/gif',
  svg: 'image/svg+xml',
  pdf: 'application/pdf',
  csv: 'text/csv',
  txt: 'text/plain',
  md: 'text/markdown',
  json: 'application/json',
};

/** Remembers a file; `content` null means that its bytes are still to be uploaded. */
export function newFile(
  slack: Slack,
  given: {
    name: string;
    size: number;
    user: string;
    content: Buffer | null;
    mimetype?: string;
    altText?: string | undefined;
  },
): SlackFile {
  const ending = given.name.slice(given.name.lastIndexOf('.') + 1).toLowerCase();
  const file: SlackFile = {
    id: `F0${slack.store.nextTs().replace('.', '')}`,
    name: given.name,
    title: given.name,
    ...(given.altText ? { altText: given.altText } : {}),
    mimetype: given.mimetype ?? TYPES[ending] ?? 'application/octet-stream',
    size: given.size,
    user: given.user,
    createdAt: slack.sandbox.world.now(),
    contentBase64: given.content?.toString('base64') ?? null,
    channels: [],
  };
  slack.store.files.set(file.id, file);
  return file;
}

/** Upload and download of bytes. Register in a scope whose bodies are buffers. */
export function registerFileRoutes(scope: FastifyInstance, slack: Slack): void {
  scope.post<{ Params: { id: string } }>('/slack/upload/:id', { bodyLimit: 50_000_000 }, (request, reply) => {
    const file = slack.store.files.get(request.params.id);
    // An upload URL takes one file, once, of the length that was announced.
    if (!file || file.contentBase64 !== null || !Buffer.isBuffer(request.body))
      return reply.code(400).send('Invalid upload');
    const bytes = filePart(request.body, request.headers['content-type'] ?? '');
    if (bytes.length !== file.size) return reply.code(400).send('Length mismatch');
    slack.store.files.set(file.id, { ...file, size: bytes.length, contentBase64: bytes.toString('base64') });
    return reply.type('text/plain').send(`OK - ${bytes.length}`);
  });
  scope.get<{ Params: { id: string } }>('/slack/files/:id/*', (request, reply) => {
    // Slack answers a download without the token by its sign-in page, and 200.
    const isApp = request.headers.authorization === `Bearer ${slack.sandbox.config.slackBotToken}`;
    if (!isApp) return reply.type('text/html').send('<!DOCTYPE html><title>Sign in to PsiZero</title>');
    return sendFile(slack, request.params.id, reply);
  });
  scope.get<{ Params: { id: string } }>('/sandbox/files/:id', (request, reply) =>
    sendFile(slack, request.params.id, reply),
  );
}

function sendFile(slack: Slack, id: string, reply: FastifyReply): FastifyReply {
  const file = slack.store.files.get(id);
  if (!file || file.contentBase64 === null) return reply.code(404).send('Not found');
  // A file that anybody sent is never run as a page of this origin.
  return reply
    .header('content-security-policy', "sandbox; default-src 'none'")
    .header('x-content-type-options', 'nosniff')
    .type(file.mimetype)
    .send(Buffer.from(file.contentBase64, 'base64'));
}

/** The bytes of the first file of a multipart form, or the body itself when it is none. */
function filePart(body: Buffer, contentType: string): Buffer {
  const boundary = /^multipart\/form-data;.*boundary="?([^";]+)"?/.exec(contentType)?.[1];
  if (!boundary) return body;
  const from = body.indexOf('\r\n\r\n');
  const to = body.lastIndexOf(`\r\n--${boundary}--`);
  return from >= 0 && to > from ? body.subarray(from + 4, to) : Buffer.alloc(0);
}
