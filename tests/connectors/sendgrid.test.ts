import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config.ts';
import { createSendgridMail } from '../../src/connectors/email/sendgrid.ts';

let server: Server;
let requests: { url: string; authorization: string; body: Record<string, unknown> }[];
let answer: { status: number; drop?: boolean };

beforeEach(async () => {
  requests = [];
  answer = { status: 202 };
  server = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk) => {
      text += chunk;
    });
    request.on('end', () => {
      const { authorization = '' } = request.headers;
      requests.push({ url: request.url ?? '', authorization, body: JSON.parse(text) });
      if (answer.drop) return request.socket.destroy();
      response.writeHead(answer.status, { 'x-message-id': 'sg_1' }).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterEach(() => new Promise((resolve) => server.close(resolve)));

function sendgrid(templateId: string | null = null) {
  // The fake listens on an ephemeral port, so its address is never null.
  const { port } = server.address() as AddressInfo;
  return createSendgridMail({
    apiKey: 'SG.test',
    apiUrl: `http://127.0.0.1:${port}/`,
    from: 'Psi <psi@psizero.example>',
    templateId,
  });
}
const mail = {
  to: { email: 'ada@psizero.example', name: 'Ada' },
  subject: 'Morning\r\nbriefing',
  text: 'Plain',
  html: '<p>Rich</p>',
  messageKey: 'briefing:T1:U1:2026-11-24',
};

describe('mail by SendGrid', () => {
  it('hands it over once, with category, our key and a Message-ID made from it', async () => {
    expect(await sendgrid().send(mail)).toEqual({ messageId: 'sg_1' });
    expect(requests).toHaveLength(1);
    const [request] = requests;
    expect(request).toMatchObject({ url: '/v3/mail/send', authorization: 'Bearer SG.test' });
    expect(request?.body).toMatchObject({
      subject: 'Morning briefing',
      categories: ['psi', 'briefing'],
      custom_args: { psi_message_key: mail.messageKey },
    });
    expect(JSON.stringify(request?.body)).toMatch(/"Message-ID":"<[0-9a-f]{32}@psizero\.example>"/);
  });
  it('sends a customer the file as it is, and never through the template of briefings', async () => {
    const file = { fileName: 'PSI-1.pdf', contentType: 'application/pdf', bytes: Buffer.from('%PDF-') };
    await sendgrid('d-123').send({ ...mail, attachments: [file] });
    expect(requests[0]?.body).toMatchObject({
      categories: ['psi', 'customer'],
      attachments: [
        { filename: 'PSI-1.pdf', type: 'application/pdf', content: Buffer.from('%PDF-').toString('base64') },
      ],
    });
    expect(requests[0]?.body).not.toHaveProperty('template_id');
  });
  it('fills a dynamic template where one is named', async () => {
    await sendgrid('d-123').send(mail);
    expect(requests[0]?.body).toMatchObject({ template_id: 'd-123' });
    expect(JSON.stringify(requests[0]?.body)).toContain(
      '"dynamic_template_data":{"subject":"Morning briefing"',
    );
  });
  it.each([
    [400, 'invalid_input'],
    [401, 'not_connected'],
    [429, 'source_unavailable'],
    [500, 'effect_unknown'],
  ])('after a %i says %s', async (status, code) => {
    answer = { status };
    await expect(sendgrid().send(mail)).rejects.toMatchObject({ code });
    expect(requests).toHaveLength(1);
  });
  it('does not know what became of a mail whose answer was lost, and does not send it again', async () => {
    answer = { status: 202, drop: true };
    await expect(sendgrid().send(mail)).rejects.toMatchObject({ code: 'effect_unknown' });
    expect(requests).toHaveLength(1);
  });
});

describe('the choice of the way out', () => {
  const slack = {
    SLACK_API_URL: 'http://127.0.0.1:3100/api/',
    SLACK_BOT_TOKEN: 'xoxb-1',
    SLACK_APP_TOKEN: 'xapp-1',
  };
  it('refuses the real SendGrid in a simulated workspace', () => {
    expect(() => loadConfig({ ...slack, SENDGRID_API_KEY: 'SG.live' })).toThrow(/SENDGRID_API_KEY/);
    expect(
      loadConfig({ ...slack, SENDGRID_API_KEY: 'SG.x', SENDGRID_API_URL: 'http://127.0.0.1:9/' }).mail
        ?.simulated,
    ).toBe(true);
  });
  it('refuses two ways at once', () => {
    expect(() => loadConfig({ SMTP_URL: 'smtp://127.0.0.1:25', SENDGRID_API_KEY: 'SG.x' })).toThrow(
      /both set/,
    );
  });
});
