import { trainChurn } from '../domain/churn/train-churn.ts';

/** What takes seconds and is done on a thread of its own, by name: pure functions from plain data to plain data. */
export const JOBS = { train_churn: trainChurn };

export type Jobs = typeof JOBS;
export type JobName = keyof Jobs;

export function isJob(name: string): name is JobName {
  return Object.hasOwn(JOBS, name);
}
