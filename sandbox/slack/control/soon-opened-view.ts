import type { Slack } from '../slack.ts';

/** An app opens its modal right before or right after it acknowledges; nobody waits longer than this for it. */
const PATIENCE_MS = 250;
const LOOK_EVERY_MS = 10;

/** The view that the trigger opened, or null when none was opened soon after the acknowledgement. */
export async function soonOpenedView(slack: Slack, triggerId: string): Promise<string | null> {
  const until = performance.now() + PATIENCE_MS;
  for (;;) {
    const opened = slack.triggers.openedView(triggerId);
    if (opened !== null || performance.now() > until) return opened;
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}
