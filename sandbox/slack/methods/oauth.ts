import { z } from 'zod';
import { defineMethod } from '../define-method.ts';
import { SlackError } from '../errors.ts';
import { CLIENT, type Granted, TOKEN_LIVES_S } from '../teams.ts';
import { BOT } from '../workspace.ts';

const accessInput = z.object({
  client_id: z.string().optional(),
  client_secret: z.string().optional(),
  code: z.string().optional(),
  redirect_uri: z.string().optional(),
  grant_type: z.string().default('authorization_code'),
  refresh_token: z.string().optional(),
});

export const OAUTH_METHODS = [
  defineMethod({
    name: 'oauth.v2.access',
    tier: 'tier4',
    token: 'none',
    input: accessInput,
    run(args, slack) {
      if (args.client_id !== CLIENT.id) throw new SlackError('invalid_client_id');
      if (args.client_secret !== CLIENT.secret) throw new SlackError('bad_client_secret');
      if (args.grant_type === 'refresh_token')
        return granted(slack.store.teams.refresh(args.refresh_token ?? ''), slack.store.founderOf);
      if (args.grant_type !== 'authorization_code') throw new SlackError('invalid_grant_type');
      const grant = slack.store.teams.redeem(args.code ?? '', args.redirect_uri ?? null);
      return granted(grant, slack.store.founderOf);
    },
  }),
  defineMethod({
    name: 'auth.revoke',
    tier: 'tier3',
    input: z.object({}),
    run(_args, slack) {
      slack.store.teams.revoke(slack.token);
      return { revoked: true };
    },
  }),
];

function granted({ team, scope, token }: Granted, founderOf: (teamId: string) => string) {
  return {
    access_token: token.token,
    token_type: 'bot',
    refresh_token: token.refreshToken,
    expires_in: TOKEN_LIVES_S,
    scope,
    bot_user_id: BOT.userId,
    app_id: BOT.appId,
    team: { id: team.id, name: team.name },
    enterprise: null,
    authed_user: { id: founderOf(team.id) },
    is_enterprise_install: false,
  };
}
