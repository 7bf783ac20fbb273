import { z } from 'zod';
import type { MailAttachment, MailGateway, MemberMail } from '../../domain/ports.ts';
import { SystemError, UserError } from '../../lib/errors.ts';
import { messageIdOf } from './member-mail.ts';

const TIMEOUT_MS = 15_000;

export interface SendgridOptions {
  apiKey: string;
  /** Where the API is; null for SendGrid's own. */
  apiUrl: string | null;
  from: string;
  /** A dynamic template that takes `{subject, text, html}`; null sends the HTML as it is. */
  templateId: string | null;
}

const failureSchema = z.looseObject({ code: z.union([z.number(), z.string()]).optional() });

/**
 * SendGrid's v3 mail/send in place of SMTP, for members and customers alike. A mail is handed over at most once:
 * SendGrid has no look-up by our key, so a lost answer is `effect_unknown`.
 */
export function createSendgridMail(options: SendgridOptions): MailGateway & MemberMail {
  let loaded: Promise<Service> | null = null;
  const service = () => {
    loaded ??= openService(options);
    return loaded;
  };

  return {
    async send({ to, subject, text, messageKey, ...rest }) {
      const html = 'html' in rest && typeof rest.html === 'string' ? rest.html : null;
      const attachments = 'attachments' in rest && rest.attachments !== undefined ? rest.attachments : [];
      const messageId = messageIdOf(messageKey, options.from);
      const line = subject.replace(/[\r\n]+/g, ' ');
      // Files go to customers only; members get HTML without.
      const kind = html === null || attachments.length > 0 ? 'customer' : 'briefing';
      const templated =
        kind === 'briefing' && options.templateId !== null
          ? { templateId: options.templateId, dynamicTemplateData: { subject: line, text, html } }
          : {};
      const mail = {
        from: options.from,
        to: { email: to.email, name: to.name },
        subject: line,
        text,
        ...(html === null ? {} : { html }),
        ...(attachments.length === 0 ? {} : { attachments: attachments.map(encoded) }),
        categories: ['psi', kind],
        customArgs: { psi_message_key: messageKey },
        headers: { 'Message-ID': messageId, 'Auto-Submitted': 'auto-generated' },
        trackingSettings: { clickTracking: { enable: false }, openTracking: { enable: false } },
        ...templated,
      };
      try {
        const [answer] = await (await service()).send(mail);
        return { messageId: z.string().catch(messageId).parse(answer.headers['x-message-id']) };
      } catch (error) {
        throw inOurWords(error, to.email);
      }
    },
  };
}

function encoded({ fileName, contentType, bytes }: MailAttachment) {
  return {
    filename: fileName.replace(/[\r\n]+/g, ' '),
    type: contentType,
    content: Buffer.from(bytes).toString('base64'),
    disposition: 'attachment',
  };
}

/** What the package's JavaScript has and its types hide. */
interface Service {
  client: { setApiKey(key: string): void; setDefaultRequest(key: string, value: string | number): unknown };
  send(mail: object): Promise<[{ headers: { [name: string]: unknown } }, unknown]>;
}

/** Loaded when it is first needed. The one cast of this file: the package exports a class its types do not know. */
async function openService({ apiKey, apiUrl }: SendgridOptions): Promise<Service> {
  const { default: sendgrid } = await import('@sendgrid/mail');
  const { MailService } = sendgrid as unknown as { MailService: new () => Service };
  const service = new MailService();
  service.client.setApiKey(apiKey);
  service.client.setDefaultRequest('timeout', TIMEOUT_MS);
  if (apiUrl) service.client.setDefaultRequest('baseUrl', apiUrl);
  return service;
}

/** What SendGrid refused was not sent; anything without an answer may have been. */
function inOurWords(error: unknown, address: string): Error {
  const code = failureSchema.safeParse(error).data?.code;
  if (code === 400 || code === 413)
    return new UserError(
      'invalid_input',
      `SendGrid does not accept mail to ${address}.`,
      'Check the address.',
    );
  if (code === 401 || code === 403)
    return new UserError('not_connected', 'SendGrid does not accept the API key.', 'Check SENDGRID_API_KEY.');
  if (code === 429 || code === 'ECONNREFUSED' || code === 'ENOTFOUND')
    return new SystemError('source_unavailable', `SendGrid did not take the mail (${code})`, {
      cause: error,
    });
  return new SystemError('effect_unknown', 'SendGrid did not say whether it took the mail', { cause: error });
}
