import { expect, it } from 'vitest';
import type { QualityResult } from '../../src/domain/quality/check.ts';
import { openCheckpoints } from '../../src/skills/checkpoints.ts';
import dailySync from '../../src/skills/daily-sync/daily-sync.ts';
import { openCheckpointFile } from '../../src/store/checkpoint-file.ts';
import { openStore } from '../../src/store/open-store.ts';
import { portsOver, smallWorld } from '../agent/world.ts';
import { FakeDoor, NOON, openHouse, request } from './workspace.ts';

const quiet = portsOver(smallWorld(), openStore(':memory:'));
const table = { compared: 100, missing: 0, stale: 0, surplus: 0 };
type Sweep = NonNullable<typeof quiet.sources.sweep>;
const source = (name: 'stripe' | 'supabase' | 'psizero') => ({
  ...{ source: name, connected: true, missing: null, throughAt: NOON, lastSuccessAt: NOON },
  ...{ lastError: null, rows: {}, badSignatures: 0 },
});

async function say(parts: {
  sweep?: Awaited<ReturnType<Sweep>> | Error;
  checks?: QualityResult[];
  audit?: { ok: boolean; rows: number; brokenAt?: number };
}) {
  const house = openHouse([dailySync]);
  const { sweep = [], checks = [], audit = { ok: true, rows: 12 } } = parts;
  const ports = {
    ...quiet,
    sources: {
      ...quiet.sources,
      status: async () => [source('stripe'), source('supabase')],
      sweep: async () => {
        if (sweep instanceof Error) throw sweep;
        return sweep;
      },
    },
    quality: { ...quiet.quality, results: async () => checks },
    approvals: { ...quiet.approvals, verifyAudit: async () => audit },
  };
  const psi = house.begin({
    checkpoints: openCheckpoints(openCheckpointFile(':memory:')),
    house: () => ({
      ports,
      door: new FakeDoor().door,
      runner: { run: async () => Promise.reject(new Error('no tools here')) },
    }),
  });
  const run = await psi.engine.start(request('daily-sync'));
  house.close();
  return run;
}

const bad = (words: string): QualityResult => ({
  ...{ source: 'stripe', check: 'references', state: 'fail', words, checkedAt: NOON },
});

it.each([
  [
    'all is well',
    { sweep: [{ source: 'stripe' as const, tables: [table], error: null }] },
    /^100 records compared with Stripe, nothing was missing; .* the audit log is intact \(12 entries\)\.$/,
  ],
  [
    'rows had been missed',
    { sweep: [{ source: 'stripe' as const, tables: [{ ...table, missing: 2, stale: 1 }], error: null }] },
    /3 records had been missed and are right now/,
  ],
  [
    'a source does not answer',
    {
      sweep: [
        { source: 'stripe' as const, tables: [table], error: null },
        { source: 'supabase' as const, tables: [], error: 'no answer' },
      ],
    },
    /^100 records compared with Stripe, .*; Supabase could not be read and may be behind/,
  ],
  [
    'a check fails',
    { checks: [bad('3 of 4 payments name a customer nobody knows.')] },
    /1 data check needs a look \(3 of 4 payments/,
  ],
  [
    'a check could not be made',
    { checks: [{ ...bad(''), state: 'unknown' as const }] },
    /0 of 1 data check passed, 1 could not be made/,
  ],
  [
    'the audit log was changed',
    { audit: { ok: false, rows: 7, brokenAt: 7 } },
    /audit log was changed at row 7/,
  ],
])('when %s, the sentence says so', async (_, parts, words) => {
  const run = await say(parts);
  expect(run.state).toBe('done');
  expect(run.summary).toMatch(words);
});

it('a sweep that breaks ends the run with a reference, without what was thrown', async () => {
  const run = await say({ sweep: new Error('secret at host') });
  expect(run.state).toBe('failed');
  expect(run.summary).toMatch(/ref-/);
  expect(run.summary).not.toMatch(/secret/);
});
