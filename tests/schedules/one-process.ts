import { appendFileSync } from 'node:fs';
import { z } from 'zod';
import { systemClock } from '../../src/lib/clock.ts';
import { armFailpoint, FAILPOINTS, failpoint } from '../../src/lib/failpoints.ts';
import { thisProcess } from '../../src/lib/holder.ts';
import { silentLogger } from '../../src/lib/logger.ts';
import { PendingWork } from '../../src/lib/pending-work.ts';
import { psiItself } from '../../src/schedules/psi-itself.ts';
import { createScheduleRunner } from '../../src/schedules/runner.ts';
import { openStore } from '../../src/store/open-store.ts';
import { createRunLedger } from '../../src/store/schedule-runs.ts';

/**
 * One process on a store: runs the turns of `subjects` that were due at eight this morning and at eight yesterday,
 * notes each begin and end in a file, and ends. Told a failpoint, it dies there.
 */
const told = z
  .object({
    store: z.string(),
    log: z.string(),
    subjects: z.number(),
    sinceAt: z.number(),
    failpoint: z.enum(FAILPOINTS).nullable(),
    /** How long a turn works. */
    workMs: z.number(),
  })
  .parse(JSON.parse(process.argv[2] ?? '{}'));

const store = openStore(told.store);
const note = (line: string) => appendFileSync(told.log, `${line}\n`);
armFailpoint(told.failpoint);

const runner = createScheduleRunner({
  heartbeats: [],
  schedules: [
    {
      name: 'test',
      catchUp: 'latest',
      overlap: 'wait',
      timeoutMs: 10_000,
      retry: { attempts: 3, firstDelayMs: 1_000 },
      occasions: async () =>
        Array.from({ length: told.subjects }, (_, index) => ({
          subject: `p${index}`,
          cron: '0 8 * * *',
          timezone: 'UTC',
          sinceAt: told.sinceAt,
        })),
      runAs: async () => psiItself({ tz: 'UTC' }, 'T1'),
      run: async ({ key }) => {
        note(`begin ${process.pid} ${key}`);
        await new Promise((resolve) => setTimeout(resolve, told.workMs));
        note(`end ${process.pid} ${key}`);
        return { summary: 'fine' };
      },
    },
  ],
  ledger: createRunLedger(store),
  holder: thisProcess(),
  clock: systemClock,
  pending: new PendingWork(),
  logger: silentLogger,
  random: Math.random,
  teamId: 'T1',
  failpoint,
});

await runner.runDue();
await store.close();
