import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { ControlError } from '../core/errors.ts';
import type { MailBounces } from './bounces.ts';
import type { MailBox } from './caught-mail.ts';

const goneSchema = z.strictObject({
  address: z.email(),
  /** RFC 3463: 5.1.1 is an unknown mailbox, 5.2.2 a full one, 4.4.1 a server that does not answer. */
  status: z
    .string()
    .regex(/^[45]\.\d{1,3}\.\d{1,3}$/, 'a status such as 5.1.1')
    .default('5.1.1'),
});
const fileSchema = z.object({ id: z.string(), index: z.coerce.number().int().min(0) });

/** Mail as people see it, the files in it, and mailboxes from which it comes back. */
export function registerMail(app: FastifyInstance, { box, bounces }: { box: MailBox; bounces: MailBounces }) {
  app.get('/sandbox/mail', async () => ({ messages: box.all() }));
  app.get('/sandbox/mail/:id/attachments/:index', async (request, reply) => {
    const { id, index } = fileSchema.parse(request.params);
    const file = box.attachment(id, index);
    if (file === null) throw new ControlError(404, 'not_found', `Mail ${id} has no attachment ${index}.`);
    return reply.type(file.contentType).send(file.bytes);
  });
  app.post('/sandbox/mail/bounces', async (request) => {
    bounces.markGone(goneSchema.parse(request.body ?? {}));
    return { ok: true };
  });
  app.delete('/sandbox/mail/bounces', async () => {
    bounces.clear();
    return { ok: true };
  });
}
