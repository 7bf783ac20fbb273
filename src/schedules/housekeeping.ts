import type { Company } from '../domain/types.ts';
import type { Clock } from '../lib/clock.ts';
import type { Store } from '../store/open-store.ts';
import { pruneDeliveries, pruneInbox, pruneReportsAndUse } from '../store/prune.ts';
import type { RunLedger } from '../store/schedule-runs.ts';
import { defineSchedule, type Schedule } from './define-schedule.ts';
import { psiItself } from './psi-itself.ts';

const DAY_MS = 86_400_000;
/** Slack repeats a delivery for minutes, not weeks. */
const KEEP_INBOX_MS = 30 * DAY_MS;
const KEEP_MS = 90 * DAY_MS;
/** A year can be looked back on. */
const KEEP_USE_MS = 400 * DAY_MS;

/** Every night: forgets what has served its purpose, so that the store stays small. */
export function housekeeping(parts: {
  store: Pick<Store, 'db'>;
  ledger: Pick<RunLedger, 'prune'>;
  clock: Clock;
  company: Company;
  teamId: string;
}): Schedule {
  const { store, ledger, clock, company } = parts;
  return defineSchedule({
    name: 'housekeeping',
    catchUp: 'latest',
    overlap: 'skip',
    timeoutMs: 2 * 60_000,
    retry: { attempts: 4, firstDelayMs: 60_000 },
    occasions: async () => [{ subject: 'psi', cron: '30 3 * * *', timezone: company.tz, sinceAt: null }],
    runAs: async () => psiItself(company, parts.teamId),
    run: async () => {
      const nowAt = clock.now();
      const inbox = await pruneInbox(store, nowAt - KEEP_INBOX_MS);
      const runs = await ledger.prune(nowAt - KEEP_MS);
      const deliveries = await pruneDeliveries(store, nowAt - KEEP_MS);
      const others = await pruneReportsAndUse(store, {
        reportsAt: nowAt - KEEP_MS,
        useAt: nowAt - KEEP_USE_MS,
      });
      if (inbox + runs + deliveries + others === 0) return { summary: 'Nothing to forget.' };
      return {
        summary: `Forgot ${counted(inbox, 'inbox entry', 'inbox entries')}, ${counted(runs, 'turn', 'turns')} and ${counted(deliveries, 'delivery', 'deliveries')}${others === 0 ? '' : `, and ${counted(others, 'row', 'rows')} of stopped reports and old model use`}.`,
      };
    },
  });
}

const counted = (count: number, one: string, many: string): string => `${count} ${count === 1 ? one : many}`;
