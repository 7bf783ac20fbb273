import { z } from 'zod';
import type { KeyValueStore, WebhookDeliverer } from '../core/types.ts';
import type { CaughtMail } from './caught-mail.ts';

export interface MailBounces {
  /** From now on what is taken over for this address comes back, with this status (RFC 3463). */
  markGone(mailbox: { address: string; status: string }): void;
  clear(): void;
  returnIfGone(mail: CaughtMail): void;
}

const COLLECTION = 'mail.gone';
const PATH = '/webhooks/mail';
const BOUNDARY = 'psi-report';

/** Mailboxes that do not exist: the server takes the mail over and a report of its failure comes later, as in the world. */
export function createMailBounces(parts: {
  keep: KeyValueStore;
  now(): number;
  deliver: WebhookDeliverer['deliver'];
}): MailBounces {
  const { keep, now, deliver } = parts;
  const gone = () =>
    new Map(keep.all(COLLECTION).map(({ id, value }) => [id, z.string().catch('5.1.1').parse(value)]));
  return {
    markGone: ({ address, status }) => keep.set(COLLECTION, address.toLowerCase(), status),
    clear() {
      for (const address of gone().keys()) keep.delete(COLLECTION, address);
    },
    returnIfGone(mail) {
      const mailboxes = gone();
      for (const address of mail.to) {
        const status = mailboxes.get(address.toLowerCase());
        if (status === undefined) continue;
        const id = `bounce_${mail.id}_${address}`;
        const raw = report(mail, address, status, new Date(now()));
        const body = JSON.stringify({
          id,
          type: 'mail.received',
          created_at: new Date(now()).toISOString(),
          raw,
        });
        deliver({ system: 'mail', path: PATH, id, body });
      }
    },
  };
}

/** A delivery status notification: https://www.rfc-editor.org/rfc/rfc3464 */
function report(mail: CaughtMail, address: string, status: string, at: Date): string {
  const headers = Object.entries(mail.headers).map(([name, value]) => `${name}: ${value}`);
  return [
    `From: Mail Delivery System <mailer-daemon@mx.psizero.example>`,
    `To: ${mail.from}`,
    'Subject: Undelivered Mail Returned to Sender',
    `Date: ${at.toUTCString()}`,
    'Auto-Submitted: auto-replied',
    'MIME-Version: 1.0',
    `Content-Type: multipart/report; report-type=delivery-status; boundary="${BOUNDARY}"`,
    '',
    `--${BOUNDARY}`,
    'Content-Type: text/plain; charset=utf-8',
    '',
    `The mail could not be delivered to ${address}.`,
    '',
    `--${BOUNDARY}`,
    'Content-Type: message/delivery-status',
    '',
    'Reporting-MTA: dns; mx.psizero.example',
    '',
    `Final-Recipient: rfc822; ${address}`,
    'Action: failed',
    `Status: ${status}`,
    `Diagnostic-Code: smtp; 550 ${status} ${address}: recipient not available`,
    '',
    `--${BOUNDARY}`,
    'Content-Type: text/rfc822-headers',
    '',
    ...headers,
    '',
    `--${BOUNDARY}--`,
    '',
  ].join('\r\n');
}
