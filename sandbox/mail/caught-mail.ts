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
});

/** A message the bot sent, as `GET /sandbox/mail` gives it. `at` is ISO, simulated. */
export type CaughtMail = z.infer<typeof mailSchema>;

export interface MailBox {
  /** Stored durably when it returns. */
  keep(envelope: { from: string; to: string[]; raw: Buffer }): CaughtMail;
  all(): readonly CaughtMail[];
  onMail(listener: (mail: CaughtMail) => void): void;
  clear(): void;
  /** Reads again what is kept. */
  reload(): void;
}

export function createMailBox(keep: KeyValueStore, now: () => number): MailBox {
  const kept = () => keep.all('mail').map((entry) => mailSchema.parse(entry.value));
  let messages = kept();
  const listeners: ((mail: CaughtMail) => void)[] = [];
  return {
    keep({ from, to, raw }) {
      const parsed = parseMail(raw);
      const last = messages.at(-1)?.id.replace('mail_', '') ?? '0';
      const message: CaughtMail = {
        id: `mail_${Number(last) + 1}`,
        at: new Date(now()).toISOString(),
        from,
        to,
        ...parsed,
      };
      keep.set('mail', message.id, message);
      messages.push(message);
      for (const listener of listeners) listener(message);
      return message;
    },
    all: () => messages,
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
