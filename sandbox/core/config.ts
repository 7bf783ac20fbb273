import { resolve } from 'node:path';
import { z } from 'zod';
import { StartError } from './errors.ts';
import { simulatedCredentials } from './simulated-environment.ts';
import type { SandboxConfig } from './types.ts';

/** What the person who starts the sandbox asks of the world; null leaves it to the saved one or the default. */
export interface RequestedAnchor {
  seed: number | null;
  now: number | null;
  scale: number | null;
}

export interface StartConfig {
  sandbox: SandboxConfig;
  requested: RequestedAnchor;
  /** The bot's policy where it is not the project's own; a world kept for the next reset belongs to it. */
  policyFile: string | null;
}

const port = (fallback: number) =>
  z.coerce
    .number('must be a port number')
    .int('must be a whole number')
    .min(0, 'must be 0 to 65535')
    .max(65_535, 'must be 0 to 65535')
    .default(fallback);

/** Instants before this were not lived by any company the generator could invent. */
const EARLIEST_NOW = Date.UTC(2010, 0, 1);
const LATEST_NOW = Date.UTC(2100, 0, 1);

export const seedSchema = z
  .number('must be a whole number')
  .int('must be a whole number')
  .min(0, 'must not be negative')
  .max(2 ** 31 - 1, 'must be below 2147483648');

export const scaleSchema = z
  .number('must be a number')
  .min(0.01, 'must be at least 0.01')
  .max(100, 'must be at most 100');

/** An ISO 8601 instant with its offset, as epoch milliseconds. */
export const instantSchema = z
  .string('must be an ISO instant such as 2026-11-24T09:00:00Z')
  .refine(
    (text) => z.iso.datetime({ offset: true }).safeParse(text).success,
    'must be an ISO instant with its offset, such as 2026-11-24T09:00:00Z',
  )
  .transform((text) => Date.parse(text))
  .refine((at) => at >= EARLIEST_NOW && at <= LATEST_NOW, 'must lie between 2010 and 2100');

const numeric = (text: string) => (text.trim() === '' ? Number.NaN : Number(text));

const environmentSchema = z.object({
  SANDBOX_PORT: port(3100),
  SANDBOX_SEED: z.string().transform(numeric).pipe(seedSchema).optional(),
  SANDBOX_NOW: instantSchema.optional(),
  SANDBOX_SCALE: z.string().transform(numeric).pipe(scaleSchema).optional(),
  PSI_DATA_DIR: z.string().default('./data'),
  PSI_HTTP_PORT: port(3000),
  PSI_POLICY_FILE: z.string().optional(),
  SANDBOX_SECOND_TEAM: z.enum(['0', '1'], 'must be 0 or 1').default('0'),
  SANDBOX_SLACK_MODE: z.enum(['socket', 'http'], 'must be socket or http').default('socket'),
});

/**
 * Reads what the sandbox needs from the environment. An empty variable counts as absent.
 * Throws StartError with one sentence that names the bad variable.
 */
export function readStartConfig(env: Record<string, string | undefined>): StartConfig {
  const present = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const parsed = environmentSchema.safeParse(present);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const name = String(issue?.path[0] ?? 'environment');
    throw new StartError(`${name} ${issue?.message ?? 'is not valid'} (it is "${present[name] ?? ''}").`);
  }
  const values = parsed.data;
  const botPort = values.PSI_HTTP_PORT;
  const credentials = simulatedCredentials(present);
  return {
    sandbox: {
      port: values.SANDBOX_PORT,
      dataDir: resolve(values.PSI_DATA_DIR),
      botUrl: `http://127.0.0.1:${botPort}`,
      ...credentials,
      slackMode: values.SANDBOX_SLACK_MODE,
      secondTeam: values.SANDBOX_SECOND_TEAM === '1',
    },
    requested: {
      seed: values.SANDBOX_SEED ?? null,
      now: values.SANDBOX_NOW ?? null,
      scale: values.SANDBOX_SCALE ?? null,
    },
    policyFile: values.PSI_POLICY_FILE ?? null,
  };
}
