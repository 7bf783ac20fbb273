import type { SandboxClient } from '../../sandbox/client.ts';
import { pick } from '../random.ts';

const MATTERS = /^(?:approval|effect|skill|schedule)\./;
const FAULTS = [
  { system: 'stripe', kind: 'drop_response' },
  { system: 'stripe', kind: 'http_500' },
  { system: 'stripe', kind: 'rate_limit' },
  { system: 'psizero', kind: 'drop_response' },
  { system: 'psizero', kind: 'http_500' },
  { system: 'slack', kind: 'drop_response', match: 'chat.postMessage' },
];

/** Arms one thing that goes wrong with money under way, or nothing. Returns its name. */
export async function armMisfortune(client: SandboxClient, random: () => number): Promise<string | null> {
  const roll = random();
  if (roll < 0.4) return null;
  if (roll < 0.6) {
    const { failpoints } = await client.failpoints();
    const at = pick(
      random,
      failpoints.filter((name) => MATTERS.test(name)),
    );
    await client.kill(at);
    return `kill -9 at ${at}`;
  }
  const fault = pick(random, FAULTS);
  await client.fault({ ...fault, count: 1 + Math.floor(random() * 2) });
  return `${fault.system} ${fault.kind}`;
}
