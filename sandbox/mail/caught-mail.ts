import { z } from 'zod';
import type { KeyValueStore } from '../core/types.ts';
import { parseMail } from './mime.ts';

const mailSchema = z.object({
  id: z.string(),
  at: z.string(),
  from: z.string(),
  to: z.array(z.string()),
  subject: z.string(),
  text: z.string(),
  html: z.string().nullable(),
  headers: z.record(z.string(), z.string()),
  /** The bytes are at `/sandbox/mail/ID/attachments/N`, N counted from 0. */
  attachments: z
    .array(z.object({ file_name: z.string(), content_type: z.string(), bytes: z.number() }))
    .default([]),
});

/** A message the bot sent, as `GET /sandbox/mail` gives it. `at` is ISO, simulated. */
export type CaughtMail = z.infer<typeof mailSchema>;

export interface MailBox {
  /** Stored durably when it returns. */
  keep(envelope: { from: string; to: string[]; raw: Buffer }): CaughtMail;
  all(): readonly CaughtMail[];
  /** Null where the mail has no such file. */
  attachment(id: string, index: number): { contentType: string; bytes: Buffer } | null;
  onMail(listener: (mail: CaughtMail) => void): void;
  clear(): void;
  /** Reads again what is kept. */
  reload(): void;
}

const FILES = 'mail.files';

export function createMailBox(keep: KeyValueStore, now: () => number): MailBox {
  const kept = () => keep.all('mail').map((entry) => mailSchema.parse(entry.value));
  let messages = kept();
  const listeners: ((mail: CaughtMail) => void)[] = [];
  return {
    keep({ from, to, raw }) {
      const { attachments, ...parsed } = parseMail(raw);
      const last = messages.at(-1)?.id.replace('mail_', '') ?? '0';
      const message: CaughtMail = {
        id: `mail_${Number(last) + 1}`,
        at: new Date(now()).toISOString(),
        from,
        to,
        ...parsed,
        attachments: attachments.map(({ fileName, contentType, bytes }) => ({
          file_name: fileName,
          content_type: contentType,
          bytes: bytes.length,
        })),
      };
      for (const [index, { bytes }] of attachments.entries())
        keep.set(FILES, `${message.id}/${index}`, bytes.toString('base64'));
      keep.set('mail', message.id, message);
      messages.push(message);
      for (const listener of listeners) listener(message);
      return message;
    },
    all: () => messages,
    attachment(id, index) {
      const file = messages.find((message) => message.id === id)?.attachments[index];
      const kept = keep.all(FILES).find((entry) => entry.id === `${id}/${index}`)?.value;
      if (file === undefined || typeof kept !== 'string') return null;
      return { contentType: file.content_type, bytes: Buffer.from(kept, 'base64') };
    },
    onMail: (listener) => {
      listeners.push(listener);
    },
    clear: () => {
      messages = [];
    },
    reload: () => {
      messages = kept();
    },
  };
}
