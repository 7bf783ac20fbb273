import { createTransport } from 'nodemailer';
import { z } from 'zod';
import type { MailGateway } from '../../domain/ports.ts';
import { SystemError, UserError } from '../../lib/errors.ts';

const TIMEOUT_MS = 15_000;

const failureSchema = z.looseObject({
  code: z.string().optional(),
  command: z.string().optional(),
  responseCode: z.number().optional(),
  syscall: z.string().optional(),
});

/** `smtpUrl` is `smtp(s)://[user:password@]host:port`. A mail is handed over at most once: it is never retried. */
export function createMailGateway(options: { smtpUrl: string; from: string }): MailGateway {
  const transport = createTransport({
    ...serverOf(options.smtpUrl),
    connectionTimeout: TIMEOUT_MS,
    greetingTimeout: TIMEOUT_MS,
    socketTimeout: TIMEOUT_MS,
  });
  return {
    async send({ to, subject, text, html, attachments = [], messageKey }) {
      try {
        const sent = await transport.sendMail({
          from: options.from,
          to: { name: to.name, address: to.email },
          subject: oneLine(subject),
          text,
          ...(html === undefined ? {} : { html }),
          attachments: attachments.map(({ fileName, contentType, bytes }) => ({
            filename: oneLine(fileName),
            contentType,
            content: Buffer.from(bytes),
          })),
          headers: { 'X-Psi-Message-Key': oneLine(messageKey) },
        });
        return { messageId: sent.messageId };
      } catch (error) {
        throw inOurWords(error, to.email);
      }
    },
  };
}

/** Host, port and rights from `smtp(s)://[user:password@]host:port`. */
export function serverOf(smtpUrl: string) {
  const url = new URL(smtpUrl);
  const secure = url.protocol === 'smtps:';
  const [user, pass] = [decodeURIComponent(url.username), decodeURIComponent(url.password)];
  return {
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: Number(url.port || (secure ? 465 : 587)),
    secure,
    // On this machine there is no wire to listen on, and no certificate that could be checked.
    ignoreTLS: !secure && LOOPBACK.test(url.hostname),
    ...(user === '' ? {} : { auth: { user, pass } }),
  };
}

const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

/**
 * What the server refused was not sent, and neither was anything while there was no connection. Every other end
 * is unknown: nodemailer reports a connection lost after DATA just as one lost before it.
 */
export function inOurWords(error: unknown, address: string): Error {
  const parsed = failureSchema.safeParse(error);
  const failure = parsed.success ? parsed.data : {};
  const status = failure.responseCode ?? 0;
  if (status >= 500 && failure.code === 'EENVELOPE' && failure.command === 'RCPT TO')
    return new UserError(
      'invalid_input',
      `The mail server does not accept mail to ${address}.`,
      'Check the address of the contact.',
    );
  if (status >= 400 && (status !== 421 || EARLY.test(failure.command ?? '')))
    return new SystemError('source_unavailable', `the mail server answered ${status}`, { cause: error });
  if (failure.syscall === 'connect' || NEVER_CONNECTED.has(failure.code ?? ''))
    return new SystemError('source_unavailable', 'the mail server cannot be reached', { cause: error });
  return new SystemError('effect_unknown', 'the mail server did not say whether it took the mail', {
    cause: error,
  });
}

const NEVER_CONNECTED: ReadonlySet<string> = new Set(['EDNS', 'EAUTH', 'ETLS', 'EENVELOPE']);
const EARLY = /^(EHLO|HELO|STARTTLS|AUTH|MAIL FROM|RCPT TO)/;

/** Header values must not break into further headers. */
function oneLine(value: string): string {
  return value.replace(/[\r\n]+/g, ' ');
}
