import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server';
import type { Effects, Faults } from '../core/types.ts';
import type { World } from '../world/records.ts';
import type { CaughtMail, MailBox } from './caught-mail.ts';

export interface MailParts {
  box: MailBox;
  faults: Faults;
  effects: Effects;
  world(): World;
  /** Called for each mail that was taken over: a mailbox that is gone sends it back. */
  bounces?: { returnIfGone(mail: CaughtMail): void };
}

export interface SmtpCatcher {
  /** `smtp://127.0.0.1:PORT`. */
  url: string;
  close(): Promise<void>;
}

const MEMBER_DOMAIN = '@psizero.example';
const LARGEST_MESSAGE = 20 * 1024 * 1024;

/** Listens on a loopback port of its own and keeps everything it is given; nothing is ever sent on. */
export async function startSmtpCatcher(parts: MailParts): Promise<SmtpCatcher> {
  const server: SMTPServer = new SMTPServer({
    authOptional: true,
    allowInsecureAuth: true,
    disabledCommands: ['STARTTLS'],
    disableReverseLookup: true,
    size: LARGEST_MESSAGE,
    logger: false,
    onAuth: (_auth, _session, done) => done(null, { user: 'simulated' }),
    onData: (stream, session, done) => {
      receive(parts, stream, session, () => hangUp(server, session)).then(
        (reply) => done(null, reply),
        (error: unknown) => done(error instanceof Error ? error : new Error(String(error))),
      );
    },
  });
  server.on('error', () => undefined);
  await new Promise<void>((resolve, reject) => {
    server.server.once('error', reject);
    server.listen(0, '127.0.0.1', () => resolve());
  });
  return {
    url: `smtp://127.0.0.1:${portOf(server.server.address())}`,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

async function receive(
  parts: MailParts,
  stream: SMTPServerDataStream,
  session: SMTPServerSession,
  hangUpNow: () => void,
): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(Buffer.from(chunk));
  if (stream.sizeExceeded) throw refusal(552, 'Message exceeds fixed maximum message size');

  const from = session.envelope.mailFrom === false ? '' : session.envelope.mailFrom.address;
  const to = session.envelope.rcptTo.map((recipient) => recipient.address);
  const target = to.join(',');
  const slow = parts.faults.take('mail', target, ['slow']);
  if (slow !== null) await wait(slow.ms);
  const fault = parts.faults.take('mail', target, ['http_500', 'rate_limit', 'drop_response', 'malformed']);
  if (fault?.kind === 'http_500') throw refusal(451, 'Requested action aborted: local error in processing');
  if (fault?.kind === 'rate_limit') throw refusal(450, 'Too many messages, try again later');

  const mail = parts.box.keep({ from, to, raw: Buffer.concat(chunks) });
  recordEffect(parts, mail);
  parts.bounces?.returnIfGone(mail);
  if (fault?.kind === 'drop_response') {
    hangUpNow();
    return 'gone';
  }
  return fault?.kind === 'malformed' ? 'OK\u0000\u0001 ???' : `OK queued as ${mail.id}`;
}

/** Mail to people outside the company is an effect; mail among members is how the company talks to itself. */
function recordEffect({ effects, world }: MailParts, mail: CaughtMail): void {
  const outside = mail.to.filter((address) => !address.toLowerCase().endsWith(MEMBER_DOMAIN));
  if (outside.length === 0) return;
  effects.record({
    system: 'mail',
    kind: 'email.sent',
    key: mail.headers['x-psi-message-key'] ?? mail.headers['message-id'] ?? null,
    customer: customerOf(world(), outside),
    amountMinor: null,
    currency: null,
    payload: {
      id: mail.id,
      to: mail.to,
      subject: mail.subject,
      text: mail.text,
      attachments: mail.attachments,
    },
  });
}

function customerOf(world: World, addresses: readonly string[]): string | null {
  const wanted = new Set(addresses.map((address) => address.toLowerCase()));
  for (const customer of world.all('customers')) {
    if (wanted.has(customer.email.toLowerCase())) return customer.id;
  }
  for (const profile of world.all('userProfiles')) {
    if (wanted.has(profile.email.toLowerCase())) return profile.customerId;
  }
  return null;
}

function hangUp(server: SMTPServer, session: SMTPServerSession): void {
  for (const connection of server.connections) {
    if (connection.session === session || connection.session.id === session.id) connection._socket.destroy();
  }
}

function refusal(responseCode: number, message: string): Error {
  return Object.assign(new Error(message), { responseCode });
}

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === 'string') throw new Error('SMTP listens on no port');
  return address.port;
}
