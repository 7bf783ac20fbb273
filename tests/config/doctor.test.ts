import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config.ts';
import { ago, diagnose } from '../../src/doctor.ts';
import type { SourceStatus } from '../../src/domain/ports.ts';

const NOW = 10_000_000;
const stripe: SourceStatus = {
  source: 'stripe',
  connected: true,
  missing: null,
  throughAt: NOW - 120_000,
  lastSuccessAt: NOW - 120_000,
  lastError: { at: NOW - 60_000, message: 'Stripe is in trouble: status 500' },
  rows: { invoices: 12, credit_notes: 3 },
  badSignatures: 2,
};
const config = loadConfig({ STRIPE_SECRET_KEY: 'sk_test_secret', STRIPE_API_URL: 'http://127.0.0.1:1' });
const lines = (over: Partial<Parameters<typeof diagnose>[0]> = {}) =>
  diagnose({
    config,
    sources: [stripe],
    sweeps: [],
    quality: [],
    storePath: null,
    nowAt: NOW,
    edits: [],
    ...over,
  });

describe('psi doctor', () => {
  it('says what is connected, simulated, missing, late and refused', () => {
    expect(lines()).toEqual([
      'Slack is not connected. Set SLACK_BOT_TOKEN and SLACK_APP_TOKEN.',
      'Stripe is connected, and simulated on this machine.',
      '  Its facts are in up to 2 minutes ago: 12 invoices, 3 credit notes.',
      '  Trouble 60 seconds ago: Stripe is in trouble: status 500.',
      '  2 webhooks with a bad signature refused since the start. Check the webhook secret.',
      '  Its webhooks are off: set STRIPE_WEBHOOK_SECRET to hear of changes at once.',
      'Supabase is not connected. Set SUPABASE_URL and SUPABASE_KEY, or SUPABASE_DB_URL for a direct connection.',
      'The PsiZero API is not connected. Set PSIZERO_API_URL and PSIZERO_API_TOKEN, and PSIZERO_WEBHOOK_SECRET to hear of changes at once.',
      'Mail is not connected. Set SMTP_URL.',
      'No model is set: Psi answers in rules mode. Set OPENAI_API_KEY, or OPENAI_BASE_URL for a compatible server.',
      'Policy and prompts are valid.',
      'The store is in memory.',
    ]);
  });

  it('says how far a first reading is, what a comparison mended, and which checks are not well', () => {
    const sweep = {
      source: 'stripe' as const,
      startedAt: 0,
      endedAt: 0,
      fromAt: 0,
      tables: [{ table: 'payments', compared: 9, missing: 2, stale: 0, surplus: 0 }],
      error: null,
    };
    const check = { source: 'stripe' as const, checkedAt: NOW };
    const said = lines({
      sources: [
        {
          ...stripe,
          throughAt: null,
          firstReading: { rows: 12_400, reachedAt: 0, backwards: true, percent: null },
        },
      ],
      sweeps: [sweep],
      quality: [
        { ...check, check: 'nulls', state: 'ok', words: 'Fine.' },
        {
          ...check,
          check: 'references',
          state: 'fail',
          words: '3 of 9 payments name a customer nobody knows.',
        },
        { ...check, check: 'volume', state: 'unknown', words: 'There are too few weeks yet.' },
      ],
    });
    expect(said).toContain('  Reading Stripe for the first time: 12,400 rows, back to Dec 1969.');
    expect(said).toContain('  Stripe: 2 payments were missing; mended Dec 31, 1969, 16:00 PST.');
    expect(said).toContain('  Wrong (references): 3 of 9 payments name a customer nobody knows.');
    expect(said).toContain('  Not checked (volume): There are too few weeks yet.');
    expect(said.join()).not.toContain('Fine.');
  });

  it('repeats what is wrong with an edited file', () => {
    const edit = 'policy.yml line 3 is wrong; the last good one is in force.';
    expect(lines({ edits: [edit] })).toContain(edit);
    expect(lines({ edits: [edit] })).not.toContain('Policy and prompts are valid.');
  });

  it('never shows a secret', () => {
    expect(lines().join('\n')).not.toContain('sk_test_secret');
  });
});

it.each([
  [0, 'just now'],
  [-5_000, 'just now'],
  [61_000, '61 seconds ago'],
  [3_600_000, '60 minutes ago'],
  [7_200_000, '2 hours ago'],
  [3 * 86_400_000, '3 days ago'],
])('%i ms is %s', (ms, words) => {
  expect(ago(ms)).toBe(words);
});
