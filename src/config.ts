import { join } from 'node:path';
import { z } from 'zod';
import { type ModelBudget, parseBudget } from './domain/policy/model-rules.ts';
import type { Company } from './domain/types.ts';
import { ConfigError } from './lib/errors.ts';
import { SLACK_MISSING, type SlackConfig, slackOf, slackVariables } from './slack-config.ts';

/** Everything the environment says, once. `null` is "not connected"; `missing` says what to set. */
export interface Config {
  company: Company;
  dataDir: string;
  httpPort: number;
  clockUrl: string | null;
  logLevel: string;
  policyFile: string | null;
  slack: SlackConfig | null;
  stripe: StripeConfig | null;
  supabase: SupabaseConfig | null;
  psizero: PsizeroConfig | null;
  mail: MailConfig | null;
  /** Null: rules mode. */
  model: ModelConfig | null;
  /** What models may use in a day of the company; null: as much as they are asked for. */
  modelBudget: ModelBudget | null;
  missing: Record<OutsideSystem, string>;
}

export type OutsideSystem = 'slack' | 'stripe' | 'supabase' | 'psizero' | 'mail' | 'model';

interface Simulatable {
  /** Its address is on this machine: what it says is not real. */
  simulated: boolean;
}
export interface StripeConfig extends Simulatable {
  apiUrl: string | null;
  secretKey: string;
  webhookSecret: string | null;
}
/** Over its REST API, or straight from its database. */
export type SupabaseConfig = Simulatable &
  ({ by: 'rest'; url: string; key: string } | { by: 'database'; url: string; variable: DatabaseVariable });
export type DatabaseVariable = 'SUPABASE_DB_URL' | 'DATABASE_URL';
export interface PsizeroConfig extends Simulatable {
  url: string;
  token: string;
  webhookSecret: string | null;
}
export interface MailConfig extends Simulatable {
  from: string;
  /** Under which the mail server hands over what came back; null: nobody does. */
  reportSecret: string | null;
  server:
    | { kind: 'smtp'; url: string }
    | {
        kind: 'sendgrid';
        apiKey: string;
        apiUrl: string | null;
        templateId: string | null;
        /** SendGrid's verification key of its event webhook. */
        eventKey: string | null;
      };
}
export interface ModelConfig {
  apiKey: string | null;
  baseUrl: string | null;
  name: string;
}

const url = (protocols: RegExp) => z.url({ protocol: protocols, error: 'must be a full address' });
const httpUrl = url(/^https?$/).optional();
const text = z.string().optional();

const timeZone = z
  .string()
  .refine((tz) => isTimeZone(tz), { error: 'must be a time zone such as America/Los_Angeles' });

const environmentSchema = z.object({
  PSI_COMPANY_NAME: z.string().max(100).default('PsiZero'),
  PSI_COMPANY_CURRENCY: z
    .string()
    .regex(/^[A-Z]{3}$/, 'must be a three-letter currency code such as USD')
    .default('USD'),
  PSI_COMPANY_TZ: timeZone.default('America/Los_Angeles'),
  /** The month, 1 to 12. */
  PSI_FISCAL_YEAR_START: z.coerce.number().int().min(1).max(12).optional(),
  PSI_INTERNAL_DOMAINS: z.string().max(500).optional(),
  PSI_SLO_TARGET: z.coerce
    .number({ error: 'must be a percentage such as 99.9' })
    .min(50, 'must be a percentage from 50 to 99.9999')
    .max(99.9999, 'must be a percentage from 50 to 99.9999')
    .default(99.9),
  PSI_DATA_DIR: z.string().default('./data'),
  PSI_HTTP_PORT: z.coerce
    .number({ error: 'must be a port number' })
    .int('must be a port number')
    .min(0, 'must be a port number')
    .max(65535, 'must be a port number')
    .default(3000),
  PSI_CLOCK_URL: url(/^wss?$/).optional(),
  PSI_LOG_LEVEL: z
    .enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'], {
      error: 'must be one of trace, debug, info, warn, error, fatal, silent',
    })
    .default('info'),
  PSI_POLICY_FILE: text,
  PSI_MAIL_FROM: z.string().optional(),
  ...slackVariables,
  STRIPE_API_URL: httpUrl,
  STRIPE_SECRET_KEY: z
    .string()
    .regex(/^(sk|rk)_/, 'must be a secret key, beginning with sk_ or rk_')
    .optional(),
  STRIPE_WEBHOOK_SECRET: text,
  SUPABASE_URL: httpUrl,
  SUPABASE_KEY: text,
  SUPABASE_DB_URL: url(/^postgres(ql)?$/).optional(),
  DATABASE_URL: url(/^postgres(ql)?$/).optional(),
  PSIZERO_API_URL: httpUrl,
  PSIZERO_API_TOKEN: text,
  PSIZERO_WEBHOOK_SECRET: text,
  SMTP_URL: url(/^smtps?$/).optional(),
  SENDGRID_API_KEY: z.string().startsWith('SG.', 'must begin with SG.').optional(),
  SENDGRID_API_URL: httpUrl,
  SENDGRID_TEMPLATE_ID: z
    .string()
    .startsWith('d-', 'must be a dynamic template, beginning with d-')
    .optional(),
  SENDGRID_WEBHOOK_KEY: text,
  MAIL_WEBHOOK_SECRET: text,
  OPENAI_API_KEY: text,
  OPENAI_BASE_URL: httpUrl,
  PSI_MODEL: text,
  PSI_MODEL_DAILY_BUDGET: z
    .string()
    .refine((words) => parseBudget(words) !== null, {
      error: 'must be an amount such as "5 USD" or a number of tokens such as "500k tokens"',
    })
    .optional(),
});
type Environment = z.output<typeof environmentSchema>;

const MISSING: Record<OutsideSystem, string> = {
  slack: SLACK_MISSING,
  stripe: 'Set STRIPE_SECRET_KEY, and STRIPE_WEBHOOK_SECRET to hear of changes at once.',
  supabase: 'Set SUPABASE_URL and SUPABASE_KEY, or SUPABASE_DB_URL for a direct connection.',
  psizero:
    'Set PSIZERO_API_URL and PSIZERO_API_TOKEN, and PSIZERO_WEBHOOK_SECRET to hear of changes at once.',
  mail: 'Set SMTP_URL, or SENDGRID_API_KEY.',
  model: 'Set OPENAI_API_KEY, or OPENAI_BASE_URL for a compatible server.',
};

/**
 * Reads the environment. An empty variable counts as not set.
 * @throws ConfigError naming the variable and the remedy, never its value.
 */
export function loadConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const set = Object.fromEntries(
    Object.entries(env).filter(([, value]) => value !== undefined && value.trim() !== ''),
  );
  const parsed = environmentSchema.safeParse(set);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new ConfigError(`${String(issue?.path[0])} ${issue?.message}. Correct it or unset it.`);
  }
  const config = assemble(parsed.data);
  guardWorlds(config);
  return config;
}

function assemble(env: Environment): Config {
  const company = {
    name: env.PSI_COMPANY_NAME,
    currency: env.PSI_COMPANY_CURRENCY,
    tz: env.PSI_COMPANY_TZ,
    ...(env.PSI_FISCAL_YEAR_START === undefined ? {} : { fiscalYearStart: env.PSI_FISCAL_YEAR_START }),
    ...(env.PSI_INTERNAL_DOMAINS === undefined
      ? {}
      : { internalDomains: env.PSI_INTERNAL_DOMAINS.split(/[\s,]+/).filter((domain) => domain !== '') }),
    // Spelt in decimals: 99.9 / 100 is not quite 0.999.
    sloTarget: Number((env.PSI_SLO_TARGET / 100).toFixed(6)),
  };
  const psizero = both(env, 'PSIZERO_API_URL', 'PSIZERO_API_TOKEN');
  return {
    company,
    dataDir: env.PSI_DATA_DIR,
    httpPort: env.PSI_HTTP_PORT,
    clockUrl: env.PSI_CLOCK_URL ?? null,
    logLevel: env.PSI_LOG_LEVEL,
    policyFile: env.PSI_POLICY_FILE ?? null,
    slack: slackOf(env, isLoopback),
    stripe: stripeOf(env),
    supabase: supabaseOf(env),
    psizero: psizero && {
      url: psizero[0],
      token: psizero[1],
      webhookSecret: env.PSIZERO_WEBHOOK_SECRET ?? null,
      simulated: isLoopback(psizero[0]),
    },
    mail: mailOf(env, company.name),
    model: modelOf(env),
    modelBudget: env.PSI_MODEL_DAILY_BUDGET === undefined ? null : parseBudget(env.PSI_MODEL_DAILY_BUDGET),
    missing: MISSING,
  };
}

/** A direct connection asked for by name goes before the REST API; a DATABASE_URL, which may mean anything, after. */
function supabaseOf(env: Environment): SupabaseConfig | null {
  const direct = (url: string | undefined, variable: DatabaseVariable): SupabaseConfig | null =>
    url === undefined ? null : { by: 'database', url, variable, simulated: isLoopback(url) };
  const rest = both(env, 'SUPABASE_URL', 'SUPABASE_KEY');
  return (
    direct(env.SUPABASE_DB_URL, 'SUPABASE_DB_URL') ??
    (rest && { by: 'rest', url: rest[0], key: rest[1], simulated: isLoopback(rest[0]) }) ??
    direct(env.DATABASE_URL, 'DATABASE_URL')
  );
}

function stripeOf(env: Environment): StripeConfig | null {
  if (env.STRIPE_SECRET_KEY === undefined) {
    if (env.STRIPE_API_URL !== undefined)
      throw new ConfigError(
        'STRIPE_API_URL is set but STRIPE_SECRET_KEY is not. Set STRIPE_SECRET_KEY or unset STRIPE_API_URL.',
      );
    return null;
  }
  return {
    apiUrl: env.STRIPE_API_URL ?? null,
    secretKey: env.STRIPE_SECRET_KEY,
    webhookSecret: env.STRIPE_WEBHOOK_SECRET ?? null,
    simulated: isLoopback(env.STRIPE_API_URL),
  };
}

/** One way out: SendGrid when it has a key, else SMTP; both would leave open which one wrote. */
function mailOf(env: Environment, companyName: string): MailConfig | null {
  const from = env.PSI_MAIL_FROM ?? `${companyName} <billing@psizero.example>`;
  const reportSecret = env.MAIL_WEBHOOK_SECRET ?? null;
  const { SMTP_URL: smtpUrl, SENDGRID_API_KEY: apiKey, SENDGRID_API_URL: apiUrl } = env;
  if (smtpUrl !== undefined && apiKey !== undefined)
    throw new ConfigError(
      'SMTP_URL and SENDGRID_API_KEY are both set. Unset the one that should not send mail.',
    );
  if (apiKey !== undefined) {
    const server = {
      kind: 'sendgrid' as const,
      apiKey,
      apiUrl: apiUrl ?? null,
      templateId: env.SENDGRID_TEMPLATE_ID ?? null,
      eventKey: env.SENDGRID_WEBHOOK_KEY ?? null,
    };
    return { from, reportSecret, server, simulated: isLoopback(apiUrl) };
  }
  if (smtpUrl === undefined) return null;
  return { from, reportSecret, server: { kind: 'smtp', url: smtpUrl }, simulated: isLoopback(smtpUrl) };
}

function modelOf(env: Environment): ModelConfig | null {
  if (env.OPENAI_API_KEY === undefined && env.OPENAI_BASE_URL === undefined) return null;
  return {
    apiKey: env.OPENAI_API_KEY ?? null,
    baseUrl: env.OPENAI_BASE_URL ?? null,
    name: env.PSI_MODEL ?? 'gpt-4.1',
  };
}

type TextVariable = 'SUPABASE_URL' | 'SUPABASE_KEY' | 'PSIZERO_API_URL' | 'PSIZERO_API_TOKEN';

/** Half a connection is a mistake, not a wish: it is refused rather than silently left out. */
function both(env: Environment, first: TextVariable, second: TextVariable): [string, string] | null {
  const [a, b] = [env[first], env[second]];
  if (a === undefined && b === undefined) return null;
  if (a === undefined) throw new ConfigError(`${second} is set but ${first} is not. Set ${first} too.`);
  if (b === undefined) throw new ConfigError(`${first} is set but ${second} is not. Set ${second} too.`);
  return [a, b];
}

/** Real money and real mailboxes never hang on a simulated workspace, where anyone may press Approve. */
function guardWorlds(config: Config): void {
  if (!config.slack?.simulated) return;
  if (config.stripe && /^(sk|rk)_live_/.test(config.stripe.secretKey))
    throw new ConfigError(
      'STRIPE_SECRET_KEY is a live key, but SLACK_API_URL points to a simulated workspace, where anyone can approve. Use a test key (sk_test_...), or unset SLACK_API_URL to join a real workspace.',
    );
  if (config.mail && !config.mail.simulated)
    throw new ConfigError(
      `${config.mail.server.kind === 'smtp' ? 'SMTP_URL is a real mail server' : 'SENDGRID_API_KEY reaches the real SendGrid'}, but SLACK_API_URL points to a simulated workspace, which would write to real customers. Use a server on this machine, or unset SLACK_API_URL to join a real workspace.`,
    );
}

/** The names of connected sources whose numbers must be called "simulated", because the workspace is real. */
export function simulatedInRealWorkspace(config: Config): OutsideSystem[] {
  if (!config.slack || config.slack.simulated) return [];
  const systems = ['stripe', 'supabase', 'psizero', 'mail'] as const;
  return systems.filter((system) => config[system]?.simulated === true);
}

/** Where the embedded store lives. */
export function storePath(config: Config): string {
  return join(config.dataDir, 'psi.db');
}

function isLoopback(address: string | undefined): boolean {
  if (address === undefined) return false;
  const host = new URL(address).hostname.replace(/^\[|\]$/g, '');
  return host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host);
}

function isTimeZone(tz: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: tz });
    return true;
  } catch {
    return false;
  }
}
