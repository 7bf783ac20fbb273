import type { Approval } from '../../../approvals/types.ts';
import type { Alert } from '../../../domain/alerts/alert.ts';

export interface HomeData {
  name: string;
  mode: string;
  simulated: boolean;
  /** Null: this person may not see numbers. */
  numbers: { label: string; value: string; change: string | null }[] | null;
  waiting: Approval[];
  /** What needs a look and this person may see. */
  alerts: { rows: Alert[]; total: number };
  sources: { name: string; state: string; throughAt: number | null; stale: boolean }[] | null;
  problems: string[];
  examples: string[];
  nowAt: number;
}
