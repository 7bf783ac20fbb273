import type { Approval } from '../../../approvals/types.ts';

export interface HomeData {
  name: string;
  mode: string;
  simulated: boolean;
  /** Null: this person may not see numbers. */
  numbers: { label: string; value: string; change: string | null }[] | null;
  waiting: Approval[];
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
  problems: string[];
  examples: string[];
  nowAt: number;
}
