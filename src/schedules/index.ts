import type { PolicySource } from '../approvals/policy-file.ts';
import type { Ports } from '../domain/ports.ts';
import type { Company, Place, Principal } from '../domain/types.ts';
import type { Clock } from '../lib/clock.ts';
import type { Logger } from '../lib/logger.ts';
import type { Store } from '../store/open-store.ts';
import type { RunLedger } from '../store/schedule-runs.ts';
import { collectionsNudge } from './collections-nudge.ts';
import { dailySync } from './daily-sync.ts';
import type { Schedule } from './define-schedule.ts';
import { healthScore } from './health-score.ts';
import { housekeeping } from './housekeeping.ts';
import { invoiceReminders } from './invoice-reminders.ts';
import { reconciliation } from './reconciliation.ts';
import { recoveryTick } from './recovery-tick.ts';
import { retention } from './retention.ts';

/** What schedules are made of. */
export interface ScheduleParts {
  store: Store;
  ledger: RunLedger;
  ports: Ports;
  clock: Clock;
  logger: Logger;
  company: Company;
  teamId: string;
  members(): Promise<readonly Principal[]>;
  policy: Pick<PolicySource, 'current'>;
  /** The channel of that name, if Psi is in it. */
  channel(name: string): Promise<Place | null>;
  /** Made with everything it reaches. */
  briefing: { schedule: Schedule };
  reports: { schedule: Schedule };
  health: { takeSnapshots(): Promise<{ written: number; filledIn: number }> };
}

/** Everything that runs at wall-clock times, a line each. */
export function schedulesOf(parts: ScheduleParts): Schedule[] {
  return [
    housekeeping(parts),
    retention(parts),
    dailySync(parts),
    collectionsNudge(parts),
    reconciliation(parts),
    healthScore(parts),
    invoiceReminders(parts),
    recoveryTick(parts),
    parts.briefing.schedule,
    parts.reports.schedule,
  ];
}
