import { createHmac, generateKeyPairSync, sign } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createMailBounces } from '../../sandbox/mail/bounces.ts';
import { deliveryReports, fatesIn } from '../../src/connectors/email/delivery-report.ts';
import { sendgridEvents } from '../../src/connectors/email/sendgrid-events.ts';
import { fixedClock } from '../../src/lib/clock.ts';
import { ConfigError, UserError } from '../../src/lib/errors.ts';
import { silentLogger } from '../../src/lib/logger.ts';
import { PendingWork } from '../../src/lib/pending-work.ts';
import { createMailReports } from '../../src/server/mail-reports.ts';

const NOW = Date.parse('2026-11-24T20:00:00Z');
const KEY = 'eff_1:3/1';

/** What the sandbox's mail server says of a mailbox with this status. */
function bounced(status: string): string {
  const kept = new Map<string, unknown>();
  let body = '';
  const bounces = createMailBounces({
    keep: {
      set: (_collection, id, value) => void kept.set(id, value),
      delete: (_collection, id) => void kept.delete(id),
      all: () => [...kept].map(([id, value]) => ({ id, value })),
    },
    now: () => NOW,
    deliver: (webhook) => {
      body = webhook.body;
    },
  });
  bounces.markGone({ address: 'ap@acme.example', status });
  bounces.returnIfGone({
    ...{ id: 'mail_1', at: '', from: 'billing@psizero.example', to: ['AP@acme.example'], subject: 'Invoice' },
    ...{ text: '', html: null, attachments: [] },
    headers: { 'x-psi-message-key': KEY, subject: 'Invoice' },
  });
  return body;
}

const signed = (body: string, secret = 'secret', at = NOW) => {
  const t = Math.floor(at / 1000);
  return {
    'psi-mail-signature': `t=${t},v1=${createHmac('sha256', secret).update(`${t}.${body}`).digest('hex')}`,
  };
};

describe('a mail that came back', () => {
  it.each([
    ['5.1.1', 'bounced_hard', 'there is no such mailbox (5.1.1)'],
    ['5.2.1', 'bounced_hard', 'the mailbox is switched off (5.2.1)'],
    ['5.2.2', 'bounced_soft', 'the mailbox is full (5.2.2)'],
    ['4.4.1', 'bounced_soft', 'its mail server cannot be reached (4.4.1)'],
    ['5.7.1', 'bounced_soft', 'its mail server refuses such mail (5.7.1)'],
  ])('with %s is %s, in our own words', (status, fate, reason) => {
    const body = bounced(status);
    expect(deliveryReports('secret').read(Buffer.from(body), signed(body), NOW)).toEqual([
      { messageKey: KEY, address: 'AP@acme.example', fate, reason, at: NOW },
    ]);
  });

  it.each<[string, { [name: string]: string }]>([
    ['without a signature', {}],
    ['signed by somebody else', signed(bounced('5.1.1'), 'other')],
    ['an hour old', signed(bounced('5.1.1'), 'secret', NOW - 3_600_000)],
  ])('%s is not believed', (_name, headers) => {
    const read = () => deliveryReports('secret').read(Buffer.from(bounced('5.1.1')), headers, NOW);
    expect(read).toThrow(UserError);
  });

  it.each([
    ['an ordinary mail', 'From: a@b.example\nSubject: Out of office\n\nI am away.'],
    ['nothing', ''],
    [
      'a report about a mail of others',
      JSON.parse(bounced('5.1.1')).raw.replace(/x-psi-message-key.*\r\n/, ''),
    ],
    ['a warning of delay', JSON.parse(bounced('4.4.1')).raw.replace('Action: failed', 'Action: delayed')],
  ])('that is %s says nothing', (_name, raw) => {
    expect(fatesIn(raw, NOW)).toEqual([]);
  });
});

describe('SendGrid’s events', () => {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  const key = publicKey.export({ format: 'der', type: 'spki' }).toString('base64');
  const events = (rows: unknown, at = NOW) => {
    const body = Buffer.from(JSON.stringify(rows));
    const timestamp = String(Math.floor(at / 1000));
    const signature = sign('sha256', Buffer.concat([Buffer.from(timestamp), body]), privateKey).toString(
      'base64',
    );
    const headers = {
      'x-twilio-email-event-webhook-timestamp': timestamp,
      'x-twilio-email-event-webhook-signature': signature,
    };
    return { body, headers };
  };
  const row = (event: string, more: object = {}) => ({
    ...{ event, email: 'ap@acme.example', timestamp: NOW / 1000, psi_message_key: KEY },
    ...more,
  });

  it('tell what was delivered and what came back, and nothing of what is not ours', () => {
    const { body, headers } = events([
      row('processed'),
      row('delivered'),
      row('bounce', { type: 'bounce', status: '5.1.1' }),
      row('bounce', { type: 'blocked', status: '4.7.1' }),
      row('dropped'),
      { event: 'delivered', email: 'x@y.example', timestamp: 1 },
      'nonsense',
    ]);
    expect(
      sendgridEvents(key)
        .read(body, headers, NOW)
        .map(({ fate }) => fate),
    ).toEqual([...['delivered', 'bounced_hard', 'bounced_soft', 'bounced_hard']]);
  });

  it('are not believed when they were changed, are old, or carry no signature', () => {
    const { body, headers } = events([row('delivered')]);
    const reader = sendgridEvents(key);
    expect(() => reader.read(Buffer.concat([body, Buffer.from(' ')]), headers, NOW)).toThrow(UserError);
    expect(() => reader.read(body, headers, NOW + 3_600_000)).toThrow(UserError);
    expect(() => reader.read(body, {}, NOW)).toThrow(UserError);
  });

  it('need a key that is one', () => {
    expect(() => sendgridEvents('nonsense')).toThrow(ConfigError);
  });
});

describe('the place where reports arrive', () => {
  it('answers 200 once all is written down, 400 for a forgery, 404 where nobody reads', async () => {
    const told: string[] = [];
    const reports = createMailReports({
      readers: [deliveryReports('secret')],
      told: async ({ reason }) => void told.push(reason),
      pending: new PendingWork(),
      clock: fixedClock(NOW),
      logger: silentLogger,
    });
    const body = bounced('5.1.1');
    expect(reports.paths).toEqual(['mail']);
    expect(await reports.receive('mail', Buffer.from(body), signed(body))).toBe(200);
    expect(await reports.receive('mail', Buffer.from(body), {})).toBe(400);
    expect(await reports.receive('sendgrid', Buffer.from(body), {})).toBe(404);
    expect(told).toHaveLength(1);
  });
});
