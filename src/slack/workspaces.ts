import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { WebAPIPlatformError } from '@slack/web-api';
import type { Kysely } from 'kysely';
import { parse } from 'yaml';
import { z } from 'zod';
import type { Clock } from '../lib/clock.ts';
import { ConfigError } from '../lib/errors.ts';
import type { Logger } from '../lib/logger.ts';
import { projectRoot } from '../lib/paths.ts';
import { createInstallationTable } from '../store/installations.ts';
import type { Schema } from '../store/schema.ts';
import { createDeliveryClient, repeatable } from './delivery/call-slack.ts';
import { type Installation, type Installations, openInstallations } from './installations.ts';
import { createInstallFlow, type InstallFlow } from './oauth.ts';
import { createOAuthExchange } from './oauth-exchange.ts';

/** How Psi comes into workspaces, as the environment says it. */
export interface WorkspaceSettings {
  apiUrl: string | null;
  botToken: string | null;
  teams: readonly string[];
  oauth: { clientId: string; clientSecret: string; secretKey: Buffer; publicUrl: string | null } | null;
}

export interface Workspaces {
  installations: Installations;
  /** Null where nobody can install Psi. */
  installFlow: ((onInstalled: (teamId: string) => Promise<void>) => InstallFlow) | null;
}

/**
 * The workspaces of the environment and of the store. The first call to Slack.
 * @throws ConfigError for a token that Slack does not take, or whose workspace PSI_TEAMS leaves out.
 */
export async function openWorkspaces(
  settings: WorkspaceSettings,
  parts: { db: Kysely<Schema>; clock: Clock; logger: Logger },
): Promise<Workspaces> {
  const { apiUrl, botToken, teams, oauth } = settings;
  const environment = botToken === null ? null : { ...(await ownerOf(botToken, apiUrl)), botToken };
  if (environment && teams.length > 0 && !teams.includes(environment.teamId))
    throw new ConfigError(
      `SLACK_BOT_TOKEN belongs to ${environment.teamId}, which PSI_TEAMS leaves out. Add it to PSI_TEAMS.`,
    );
  const exchange = oauth && createOAuthExchange({ ...oauth, apiUrl, clock: parts.clock });
  const sealed = oauth &&
    exchange && {
      table: createInstallationTable(parts.db),
      secretKey: oauth.secretKey,
      exchange,
    };
  const installations = await openInstallations({ environment, teams, sealed, apiUrl, ...parts });
  const installFlow: Workspaces['installFlow'] =
    oauth && exchange
      ? (onInstalled) =>
          createInstallFlow({
            ...oauth,
            exchange,
            installations,
            onInstalled,
            authorizeUrl: new URL('/oauth/v2/authorize', apiUrl ?? 'https://slack.com').href,
            scopes: manifestScopes(),
            ...parts,
          })
      : null;
  return { installations, installFlow };
}

async function ownerOf(botToken: string, apiUrl: string | null): Promise<Installation> {
  const client = createDeliveryClient(botToken, apiUrl);
  try {
    const self = await repeatable(() => client.auth.test());
    const { team_id = '', team = '', user_id = '', bot_id = '' } = self;
    return { teamId: team_id, teamName: team, botUserId: user_id, botId: bot_id };
  } catch (error) {
    const reason =
      error instanceof WebAPIPlatformError ? `refused it: ${error.data.error}` : 'could not be reached';
    throw new ConfigError(
      `SLACK_BOT_TOKEN was tried and Slack ${reason}. Check the token and the connection.`,
    );
  }
}

const manifestSchema = z.object({
  oauth_config: z.object({ scopes: z.object({ bot: z.array(z.string()).min(1) }) }),
});

/** The scopes Psi asks for are those of its manifest. */
function manifestScopes(): string[] {
  const manifest = parse(readFileSync(join(projectRoot(), 'manifest.yml'), 'utf8'));
  return manifestSchema.parse(manifest).oauth_config.scopes.bot;
}
