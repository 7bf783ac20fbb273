import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { afterEach, describe, expect, it } from 'vitest';
import { parseMail } from '../../sandbox/mail/mime.ts';
import { createMailGateway } from '../../src/connectors/email/mail-gateway.ts';
import { SystemError, UserError } from '../../src/lib/errors.ts';

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

async function smtp(options: SMTPServerOptions): Promise<{ url: string; raw: string[] }> {
  const raw: string[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData(stream, _session, done) {
      let text = '';
      stream.on('data', (chunk: Buffer) => {
        text += chunk.toString();
      });
      stream.on('end', () => {
        raw.push(text);
        done();
      });
    },
    ...options,
  });
  server.on('error', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  closing.push(() => server.close());
  const { port } = server.server.address() as AddressInfo;
  return { url: `smtp://127.0.0.1:${port}`, raw };
}

const mail = {
  to: { email: 'ap@acme.example', name: 'Ann Ap' },
  subject: 'Invoice\r\nBcc: everyone@example.com',
  text: 'Please pay.',
  messageKey: 'key_1',
};
const gateway = (smtpUrl: string) =>
  createMailGateway({ smtpUrl, from: 'PsiZero <billing@psizero.example>' });

describe('sending a mail', () => {
  it('hands it over with its key, and lets no header be smuggled in', async () => {
    const server = await smtp({});
    const { messageId } = await gateway(server.url).send(mail);
    expect(messageId).toMatch(/@/);
    expect(server.raw).toHaveLength(1);
    expect(server.raw[0]).toMatch(/^X-Psi-Message-Key: key_1\r$/m);
    expect(server.raw[0]).not.toMatch(/^Bcc:/m);
  });

  it('carries HTML beside the text, and files byte for byte', async () => {
    const server = await smtp({});
    const bytes = Uint8Array.from({ length: 5_000 }, (_, index) => index % 256);
    const file = { fileName: 'PSI-1\r\nX.pdf', contentType: 'application/pdf', bytes };
    await gateway(server.url).send({ ...mail, html: '<p>Please pay.</p>', attachments: [file] });
    const read = parseMail(Buffer.from(server.raw[0] ?? ''));
    expect(read).toMatchObject({ text: 'Please pay.', html: '<p>Please pay.</p>' });
    expect(read.attachments).toMatchObject([{ fileName: 'PSI-1 X.pdf', contentType: 'application/pdf' }]);
    expect(read.attachments[0]?.bytes.equals(Buffer.from(bytes))).toBe(true);
  });

  it('says so when the address is refused', async () => {
    const server = await smtp({
      onRcptTo: (_address, _session, done) =>
        done(Object.assign(new Error('no such user'), { responseCode: 550 })),
    });
    const error = await gateway(server.url)
      .send(mail)
      .catch((e: unknown) => e);
    expect(error).toBeInstanceOf(UserError);
    expect(error).toMatchObject({ code: 'invalid_input' });
    expect(server.raw).toHaveLength(0);
  });

  it('leaves it unknown when the answer is lost after the text was sent', async () => {
    // A server that hangs up right after the text: written by hand, since a real one would answer.
    const rude = createServer((socket) => {
      socket.write('220 hello\r\n');
      let inData = false;
      socket.on('data', (chunk) => {
        const text = chunk.toString();
        if (inData && text.includes('\r\n.\r\n')) return socket.destroy();
        if (inData) return;
        if (text.startsWith('DATA')) {
          inData = true;
          socket.write('354 go\r\n');
        } else socket.write('250 ok\r\n');
      });
      socket.on('error', () => undefined);
    });
    await new Promise<void>((resolve) => rude.listen(0, '127.0.0.1', () => resolve()));
    closing.push(() => rude.close());
    const { port } = rude.address() as AddressInfo;
    const error = await gateway(`smtp://127.0.0.1:${port}`)
      .send(mail)
      .catch((e: unknown) => e);
    expect(error).toBeInstanceOf(SystemError);
    expect(error).toMatchObject({ code: 'effect_unknown' });
  });

  it('knows that nothing was sent when there is no server', async () => {
    const error = await gateway('smtp://127.0.0.1:1')
      .send(mail)
      .catch((e: unknown) => e);
    expect(error).toMatchObject({ code: 'source_unavailable' });
  });

  it('knows that nothing was sent when the server refuses the text', async () => {
    const server = await smtp({
      onData(stream, _session, done) {
        stream.resume();
        stream.on('end', () => done(Object.assign(new Error('spam'), { responseCode: 554 })));
      },
    });
    const error = await gateway(server.url)
      .send(mail)
      .catch((e: unknown) => e);
    expect(error).toMatchObject({ code: 'source_unavailable' });
  });
});
