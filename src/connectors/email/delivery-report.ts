import { z } from 'zod';
import type { MailFate, MailReportReader } from '../../domain/billing/delivery/ports.ts';
import { UserError } from '../../lib/errors.ts';
import { checkSignedBody } from '../signed-body.ts';

const MOST_PARTS = 20;

const envelopeSchema = z.object({
  type: z.literal('mail.received'),
  created_at: z.iso.datetime({ offset: true }).transform((text) => Date.parse(text)),
  raw: z.string().max(1_000_000),
});

/**
 * Mail that came back, handed over by the mail server as signed JSON `{type: "mail.received", created_at, raw}` whose
 * `raw` is a delivery status notification (RFC 3464) with the headers of the mail it is about. Other mail says nothing
 * here. Its words come from outside: of them only codes are taken.
 */
export function deliveryReports(secret: string): MailReportReader {
  return {
    path: 'mail',
    read(body, headers, nowAt) {
      checkSignedBody(body, headers['psi-mail-signature'], secret, nowAt);
      const envelope = envelopeSchema.safeParse(parseJson(body));
      if (!envelope.success) throw new UserError('invalid_input', 'The report is malformed.');
      return fatesIn(envelope.data.raw, envelope.data.created_at);
    },
  };
}

/** What a notification says of each recipient; nothing of a mail that is none, or about a mail that was not ours. */
export function fatesIn(raw: string, at: number): MailFate[] {
  const message = raw.replaceAll('\r\n', '\n');
  const boundary = /^content-type:\s*multipart\/report;[\s\S]*?boundary="?([^"\n;]+)"?/im.exec(
    headOf(message),
  )?.[1];
  if (boundary === undefined) return [];
  const parts = message.split(`\n--${boundary}`).slice(1, MOST_PARTS);
  const typed = (type: string) =>
    parts.find((part) => new RegExp(`^content-type:\\s*${type}`, 'im').test(headOf(part.trimStart())));
  const report = typed('message/delivery-status');
  const original = typed('text/rfc822-headers') ?? typed('message/rfc822');
  const messageKey = field(bodyOf(original ?? ''), 'x-psi-message-key');
  if (report === undefined || messageKey === null) return [];
  return bodyOf(report)
    .split(/\n{2,}/)
    .flatMap((group) => fateOf(group, messageKey, at));
}

function fateOf(group: string, messageKey: string, at: number): MailFate[] {
  const address = /^rfc822;\s*(\S+)$/i.exec(field(group, 'final-recipient') ?? '')?.[1];
  const action = field(group, 'action')?.toLowerCase();
  const status = /^[245]\.\d{1,3}\.\d{1,3}/.exec(field(group, 'status') ?? '')?.[0] ?? null;
  if (address === undefined) return [];
  if (action === 'delivered') return [{ messageKey, address, fate: 'delivered', reason: 'delivered', at }];
  if (action !== 'failed') return [];
  const fate = isGone(status) ? 'bounced_hard' : 'bounced_soft';
  return [{ messageKey, address, fate, reason: statusWords(status), at }];
}

/** Statuses that will be the same next time: no such mailbox, a disabled one, no such host. RFC 3463. */
function isGone(status: string | null): boolean {
  return status !== null && /^5\.(?:1\.\d+|2\.1|4\.4)$/.test(status);
}

const WORDS: readonly [RegExp, string][] = [
  [/^5\.1\./, 'there is no such mailbox'],
  [/^5\.2\.1$/, 'the mailbox is switched off'],
  [/\.2\.2$/, 'the mailbox is full'],
  [/\.2\.3$/, 'the mail is too large for it'],
  [/\.4\./, 'its mail server cannot be reached'],
  [/\.7\./, 'its mail server refuses such mail'],
];

function statusWords(status: string | null): string {
  if (status === null) return 'it came back without a reason';
  const words = WORDS.find(([pattern]) => pattern.test(status))?.[1] ?? 'it came back';
  return `${words} (${status})`;
}

const headOf = (message: string): string => message.split('\n\n', 1)[0] ?? '';
const bodyOf = (part: string): string => part.trimStart().split('\n\n').slice(1).join('\n\n');

function field(block: string, name: string): string | null {
  const unfolded = block.replace(/\n[ \t]+/g, ' ');
  return new RegExp(`^${name}:[ \\t]*(.+)$`, 'im').exec(unfolded)?.[1]?.trim() ?? null;
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}
