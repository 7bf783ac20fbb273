import { z } from 'zod';
import { ConfigError } from './lib/errors.ts';

/** How Psi reaches Slack and is reached by it. */
export interface SlackConfig {
  /** Its address is on this machine: what it says is not real. */
  simulated: boolean;
  apiUrl: string | null;
  /** The workspace of the environment; null where workspaces only come by being installed. */
  botToken: string | null;
  transport: { kind: 'socket'; appToken: string } | { kind: 'http'; signingSecret: string };
  /** Null: nobody can install Psi into another workspace. */
  oauth: OAuthConfig | null;
  /** The workspaces that may read the company's numbers; empty for the environment's own alone. */
  teams: readonly string[];
}

export interface OAuthConfig {
  clientId: string;
  clientSecret: string;
  /** 32 bytes: seals tokens in the store and signs the state of an installation. */
  secretKey: Buffer;
  /** `https://psi.example.com`, as Slack's redirect reaches the bot's server. */
  publicUrl: string | null;
}

const secretKey = z
  .string()
  .transform((given) => Buffer.from(given, /^[0-9a-f]{64}$/i.test(given) ? 'hex' : 'base64'))
  .refine((key) => key.length === 32, {
    error: 'must be 32 random bytes in base64 or hex; `openssl rand -base64 32` makes one',
  });

const teamList = z
  .string()
  .transform((given) =>
    given
      .split(',')
      .map((id) => id.trim())
      .filter((id) => id !== ''),
  )
  .refine((ids) => ids.every((id) => /^T[A-Z0-9]+$/.test(id)), {
    error: 'must be ids of workspaces such as T0123ABCD, separated by commas',
  });

/** The variables of Slack, for the schema of the whole environment. */
export const slackVariables = {
  SLACK_API_URL: z.url({ protocol: /^https?$/, error: 'must be a full address' }).optional(),
  SLACK_BOT_TOKEN: z.string().startsWith('xoxb-', 'must begin with xoxb-').optional(),
  SLACK_APP_TOKEN: z.string().startsWith('xapp-', 'must begin with xapp-').optional(),
  SLACK_SIGNING_SECRET: z.string().optional(),
  SLACK_CLIENT_ID: z.string().optional(),
  SLACK_CLIENT_SECRET: z.string().optional(),
  PSI_SECRET_KEY: secretKey.optional(),
  PSI_TEAMS: teamList.optional(),
  PSI_PUBLIC_URL: z.url({ protocol: /^https?$/, error: 'must be a full address' }).optional(),
};
type SlackEnvironment = z.output<z.ZodObject<typeof slackVariables>>;

export const SLACK_MISSING = 'Set SLACK_BOT_TOKEN and SLACK_APP_TOKEN.';

/** Null when nothing of Slack is set. @throws ConfigError where half of it is, naming the other half. */
export function slackOf(env: SlackEnvironment, isLoopback: (url?: string) => boolean): SlackConfig | null {
  const oauth = oauthOf(env);
  const botToken = env.SLACK_BOT_TOKEN ?? null;
  const isReached = env.SLACK_APP_TOKEN !== undefined || env.SLACK_SIGNING_SECRET !== undefined;
  if (botToken === null && oauth === null) {
    if (!isReached) return null;
    const set = env.SLACK_APP_TOKEN === undefined ? 'SLACK_SIGNING_SECRET' : 'SLACK_APP_TOKEN';
    throw new ConfigError(`${set} is set but SLACK_BOT_TOKEN is not. Set SLACK_BOT_TOKEN too.`);
  }
  const teams = env.PSI_TEAMS ?? [];
  if (botToken === null && teams.length === 0)
    throw new ConfigError(
      'PSI_TEAMS is not set and neither is SLACK_BOT_TOKEN. Set PSI_TEAMS to the workspaces that may install Psi.',
    );
  return {
    simulated: isLoopback(env.SLACK_API_URL),
    apiUrl: env.SLACK_API_URL ?? null,
    botToken,
    transport: transportOf(env),
    oauth,
    teams,
  };
}

/** Socket Mode where there is an app token, signed HTTP where there is a signing secret alone. */
function transportOf(env: SlackEnvironment): SlackConfig['transport'] {
  if (env.SLACK_APP_TOKEN !== undefined) return { kind: 'socket', appToken: env.SLACK_APP_TOKEN };
  if (env.SLACK_SIGNING_SECRET !== undefined)
    return { kind: 'http', signingSecret: env.SLACK_SIGNING_SECRET };
  throw new ConfigError(
    'Slack cannot reach Psi: neither SLACK_APP_TOKEN nor SLACK_SIGNING_SECRET is set. Set SLACK_APP_TOKEN for Socket Mode, or SLACK_SIGNING_SECRET for HTTP.',
  );
}

function oauthOf(env: SlackEnvironment): OAuthConfig | null {
  const names = ['SLACK_CLIENT_ID', 'SLACK_CLIENT_SECRET'] as const;
  const [clientId, clientSecret] = [env.SLACK_CLIENT_ID, env.SLACK_CLIENT_SECRET];
  if (clientId === undefined && clientSecret === undefined) return null;
  if (clientId === undefined || clientSecret === undefined) {
    const [set, missing] = clientId === undefined ? [names[1], names[0]] : names;
    throw new ConfigError(`${set} is set but ${missing} is not. Set ${missing} too.`);
  }
  if (env.PSI_SECRET_KEY === undefined)
    throw new ConfigError(
      'SLACK_CLIENT_ID is set but PSI_SECRET_KEY is not: tokens of installed workspaces are kept sealed. Set it to the output of `openssl rand -base64 32`.',
    );
  return { clientId, clientSecret, secretKey: env.PSI_SECRET_KEY, publicUrl: env.PSI_PUBLIC_URL ?? null };
}
