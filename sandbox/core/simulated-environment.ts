import type { SandboxConfig } from './types.ts';

export type Environment = Record<string, string | undefined>;

/** Under it mail that comes back is handed to the bot. */
export const MAIL_WEBHOOK_SECRET = 'mail-whsec-simulated';

const DEFAULTS = {
  SLACK_BOT_TOKEN: 'xoxb-simulated',
  SLACK_APP_TOKEN: 'xapp-simulated',
  SLACK_SIGNING_SECRET: 'slack-signing-simulated',
  STRIPE_SECRET_KEY: 'sk_test_simulated',
  STRIPE_WEBHOOK_SECRET: 'whsec_simulated',
  SUPABASE_KEY: 'supabase-simulated',
  PSIZERO_API_TOKEN: 'psizero-simulated',
  PSIZERO_WEBHOOK_SECRET: 'psizero-whsec-simulated',
} as const;

/** What lets the bot be installed into the second workspace. */
const SECOND_TEAM = {
  SLACK_CLIENT_ID: '1111.2222',
  SLACK_CLIENT_SECRET: 'slack-client-simulated',
  PSI_SECRET_KEY: Buffer.alloc(32, 'simulated').toString('base64'),
  PSI_TEAMS: 'T0PSIZERO,T0PSILABS',
} as const;

/** What the stand-ins accept: the fixed simulated values, or the user's own where an address is also theirs. */
export function simulatedCredentials(
  env: Environment,
): Pick<
  SandboxConfig,
  | 'slackBotToken'
  | 'slackAppToken'
  | 'slackSigningSecret'
  | 'stripeSecretKey'
  | 'stripeWebhookSecret'
  | 'supabaseKey'
  | 'psizeroToken'
  | 'psizeroWebhookSecret'
> {
  return {
    slackBotToken: DEFAULTS.SLACK_BOT_TOKEN,
    slackAppToken: DEFAULTS.SLACK_APP_TOKEN,
    slackSigningSecret: DEFAULTS.SLACK_SIGNING_SECRET,
    stripeSecretKey: DEFAULTS.STRIPE_SECRET_KEY,
    stripeWebhookSecret: env.STRIPE_WEBHOOK_SECRET || DEFAULTS.STRIPE_WEBHOOK_SECRET,
    supabaseKey: DEFAULTS.SUPABASE_KEY,
    psizeroToken: DEFAULTS.PSIZERO_API_TOKEN,
    psizeroWebhookSecret: env.PSIZERO_WEBHOOK_SECRET || DEFAULTS.PSIZERO_WEBHOOK_SECRET,
  };
}

/**
 * The bot's environment beside a sandbox at `origin` (`http://127.0.0.1:3100`). A variable that is set stays
 * as it is. A system whose address or key the user has set is left to the user whole, so that a real key is
 * never sent to a stand-in and a simulated one never to the real system.
 */
export function botEnvironment(user: Environment, sandbox: { origin: string; smtpUrl: string }): Environment {
  const { origin, smtpUrl } = sandbox;
  const groups: { owns: string[]; values: Record<string, string> }[] = [
    {
      owns: ['SLACK_BOT_TOKEN', 'SLACK_CLIENT_ID', 'SLACK_API_URL'],
      values: {
        SLACK_API_URL: `${origin}/api/`,
        SLACK_BOT_TOKEN: DEFAULTS.SLACK_BOT_TOKEN,
        ...(user.SANDBOX_SLACK_MODE === 'http'
          ? { SLACK_SIGNING_SECRET: DEFAULTS.SLACK_SIGNING_SECRET }
          : { SLACK_APP_TOKEN: DEFAULTS.SLACK_APP_TOKEN }),
        ...(user.SANDBOX_SECOND_TEAM === '1' ? SECOND_TEAM : {}),
      },
    },
    {
      owns: ['STRIPE_SECRET_KEY', 'STRIPE_API_URL'],
      values: {
        STRIPE_API_URL: origin,
        STRIPE_SECRET_KEY: DEFAULTS.STRIPE_SECRET_KEY,
        STRIPE_WEBHOOK_SECRET: DEFAULTS.STRIPE_WEBHOOK_SECRET,
      },
    },
    {
      owns: ['SUPABASE_URL', 'SUPABASE_KEY', 'SUPABASE_DB_URL'],
      values: { SUPABASE_URL: `${origin}/supabase`, SUPABASE_KEY: DEFAULTS.SUPABASE_KEY },
    },
    {
      owns: ['PSIZERO_API_URL', 'PSIZERO_API_TOKEN'],
      values: {
        PSIZERO_API_URL: `${origin}/psizero/v1`,
        PSIZERO_API_TOKEN: DEFAULTS.PSIZERO_API_TOKEN,
        PSIZERO_WEBHOOK_SECRET: DEFAULTS.PSIZERO_WEBHOOK_SECRET,
      },
    },
    { owns: ['SMTP_URL'], values: { SMTP_URL: smtpUrl, MAIL_WEBHOOK_SECRET } },
    { owns: ['PSI_CLOCK_URL'], values: { PSI_CLOCK_URL: `${origin.replace(/^http/, 'ws')}/clock` } },
  ];
  const result: Environment = { ...user };
  for (const group of groups) {
    if (group.owns.some((name) => user[name])) continue;
    for (const [name, value] of Object.entries(group.values)) result[name] = user[name] || value;
  }
  return result;
}
