import { setTimeout as wait } from 'node:timers/promises';
import { BotGone, type ClockLink } from './clock-link.ts';

export interface TravelParts {
  clock: { now(): number; moveTo(at: number): void };
  link: Pick<ClockLink, 'connected' | 'set' | 'step' | 'whenConnected'>;
  advanceWorld(at: number): void;
  /** Webhooks not acknowledged by the bot yet. */
  webhooksPending(): number;
  /** How long a bot that died midway is waited for. */
  botReturnsWithinMs: number;
  webhooksWithinMs: number;
}

/** A bot that answers the same instant as due this often is not waited for there any longer. */
const STUCK_AFTER = 3;
const STUCK_LEAP_MS = 60_000;

/**
 * Moves the world and the bot to `targetAt`, stopping at every instant at which the bot has something due, so
 * that each schedule runs at its own time and sees the world of that time. Without a bot only the world moves.
 * Throws ControlError when `targetAt` lies behind.
 */
export async function travelTo(parts: TravelParts, targetAt: number): Promise<number> {
  const { clock, link } = parts;
  if (targetAt < clock.now()) clock.moveTo(targetAt);
  let nextDue = link.connected() ? await stepBot(parts, clock.now()) : null;
  let stuck = 0;
  while (clock.now() < targetAt) {
    const now = clock.now();
    stuck = nextDue !== null && nextDue <= now ? stuck + 1 : 0;
    const stopAt = stuck > STUCK_AFTER ? now + STUCK_LEAP_MS : Math.max(nextDue ?? targetAt, now);
    const at = Math.min(stopAt, targetAt);
    clock.moveTo(Math.max(at, clock.now()));
    await link.set(clock.now());
    parts.advanceWorld(at);
    await webhooksDelivered(parts);
    nextDue = link.connected() ? await stepBot(parts, Math.max(at, 0)) : null;
  }
  parts.advanceWorld(clock.now());
  return targetAt;
}

/** Steps the bot; one that dies midway is waited for and asked again, since it runs what is still due. */
async function stepBot(parts: TravelParts, at: number): Promise<number | null> {
  for (let attempt = 0; attempt < 3; attempt += 1) {
    try {
      return await parts.link.step(at);
    } catch (error) {
      if (!(error instanceof BotGone)) throw error;
      try {
        await parts.link.whenConnected(parts.botReturnsWithinMs);
      } catch {
        return null;
      }
    }
  }
  return null;
}

async function webhooksDelivered(parts: TravelParts): Promise<void> {
  const until = performance.now() + parts.webhooksWithinMs;
  while (parts.webhooksPending() > 0 && performance.now() < until) {
    if (!parts.link.connected()) {
      try {
        await parts.link.whenConnected(parts.botReturnsWithinMs);
      } catch {
        return;
      }
    }
    await wait(5);
  }
}
