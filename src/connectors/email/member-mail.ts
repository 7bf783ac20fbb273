import { createHash } from 'node:crypto';
import { createTransport } from 'nodemailer';
import type { MemberMail } from '../../domain/ports.ts';
import { inOurWords, serverOf } from './mail-gateway.ts';

const TIMEOUT_MS = 15_000;

/** Mail to members over SMTP, with HTML and text. Handed over at most once: it is never retried here. */
export function createMemberMail(options: { smtpUrl: string; from: string }): MemberMail {
  const transport = createTransport({
    ...serverOf(options.smtpUrl),
    connectionTimeout: TIMEOUT_MS,
    greetingTimeout: TIMEOUT_MS,
    socketTimeout: TIMEOUT_MS,
  });
  return {
    async send({ to, subject, text, html, messageKey }) {
      try {
        const sent = await transport.sendMail({
          from: options.from,
          to: { name: to.name, address: to.email },
          subject: subject.replace(/[\r\n]+/g, ' '),
          text,
          html,
          messageId: messageIdOf(messageKey, options.from),
          headers: { 'Auto-Submitted': 'auto-generated' },
        });
        return { messageId: sent.messageId };
      } catch (error) {
        throw inOurWords(error, to.email);
      }
    },
  };
}

/** The same key gives the same id, so that a mailbox which got a mail twice after all shows it once. */
export function messageIdOf(messageKey: string, from: string): string {
  const host = /@([\w.-]+)/.exec(from)?.[1] ?? 'psi.invalid';
  return `<${createHash('sha256').update(messageKey).digest('hex').slice(0, 32)}@${host}>`;
}
