const DAY_MS = 86_400_000;

/** How long a failed payment has been open, by the day a stage begins. */
const STAGES = [
  ['first week', 0],
  ['second week', 7],
  ['weeks 3 and 4', 14],
  ['after 4 weeks', 28],
] as const;

/** The stage of a payment that failed so long ago. */
export function stageOf(openMs: number): string {
  const found = STAGES.findLast(([, fromDay]) => openMs >= fromDay * DAY_MS);
  return found?.[0] ?? STAGES[0][0];
}

/**
 * Of the failures that got to each stage, how many were paid later. Only failures of at least `settledDays` ago count,
 * since of the others nobody knows yet.
 */
export function stageHistory(
  failures: readonly { failedAt: number; recoveredAt: number | null }[],
  { now, settledDays }: { now: number; settledDays: number },
): Record<string, { reached: number; recovered: number }> {
  const settled = failures.filter(({ failedAt }) => failedAt + settledDays * DAY_MS <= now);
  return Object.fromEntries(
    STAGES.map(([name, fromDay]) => {
      const reached = settled.filter(
        ({ failedAt, recoveredAt }) => recoveredAt === null || recoveredAt - failedAt >= fromDay * DAY_MS,
      );
      const recovered = reached.filter(({ recoveredAt }) => recoveredAt !== null).length;
      return [name, { reached: reached.length, recovered }];
    }),
  );
}
