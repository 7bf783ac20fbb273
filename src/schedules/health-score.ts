import type { Company } from '../domain/types.ts';
import { defineSchedule, type Schedule } from './define-schedule.ts';
import { psiItself } from './psi-itself.ts';

/** Every night, after the sources were read: writes down how each customer stands. Doing it twice changes nothing. */
export function healthScore(parts: {
  company: Company;
  teamId: string;
  health: { takeSnapshots(): Promise<{ written: number; filledIn: number }> };
}): Schedule {
  const { company, teamId, health } = parts;
  return defineSchedule({
    name: 'health-score',
    catchUp: 'latest',
    overlap: 'skip',
    timeoutMs: 10 * 60_000,
    retry: { attempts: 3, firstDelayMs: 5 * 60_000 },
    occasions: async () => [{ subject: 'company', cron: '15 5 * * *', timezone: company.tz, sinceAt: null }],
    runAs: async () => psiItself(company, teamId),
    run: async () => {
      const { written, filledIn } = await health.takeSnapshots();
      const past = filledIn > 0 ? `, and ${filledIn.toLocaleString('en-US')} of past weeks` : '';
      return { summary: `Wrote down the health of ${written.toLocaleString('en-US')} customers${past}.` };
    },
  });
}
