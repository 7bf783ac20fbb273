import type { QueueItem } from '../../../approvals/queue.ts';
import type { Alert } from '../../../domain/alerts/alert.ts';
import type { Briefing } from '../../../domain/briefing/briefing.ts';
import type { BriefingSettings } from '../../../domain/people/settings.ts';
import type { ScheduleOutlook } from '../../../domain/schedule/run.ts';
import type { Expanded } from './waiting.ts';

export interface HomeData {
  name: string;
  mode: string;
  simulated: boolean;
  /** Null: this person may not see numbers. */
  numbers: { label: string; value: string /** Null: as of now. */; period: string | null }[] | null;
  waiting: QueueItem[];
  /** The batch whose rows are shown. */
  expanded?: Expanded | null;
  /** What needs a look and this person may see. */
  alerts: { rows: Alert[]; total: number };
  /** Null: this person never has one. */
  briefing: { latest: Briefing | null; settings: BriefingSettings; nextAt: number | null } | null;
  sources:
    | {
        name: string;
        state: string;
        throughAt: number | null;
        stale: boolean;
        /** Sentences about what is not well with its data. */
        notes: string[];
      }[]
    | null;
  /** Null: not for this person's role. */
  runs: ScheduleOutlook[] | null;
  problems: string[];
  examples: string[];
  nowAt: number;
}
