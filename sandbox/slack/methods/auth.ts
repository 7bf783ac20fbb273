import { z } from 'zod';
import { defineMethod } from '../define-method.ts';
import { SlackError } from '../errors.ts';
import { wireBot } from '../wire.ts';
import { BOT } from '../workspace.ts';

const none = z.object({});

export const AUTH_METHODS = [
  defineMethod({
    name: 'auth.test',
    tier: 'special',
    input: none,
    run: (_args, slack) => ({
      url: `${slack.origin()}/`,
      team: slack.team.name,
      user: BOT.handle,
      team_id: slack.team.id,
      user_id: BOT.userId,
      bot_id: BOT.botId,
      app_id: BOT.appId,
      is_enterprise_install: false,
    }),
  }),
  defineMethod({
    name: 'api.test',
    tier: 'tier4',
    input: z.looseObject({ error: z.string().optional() }),
    run(args) {
      if (args.error) throw new SlackError(args.error, { args });
      return { args };
    },
  }),
  defineMethod({
    name: 'apps.connections.open',
    tier: 'tier3',
    token: 'app',
    input: none,
    run(_args, slack) {
      const path = slack.hub.issueTicket();
      if (path === null) throw new SlackError('too_many_websockets');
      return { url: `${slack.origin().replace(/^http/, 'ws')}${path}` };
    },
  }),
  defineMethod({
    name: 'bots.info',
    tier: 'tier3',
    input: z.object({ bot: z.string().optional() }),
    run(args) {
      if (args.bot !== undefined && args.bot !== BOT.botId) throw new SlackError('bot_not_found');
      return { bot: wireBot() };
    },
  }),
  defineMethod({
    name: 'team.info',
    tier: 'tier3',
    input: none,
    run: (_args, slack) => ({
      team: {
        id: slack.team.id,
        name: slack.team.name,
        domain: slack.team.domain,
        email_domain: 'psizero.example',
        is_verified: false,
      },
    }),
  }),
  defineMethod({ name: 'emoji.list', tier: 'tier2', input: none, run: () => ({ emoji: {} }) }),
];
