import type { WebClient } from '@slack/web-api';
import type { Clock } from '../lib/clock.ts';
import { UserError } from '../lib/errors.ts';
import type { Logger } from '../lib/logger.ts';
import { seal, unseal } from '../lib/seal.ts';
import type { InstallationRow, InstallationTable } from '../store/installations.ts';
import { createDeliveryClient } from './delivery/call-slack.ts';
import type { Grant, OAuthExchange } from './oauth-exchange.ts';

/** A workspace that Psi is installed in. */
export interface Installation {
  teamId: string;
  teamName: string;
  botUserId: string;
  botId: string;
}

/** The workspaces Psi serves: the environment's, and those it was installed in; all by `team_id`. */
export interface Installations {
  list(): readonly Installation[];
  /** Null for a workspace that has not installed Psi, has removed it, or may not read the company's numbers. */
  find(teamId: string): Installation | null;
  /** Where Psi speaks of its own accord: the environment's workspace, or the first that PSI_TEAMS lists. */
  homeTeamId(): string;
  /** True where Psi may be installed: the environment's workspace and those of PSI_TEAMS. */
  admits(teamId: string): boolean;
  /** The workspace's client; its calls throw UserError when Psi is not installed there (any more). */
  clientFor(teamId: string): WebClient;
  /** A token that works for a good while yet. @throws UserError when Psi is not installed there. */
  token(teamId: string): Promise<string>;
  add(grant: Grant): Promise<void>;
  /** Forgets the workspace's tokens; what was said before it was installed anew says nothing. `saidAt`: epoch ms. */
  remove(teamId: string, saidAt: number): Promise<void>;
  /** What an operator should mend, a sentence each. */
  problems(): string[];
}

/** Refreshed this long before the end: until then the old token works, whatever becomes of the refresh. */
const REFRESH_AHEAD_MS = 2 * 60 * 60 * 1000;
/** After a refresh that failed, the old token is used for this long before the next try. */
const RETRY_AFTER_MS = 60 * 1000;

interface Held extends Installation {
  botToken: string;
  refreshToken: string | null;
  expiresAt: number | null;
  problem: string | null;
  triedAt: number;
  installedAt: number;
}

export async function openInstallations(parts: {
  /** The installation of SLACK_BOT_TOKEN; never written down. */
  environment: (Installation & { botToken: string }) | null;
  teams: readonly string[];
  /** Null: nobody can install Psi, and installations kept from earlier are not opened. */
  sealed: { table: InstallationTable; secretKey: Buffer; exchange: OAuthExchange } | null;
  apiUrl: string | null;
  clock: Clock;
  logger: Logger;
}): Promise<Installations> {
  const { environment, sealed, clock, logger } = parts;
  const held = new Map<string, Held>();
  const clients = new Map<string, WebClient>();
  const refreshing = new Map<string, Promise<void>>();

  for (const row of sealed ? await sealed.table.all() : []) {
    const opened = sealed && openRow(row, sealed.secretKey);
    if (opened) held.set(row.team_id, opened);
    else logger.error({ teamId: row.team_id }, 'an installation does not open with PSI_SECRET_KEY');
  }
  if (environment)
    held.set(environment.teamId, {
      ...environment,
      refreshToken: null,
      expiresAt: null,
      problem: null,
      triedAt: 0,
      installedAt: 0,
    });

  const admits = (teamId: string) =>
    parts.teams.length > 0 ? parts.teams.includes(teamId) : teamId === environment?.teamId;

  function find(teamId: string): Held | null {
    return admits(teamId) ? (held.get(teamId) ?? null) : null;
  }

  function refresh(installation: Held): Promise<void> {
    const { teamId } = installation;
    const running = refreshing.get(teamId);
    if (running) return running;
    const started = rotate(installation).finally(() => refreshing.delete(teamId));
    refreshing.set(teamId, started);
    return started;
  }

  /** The new tokens are in the store before the first call is made with them. */
  async function rotate(installation: Held): Promise<void> {
    const { teamId, refreshToken } = installation;
    if (!sealed || refreshToken === null) return;
    installation.triedAt = clock.now();
    await sealed.table.change(teamId, { refreshing_at: clock.now() });
    const outcome = await sealed.exchange.refresh(refreshToken);
    if (outcome.status === 'refused') {
      installation.problem = `The token of ${installation.teamName} can no longer be refreshed (${outcome.error}). Open /slack/install to install Psi there again.`;
      logger.error({ teamId, error: outcome.error }, 'a token could not be refreshed');
      await sealed.table.change(teamId, { problem: installation.problem });
      return;
    }
    const { botToken, refreshToken: next, expiresAt } = outcome;
    await sealed.table.change(teamId, {
      bot_token: seal(botToken, sealed.secretKey, `${teamId} bot_token`),
      refresh_token: next === null ? null : seal(next, sealed.secretKey, `${teamId} refresh_token`),
      expires_at: expiresAt,
      refreshing_at: null,
      problem: null,
    });
    Object.assign(installation, { botToken, refreshToken: next, expiresAt, problem: null });
  }

  async function token(teamId: string): Promise<string> {
    const installation = find(teamId);
    if (!installation)
      throw new UserError('not_connected', 'Psi is not installed in this workspace.', 'Ask an operator.');
    const left = (installation.expiresAt ?? Number.POSITIVE_INFINITY) - clock.now();
    if (left > REFRESH_AHEAD_MS) return installation.botToken;
    const isFirm = left > 0;
    const isTried = !refreshing.has(teamId) && clock.now() - installation.triedAt < RETRY_AFTER_MS;
    if (isFirm && isTried) return installation.botToken;
    try {
      await refresh(installation);
    } catch (error) {
      logger.warn({ err: error, teamId }, 'a token could not be refreshed just now');
      if (!isFirm) throw error;
    }
    return installation.botToken;
  }

  return {
    list: () => [...held.values()].filter((each) => admits(each.teamId)),
    find,
    homeTeamId: () => environment?.teamId ?? parts.teams[0] ?? '',
    admits,
    token,
    clientFor(teamId) {
      const known = clients.get(teamId);
      if (known) return known;
      const client = createDeliveryClient(() => token(teamId), parts.apiUrl);
      clients.set(teamId, client);
      return client;
    },
    async add(grant) {
      if (!sealed) throw new Error('installations cannot be kept without PSI_SECRET_KEY');
      const installedAt = clock.now();
      await sealed.table.put(toRow(grant, sealed.secretKey, installedAt));
      held.set(grant.teamId, { ...grant, problem: null, triedAt: 0, installedAt });
    },
    async remove(teamId, saidAt) {
      // Slack tells whole seconds.
      if (saidAt + 1000 < (held.get(teamId)?.installedAt ?? 0)) return;
      held.delete(teamId);
      await sealed?.table.remove(teamId);
      logger.warn({ teamId }, 'Psi was removed from a workspace');
    },
    problems: () => [...held.values()].flatMap((each) => each.problem ?? []),
  };
}

function openRow(row: InstallationRow, key: Buffer): Held | null {
  const botToken = unseal(row.bot_token, key, `${row.team_id} bot_token`);
  const refreshToken =
    row.refresh_token === null ? null : unseal(row.refresh_token, key, `${row.team_id} refresh_token`);
  if (botToken === null || (row.refresh_token !== null && refreshToken === null)) return null;
  return {
    teamId: row.team_id,
    teamName: row.team_name,
    botUserId: row.bot_user_id,
    botId: row.bot_id,
    botToken,
    refreshToken,
    expiresAt: row.expires_at,
    problem: row.problem,
    triedAt: 0,
    installedAt: row.installed_at,
  };
}

function toRow(grant: Grant, key: Buffer, installedAt: number): InstallationRow {
  const { teamId, refreshToken } = grant;
  return {
    team_id: teamId,
    enterprise_id: grant.enterpriseId,
    team_name: grant.teamName,
    bot_user_id: grant.botUserId,
    bot_id: grant.botId,
    scopes: grant.scopes.join(','),
    bot_token: seal(grant.botToken, key, `${teamId} bot_token`),
    refresh_token: refreshToken === null ? null : seal(refreshToken, key, `${teamId} refresh_token`),
    expires_at: grant.expiresAt,
    refreshing_at: null,
    problem: null,
    installed_by: grant.installedBy,
    installed_at: installedAt,
  };
}
