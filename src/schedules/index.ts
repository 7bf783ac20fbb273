import type { Ports } from '../domain/ports.ts';
import type { Company, Principal } from '../domain/types.ts';
import type { Clock } from '../lib/clock.ts';
import type { Logger } from '../lib/logger.ts';
import type { Store } from '../store/open-store.ts';
import type { RunLedger } from '../store/schedule-runs.ts';
import type { Schedule } from './define-schedule.ts';
import { housekeeping } from './housekeeping.ts';
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
}

/** Everything that runs at wall-clock times, a line each. */
export function schedulesOf(parts: ScheduleParts): Schedule[] {
  return [housekeeping(parts), retention(parts)];
}
