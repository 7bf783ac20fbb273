import type { MailConfig } from './config.ts';
import { deliveryReports } from './connectors/email/delivery-report.ts';
import { createMailGateway } from './connectors/email/mail-gateway.ts';
import { createMemberMail } from './connectors/email/member-mail.ts';
import { createSendgridMail } from './connectors/email/sendgrid.ts';
import { sendgridEvents } from './connectors/email/sendgrid-events.ts';
import { mailNotConnected } from './connectors/not-connected.ts';
import type { MailReportReader } from './domain/billing/delivery/ports.ts';
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

/** Who tells what became of mails: the mail server's own reports, SendGrid's events. */
export function mailReportReaders(mail: MailConfig | null): MailReportReader[] {
  if (!mail) return [];
  const { reportSecret, server } = mail;
  return [
    ...(reportSecret === null ? [] : [deliveryReports(reportSecret)]),
    ...(server.kind === 'sendgrid' && server.eventKey !== null ? [sendgridEvents(server.eventKey)] : []),
  ];
}
