import type { Approval } from '../../../approvals/types.ts';

export interface HomeData {
  name: string;
  mode: string;
  simulated: boolean;
  /** Null: this person may not see numbers. */
  numbers: { label: string; value: string; change: string | null }[] | null;
  waiting: Approval[];
  sources: { name: string; state: string; throughAt: number | null; stale: boolean }[] | null;
  problems: string[];
  examples: string[];
  nowAt: number;
}
