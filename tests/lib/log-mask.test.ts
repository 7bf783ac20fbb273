import { expect, it } from 'vitest';
import { createLogMask } from '../../src/lib/log-mask.ts';

const mask = createLogMask({
  STRIPE_SECRET_KEY: 'abc_1234567890',
  SLACK_BOT_TOKEN: 'tok-0987654321',
  SMTP_URL: 'smtp://psi:p%40ssword1@mail.example:25',
  SHORT_KEY: 'abc',
  PSI_DATA_DIR: './data',
  OPENAI_API_KEY: undefined,
});

it.each([
  ['a key', 'refused abc_1234567890 at once', 'refused [redacted] at once'],
  ['a token inside a sentence', '{"msg":"tok-0987654321!"}', '{"msg":"[redacted]!"}'],
  ['the password of an address', 'smtp://psi:p%40ssword1@mail', 'smtp://psi:[redacted]@mail'],
  ['that password as it is typed', 'login p@ssword1 failed', 'login [redacted] failed'],
])('a log line never shows %s', (_, line, shown) => expect(mask(line)).toBe(shown));

it('a log line keeps everything else', () => {
  expect(mask('abc stays, and ./data')).toBe('abc stays, and ./data');
});
