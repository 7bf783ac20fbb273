import type { SandboxClient } from '../sandbox/client.ts';
import { pick } from './random.ts';

export interface Misfortune {
  name: string;
  /** Arms it just before the clock moves on. */
  arm(client: SandboxClient, random: () => number): Promise<void>;
}

const fault = (
  system: string,
  kind: string,
  match: string | undefined,
  most: number,
  ms?: number,
): Misfortune => ({
  name: `${system} ${kind}${match ? ` ${match}` : ''}`,
  arm: async (client, random) => {
    const count = 1 + Math.floor(random() * most);
    await client.fault({ system, kind, ...(match ? { match } : {}), count, ...(ms ? { ms } : {}) });
  },
});

const POST = 'chat.postMessage';

/** Everything that may go wrong on a morning; none of it lasts. */
const MISFORTUNES: readonly Misfortune[] = [
  {
    name: 'kill -9 while the clock moves',
    arm: async (client, random) => {
      setTimeout(() => void client.kill().catch(() => undefined), 20 + random() * 700).unref();
    },
  },
  {
    name: 'kill -9 at a step of the work',
    arm: async (client, random) => {
      const { failpoints } = await client.failpoints();
      const steps = failpoints.filter((name) => /schedule|skill|briefing/.test(name));
      await client.kill(pick(random, steps.length > 0 ? steps : failpoints));
    },
  },
  fault('slack', 'rate_limit', POST, 3),
  fault('slack', 'drop_response', POST, 2),
  fault('slack', 'http_500', POST, 2),
  fault('slack', 'http_500', 'conversations.open', 2),
  fault('slack', 'disconnect', undefined, 1),
  fault('slack', 'slow', POST, 1, 1_500),
  fault('mail', 'drop_response', undefined, 1),
  fault('mail', 'http_500', undefined, 2),
  fault('stripe', 'http_500', undefined, 3),
  fault('supabase', 'http_500', undefined, 3),
  fault('psizero', 'http_500', undefined, 3),
  fault('psizero', 'drop_response', undefined, 2),
  fault('supabase', 'malformed', undefined, 1),
];

/** One or two things that go wrong, or nothing. */
export function misfortunesFor(random: () => number): Misfortune[] {
  const roll = random();
  const count = roll < 0.4 ? 0 : roll < 0.85 ? 1 : 2;
  return Array.from({ length: count }, () => pick(random, MISFORTUNES));
}
