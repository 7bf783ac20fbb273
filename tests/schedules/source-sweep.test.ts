import { expect, it } from 'vitest';
import type { SweepReport } from '../../src/domain/sweep.ts';
import type { SourceName } from '../../src/domain/types.ts';
import { fixedClock } from '../../src/lib/clock.ts';
import { dataQuality } from '../../src/schedules/data-quality.ts';
import { sourceSweep } from '../../src/schedules/source-sweep.ts';

const TZ = 'America/Los_Angeles';
const at = (text: string) => Date.parse(text);

function house(now: string) {
  const clock = fixedClock(at(now));
  const swept: SourceName[][] = [];
  const reports = new Map<SourceName, SweepReport>();
  const state = { checks: 0, drifting: false };
  const beat = sourceSweep({
    clock,
    tz: TZ,
    checks: {
      run: async () => {
        state.checks += 1;
      },
    },
    sources: {
      connected: () => ['stripe', 'supabase'],
      drifting: (source) => state.drifting && source === 'supabase',
      lastSweeps: () => [...reports.values()],
      sweep: async (sources = []) => {
        swept.push([...sources]);
        const [startedAt, endedAt] = [clock.now(), clock.now()];
        return sources.map((source) => {
          const report = { source, startedAt, endedAt, fromAt: 0, tables: [], error: null };
          reports.set(source, report);
          return report;
        });
      },
    },
  });
  return { clock, beat, swept, state };
}

it('sources are compared at 03:10 of the company, each night once, and checked afterwards', async () => {
  const { clock, beat, swept, state } = house('2026-11-22T22:30:00Z');
  await beat.run();
  expect(swept).toEqual([]);
  expect(await beat.nextDueAt()).toBe(at('2026-11-23T11:10:00Z'));
  clock.set(at('2026-11-23T11:10:00Z'));
  await beat.run();
  await beat.run();
  expect(swept).toEqual([['stripe', 'supabase']]);
  expect(state.checks).toBe(1);
  expect(await beat.nextDueAt()).toBe(at('2026-11-24T11:10:00Z'));
});

it('nights that were missed are made up for at once, by one comparison', async () => {
  const { clock, beat, swept } = house('2026-11-22T11:10:00Z');
  clock.set(at('2026-11-22T11:10:01Z'));
  clock.set(at('2026-11-27T20:00:00Z'));
  expect(await beat.nextDueAt()).toBeGreaterThan(clock.now());
  clock.set(at('2026-11-28T12:00:00Z'));
  await beat.run();
  clock.set(at('2026-12-05T20:00:00Z'));
  await beat.run();
  await beat.run();
  expect(swept).toHaveLength(2);
});

it('a source whose fields drift is looked at again within minutes, alone', async () => {
  const { clock, beat, swept, state } = house('2026-11-23T11:10:00Z');
  await beat.nextDueAt();
  state.drifting = true;
  clock.advance(5 * 60_000);
  await beat.run();
  expect(swept).toEqual([['supabase']]);
});

it('data is checked four times an hour, and at once after a sweep', async () => {
  let last: number | null = null;
  const sweeps: SweepReport[] = [];
  const beat = dataQuality(
    { run: async () => undefined, checkedAt: () => last },
    { lastSweeps: () => sweeps },
  );
  expect(await beat.nextDueAt()).toBe(0);
  last = at('2026-11-22T22:30:00Z');
  expect(await beat.nextDueAt()).toBe(at('2026-11-22T22:45:00Z'));
  const endedAt = at('2026-11-22T22:31:00Z');
  sweeps.push({ source: 'stripe', startedAt: endedAt, endedAt, fromAt: 0, tables: [], error: null });
  expect(await beat.nextDueAt()).toBe(endedAt);
});
