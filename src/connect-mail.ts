import type { MailConfig } from './config.ts';
import { createMailGateway } from './connectors/email/mail-gateway.ts';
import { createMemberMail } from './connectors/email/member-mail.ts';
import { createSendgridMail } from './connectors/email/sendgrid.ts';
import { mailNotConnected } from './connectors/not-connected.ts';
import type { MailGateway, MemberMail } from './domain/ports.ts';

/** The way out for mail that the configuration names: to customers behind the door, and to members. */
export function connectMail(
  mail: MailConfig | null,
  missing: string,
): { customers: MailGateway; members: MemberMail } {
  if (!mail) {
    const nobody = mailNotConnected(missing);
    return { customers: nobody, members: nobody };
  }
  const { from, server } = mail;
  if (server.kind === 'sendgrid') {
    const both = createSendgridMail({ ...server, from });
    return { customers: both, members: both };
  }
  const smtp = { smtpUrl: server.url, from };
  return { customers: createMailGateway(smtp), members: createMemberMail(smtp) };
}
