import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { maskSecrets, SECRET_REMOVED } from '../../../src/domain/language/secrets.ts';

const run = (length: number) => 'a1B2c3D4e5F6g7H8i9J0'.repeat(4).slice(0, length);

describe('what is taken out of a text', () => {
  it.each([
    ['a Stripe key', `sk_live_${run(24)}`],
    ['a restricted Stripe key', `rk_test_${run(24)}`],
    ['a webhook secret', `whsec_${run(32)}`],
    ['a Slack token', `xoxb-1234567890-${run(24)}`],
    ['a Slack app token', `xapp-1-${run(24)}`],
    ['an incoming webhook', `hooks.slack.com/services/T000/B000/${run(24)}`],
    ['a model key', `sk-proj-${run(40)}`],
    ['a GitHub token', `ghp_${run(36)}`],
    ['an AWS key id', 'AKIAIOSFODNN7EXAMPLE'],
    ['a web token', `eyJ${run(20)}.eyJ${run(20)}.${run(20)}`],
    ['a private key', `-----BEGIN RSA PRIVATE KEY-----\n${run(60)}\n-----END RSA PRIVATE KEY-----`],
    ['half a private key', `-----BEGIN PRIVATE KEY-----\n${run(60)}`],
  ])('%s', (_, secret) => {
    expect(maskSecrets(`please use ${secret} thanks`)).not.toContain(secret.slice(4, 20));
    expect(maskSecrets(`please use ${secret}`)).toBe(`please use ${SECRET_REMOVED}`);
  });

  it('a password that is named as one, and one inside an address', () => {
    expect(maskSecrets('our password is hunter22x, ok?')).toBe(`our password is ${SECRET_REMOVED}, ok?`);
    expect(maskSecrets('postgres://ana:s3cretpw@db.example/x')).toBe(
      `postgres://${SECRET_REMOVED}@db.example/x`,
    );
  });

  it.each(['4242 4242 4242 4242', '4242424242424242', '3782-822463-10005', '5555-5555-5555-4444'])(
    'the card %s, but for its last four digits',
    (card) => {
      expect(maskSecrets(`card ${card}.`.replace('.', ' '))).toContain(`[card ending ${card.slice(-4)}]`);
      expect(maskSecrets(`card ${card}`)).not.toContain(card.slice(0, 9));
    },
  );
});

describe('what stays as it is', () => {
  it.each([
    "what's our MRR?",
    'invoice PSI-02101 of psz_0123 for $4,242,424.24',
    'ch_3Nabcdefghijklmnop and in_1Nabcdefghijklmnop',
    'the week of 2026-11-09 to 2026-11-15, as of 1795300800000',
    'risk-free, ask-me-anything-about-everything-there-is',
    'they asked about the password reset page',
    'order 1234 5678 9012 3456 is not a card',
    '{"opened_at":1795300800123,"id":"tkt_4111111111111112"}',
  ])('%s', (text) => expect(maskSecrets(text)).toBe(text));

  it('anything that was looked through already', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), (text) => {
        const once = maskSecrets(text);
        expect(maskSecrets(once)).toBe(once);
      }),
    );
  });
});
