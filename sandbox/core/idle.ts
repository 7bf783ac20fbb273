import { setTimeout as wait } from 'node:timers/promises';
import { z } from 'zod';
import { ControlError } from './errors.ts';

export interface IdleParts {
  slackPending(): number;
  webhooksPending(): number;
  botUrl: string;
}

const healthSchema = z.object({ ready: z.boolean(), pending: z.number() });
const SETTLE_MS = 30;

/** Null when nothing is under way anywhere, else what is, in words. */
async function busy(parts: IdleParts): Promise<string | null> {
  const slack = parts.slackPending();
  if (slack > 0) return `${slack} Slack deliveries or streams are open`;
  const webhooks = parts.webhooksPending();
  if (webhooks > 0) return `${webhooks} webhooks are not acknowledged`;
  try {
    const response = await fetch(`${parts.botUrl}/healthz`, { signal: AbortSignal.timeout(2_000) });
    const health = healthSchema.parse(await response.json());
    if (!health.ready) return 'the bot is not ready';
    return health.pending > 0 ? `the bot has ${health.pending} things under way` : null;
  } catch {
    return `the bot does not answer at ${parts.botUrl}/healthz`;
  }
}

/**
 * Resolves when nothing is pending anywhere, seen twice in a row. Throws ControlError 408, saying what is
 * still under way, after `timeoutMs`.
 */
export async function waitUntilIdle(parts: IdleParts, timeoutMs: number): Promise<void> {
  const until = performance.now() + timeoutMs;
  let calm = false;
  for (;;) {
    const reason = await busy(parts);
    if (reason === null && calm) return;
    calm = reason === null;
    if (performance.now() >= until) {
      throw new ControlError(
        408,
        'timeout',
        `Not idle after ${timeoutMs} ms: ${reason ?? 'it only just settled'}.`,
      );
    }
    await wait(calm ? SETTLE_MS : 10);
  }
}
