import type { Period } from '../types.ts';

/** The argument a tool takes for a period that was understood: the instants themselves, exact and stable. */
export function periodArgument(period: Pick<Period, 'startAt' | 'endAt'>): string {
  return `${new Date(period.startAt).toISOString()}/${new Date(period.endAt).toISOString()}`;
}

/** The same of a mention; its words where they name no one period. */
export function mentionArgument({ period, text }: { period: Period | null; text: string }): string {
  return period ? periodArgument(period) : text;
}
