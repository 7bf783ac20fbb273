import { WebAPIPlatformError } from '@slack/web-api';
import { z } from 'zod';
import type { Clock } from '../lib/clock.ts';
import { createDeliveryClient, repeatable, waitingForRate } from './delivery/call-slack.ts';

/** What Slack grants with an installation. */
export interface Grant {
  teamId: string;
  teamName: string;
  enterpriseId: string | null;
  botUserId: string;
  botId: string;
  scopes: string[];
  botToken: string;
  refreshToken: string | null;
  /** Null where tokens do not rotate. */
  expiresAt: number | null;
  installedBy: string;
}

export type Refreshed =
  | { status: 'refreshed'; botToken: string; refreshToken: string | null; expiresAt: number | null }
  /** Slack will not take this refresh token, now or later. */
  | { status: 'refused'; error: string };

/** The calls of OAuth v2. */
export interface OAuthExchange {
  /** @returns null for an installation into a whole organisation. @throws what Slack says of the code. */
  redeem(code: string, redirectUri: string | null): Promise<Grant | { orgWide: true; botToken: string }>;
  refresh(refreshToken: string): Promise<Refreshed>;
  /** Gives a token back to Slack. */
  revoke(botToken: string): Promise<void>;
}

const tokenSchema = z.looseObject({
  access_token: z.string(),
  refresh_token: z.string().optional(),
  /** Seconds. */
  expires_in: z.number().optional(),
});
const grantSchema = tokenSchema.extend({
  scope: z.string().default(''),
  bot_user_id: z.string(),
  is_enterprise_install: z.boolean().default(false),
  team: z.looseObject({ id: z.string(), name: z.string().default('') }).nullable(),
  enterprise: z.looseObject({ id: z.string() }).nullish(),
  authed_user: z.looseObject({ id: z.string() }),
});

export function createOAuthExchange(parts: {
  clientId: string;
  clientSecret: string;
  apiUrl: string | null;
  clock: Clock;
}): OAuthExchange {
  const { clientId: client_id, clientSecret: client_secret, apiUrl, clock } = parts;
  const client = createDeliveryClient(null, apiUrl);
  const tokens = (given: z.infer<typeof tokenSchema>) => ({
    botToken: given.access_token,
    refreshToken: given.refresh_token ?? null,
    expiresAt: given.expires_in === undefined ? null : clock.now() + given.expires_in * 1000,
  });
  return {
    async redeem(code, redirectUri) {
      // A code is good once: a lost answer is not asked for again.
      const answer = await waitingForRate(() =>
        client.oauth.v2.access({
          client_id,
          client_secret,
          code,
          ...(redirectUri ? { redirect_uri: redirectUri } : {}),
        }),
      );
      const grant = grantSchema.parse(answer);
      if (grant.is_enterprise_install || grant.team === null)
        return { orgWide: true, botToken: grant.access_token };
      const self = createDeliveryClient(grant.access_token, apiUrl);
      const { bot_id } = await repeatable(() => self.auth.test());
      return {
        ...tokens(grant),
        teamId: grant.team.id,
        teamName: grant.team.name,
        enterpriseId: grant.enterprise?.id ?? null,
        botUserId: grant.bot_user_id,
        botId: bot_id ?? '',
        scopes: grant.scope.split(',').filter((scope) => scope !== ''),
        installedBy: grant.authed_user.id,
      };
    },
    async refresh(refreshToken) {
      try {
        const answer = await waitingForRate(() =>
          client.oauth.v2.access({
            client_id,
            client_secret,
            grant_type: 'refresh_token',
            refresh_token: refreshToken,
          }),
        );
        return { status: 'refreshed', ...tokens(tokenSchema.parse(answer)) };
      } catch (error) {
        if (!(error instanceof WebAPIPlatformError)) throw error;
        return { status: 'refused', error: error.data.error };
      }
    },
    async revoke(botToken) {
      await repeatable(() => createDeliveryClient(botToken, apiUrl).auth.revoke());
    },
  };
}
