import { createTransport } from 'nodemailer';
import { z } from 'zod';
import type { MailGateway } from '../../domain/ports.ts';
import { SystemError, UserError } from '../../lib/errors.ts';

const TIMEOUT_MS = 15_000;

const failureSchema = z.looseObject({
  code: z.string().optional(),
  command: z.string().optional(),
  responseCode: z.number().optional(),
});

/** `smtpUrl` is `smtp(s)://[user:password@]host:port`. A mail is handed over at most once: it is never retried. */
export function createMailGateway(options: { smtpUrl: string; from: string }): MailGateway {
  const transport = createTransport(options.smtpUrl, {
    from: options.from,
    connectionTimeout: TIMEOUT_MS,
    greetingTimeout: TIMEOUT_MS,
    socketTimeout: TIMEOUT_MS,
  });
  return {
    async send({ to, subject, text, messageKey }) {
      try {
        const sent = await transport.sendMail({
          to: { name: to.name, address: to.email },
          subject: oneLine(subject),
          text,
          headers: { 'X-Psi-Message-Key': oneLine(messageKey) },
        });
        return { messageId: sent.messageId };
      } catch (error) {
        throw inOurWords(error, to.email);
      }
    },
  };
}

/** Before DATA nothing can have been sent; a definite refusal at any point means it was not. */
function inOurWords(error: unknown, address: string): Error {
  const parsed = failureSchema.safeParse(error);
  const failure = parsed.success ? parsed.data : {};
  const refused = failure.responseCode !== undefined && failure.responseCode >= 500;
  if (failure.code === 'EENVELOPE' && refused)
    return new UserError(
      'invalid_input',
      `The mail server does not accept mail to ${address}.`,
      'Check the address of the contact.',
    );
  if (failure.responseCode !== undefined && failure.responseCode >= 400)
    return new SystemError('source_unavailable', `the mail server answered ${failure.responseCode}`, {
      cause: error,
    });
  if (BEFORE_DATA.has(failure.code ?? '') || BEFORE_DATA_COMMANDS.test(failure.command ?? ''))
    return new SystemError('source_unavailable', 'the mail server cannot be reached', { cause: error });
  return new SystemError('effect_unknown', 'the mail server did not say whether it took the mail', {
    cause: error,
  });
}

const BEFORE_DATA: ReadonlySet<string> = new Set(['EDNS', 'EAUTH', 'ETLS', 'EENVELOPE', 'ECONNREFUSED']);
const BEFORE_DATA_COMMANDS = /^(CONN|EHLO|HELO|STARTTLS|AUTH|MAIL FROM|RCPT TO)/;

/** Header values must not break into further headers. */
function oneLine(value: string): string {
  return value.replace(/[\r\n]+/g, ' ');
}
