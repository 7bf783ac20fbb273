import type { Slack } from '../slack.ts';

const LOOK_EVERY_MS = 10;

/** The view that the trigger opened, or null when none was opened within `patienceMs` of the acknowledgement. */
export async function soonOpenedView(
  slack: Slack,
  triggerId: string,
  patienceMs: number,
): Promise<string | null> {
  const until = performance.now() + patienceMs;
  for (;;) {
    const opened = slack.triggers.openedView(triggerId);
    if (opened !== null || performance.now() > until) return opened;
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}
