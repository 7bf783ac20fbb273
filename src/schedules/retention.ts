import type { Company } from '../domain/types.ts';
import type { Clock } from '../lib/clock.ts';
import { createMemory } from '../store/memory.ts';
import type { Store } from '../store/open-store.ts';
import { defineSchedule, type Schedule } from './define-schedule.ts';
import { psiItself } from './psi-itself.ts';

/** Conversations are remembered this long. */
const REMEMBERED_MS = 90 * 24 * 60 * 60 * 1000;

/** Every night: forgets conversations whose time is over. Doing it twice changes nothing. */
export function retention(parts: {
  store: Pick<Store, 'db'>;
  clock: Clock;
  company: Company;
  teamId: string;
}): Schedule {
  const { clock, company } = parts;
  const memory = createMemory(parts.store);
  return defineSchedule({
    name: 'retention',
    catchUp: 'latest',
    overlap: 'skip',
    timeoutMs: 2 * 60_000,
    retry: { attempts: 4, firstDelayMs: 60_000 },
    occasions: async () => [{ subject: 'psi', cron: '40 3 * * *', timezone: company.tz, sinceAt: null }],
    runAs: async () => psiItself(company, parts.teamId),
    run: async () => {
      const { rows } = await memory.prune(clock.now() - REMEMBERED_MS);
      return {
        summary: `Forgot ${rows} ${rows === 1 ? 'row' : 'rows'} of conversations older than 90 days.`,
      };
    },
  });
}
