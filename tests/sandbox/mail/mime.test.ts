import { describe, expect, it } from 'vitest';
import { parseMail } from '../../../sandbox/mail/mime.ts';

const raw = (...lines: string[]) => Buffer.from(lines.join('\r\n'));

describe('reading a message', () => {
  it.each([
    ['plain text', raw('Subject: Hello', '', 'Line one', 'Line two'), 'Hello', 'Line one\nLine two', null],
    [
      'quoted-printable with a soft line break',
      raw(
        'Subject: x',
        'Content-Type: text/plain; charset=utf-8',
        'Content-Transfer-Encoding: quoted-printable',
        '',
        'caf=C3=A9 =',
        'au lait',
      ),
      'x',
      'café au lait',
      null,
    ],
    [
      'base64',
      raw('Subject: x', 'Content-Transfer-Encoding: base64', '', Buffer.from('hi €').toString('base64')),
      'x',
      'hi €',
      null,
    ],
    [
      'an encoded subject',
      raw('Subject: =?UTF-8?Q?Caf=C3=A9_bill?= =?UTF-8?B?4oKs?=', '', 'a'),
      'Café bill€',
      'a',
      null,
    ],
    ['a folded header', raw('Subject: one', '  two', '', 'a'), 'one two', 'a', null],
    [
      'text and HTML side by side',
      raw(
        'Subject: x',
        'Content-Type: multipart/alternative; boundary="b-1"',
        '',
        '--b-1',
        'Content-Type: text/plain',
        '',
        'text',
        '--b-1',
        'Content-Type: text/html',
        '',
        '<p>html</p>',
        '--b-1--',
      ),
      'x',
      'text',
      '<p>html</p>',
    ],
    ['no body at all', raw('Subject: x'), 'x', '', null],
    ['not a message', Buffer.from([0xff, 0x00, 0xfe]), '', '', null],
  ])('%s', (_name, message, subject, text, html) => {
    const parsed = parseMail(message);
    expect(parsed.subject).toBe(subject);
    expect(parsed.text).toBe(text);
    expect(parsed.html).toBe(html);
  });
});
