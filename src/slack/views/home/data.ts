import type { Approval } from '../../../approvals/types.ts';
import type { ScheduleOutlook } from '../../../domain/schedule/run.ts';

export interface HomeData {
  name: string;
  mode: string;
  simulated: boolean;
  /** Null: this person may not see numbers. */
  numbers: { label: string; value: string; change: string | null }[] | null;
  waiting: Approval[];
  sources: { name: string; state: string; throughAt: number | null; stale: boolean }[] | null;
  /** Null: not for this person's role. */
  runs: ScheduleOutlook[] | null;
  problems: string[];
  examples: string[];
  nowAt: number;
}
