import type { Server } from 'node:http';
import type { FastifyInstance } from 'fastify';
import type { Sandbox } from '../core/types.ts';
import { registerActions } from './control/actions.ts';
import { registerCommands } from './control/commands.ts';
import { registerGestures } from './control/gestures.ts';
import { registerMessages } from './control/messages.ts';
import { registerPeople, type ShownPerson, shownPerson } from './control/people.ts';
import { prepareControlScope } from './control/scope.ts';
import { shownChange } from './control/shown-change.ts';
import { registerTeams } from './control/teams.ts';
import { registerViews } from './control/views.ts';
import { type SlackChange, SlackFeed } from './feed.ts';
import { registerFileRoutes } from './files.ts';
import type { JsonObject } from './json.ts';
import { RateLimits } from './rate-limits.ts';
import { registerRespond } from './respond.ts';
import { ResponseUrls } from './response-urls.ts';
import type { Slack } from './slack.ts';
import { SocketHub } from './socket/hub.ts';
import { SlackStore } from './store.ts';
import { abandonStreams, awaitedStreams } from './stream-expiry.ts';
import { Triggers } from './triggers.ts';
import { type ApiTraffic, registerWebApi } from './web-api.ts';
import { BOT, TEAM } from './workspace.ts';

export interface SlackStandIn {
  /** Takes the WebSocket upgrades of Socket Mode; other paths are left alone. */
  attachSocket(server: Server): void;
  /** Envelopes not acknowledged or waiting for a connection, open streams and API calls under way. */
  pending(): number;
  /** The Slack part of `GET /sandbox/state`. */
  state(): SlackState;
  feed: SlackFeed;
  /** A change of the feed as JSON for the web page. */
  show(change: SlackChange): JsonObject;
  /** Socket Mode connections open now. */
  connections(): number;
  /** Forgets everything but the fixed workspace and drops all connections. Also runs at every sandbox reset. */
  reset(): void;
  /** Drops connections and timers. */
  close(): void;
}

export interface SlackState {
  users: ShownPerson[];
  channels: { id: string; name: string; type: string; members: string[]; is_ext_shared: boolean }[];
  bot: { user_id: string };
}

/** Serves Slack's Web API, Socket Mode, and the Slack part of the control API. */
export function registerSlack(app: FastifyInstance, sandbox: Sandbox): SlackStandIn {
  const now = () => sandbox.world.now();
  const store = new SlackStore(sandbox);
  const traffic: ApiTraffic = { inFlight: 0 };
  const slack: Slack = {
    sandbox,
    store,
    feed: new SlackFeed(),
    hub: new SocketHub(sandbox, store),
    limits: new RateLimits(now),
    triggers: new Triggers(),
    responseUrls: new ResponseUrls(now),
    team: TEAM,
    token: '',
    origin: () => originOf(app, sandbox),
  };
  slack.hub.onAllConnectionsLost = () => abandonStreams(slack);
  // Streams left open by an earlier start have lost the app that would end them.
  abandonStreams(slack);
  registerScopes(app, slack, traffic);
  const reset = () => {
    store.clear();
    slack.hub.reset();
    for (const part of [slack.limits, slack.triggers, slack.responseUrls]) part.reset();
    slack.feed.publish({ type: 'reset' });
  };
  sandbox.onReset(reset);
  sandbox.onRestore(() => store.reload());
  app.addHook('onClose', () => slack.hub.close());
  return {
    attachSocket: (server) => slack.hub.attach(server),
    pending: () => slack.hub.pending() + awaitedStreams(slack) + traffic.inFlight,
    state: () => slackState(slack),
    feed: slack.feed,
    show: (change) => shownChange(slack, change),
    connections: () => slack.hub.connectionCount(),
    reset,
    close: () => slack.hub.close(),
  };
}

/** Each family of routes reads bodies in its own way, and none of them changes how the rest of the app does. */
function registerScopes(app: FastifyInstance, slack: Slack, traffic: ApiTraffic): void {
  app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    const options = { parseAs: 'string', bodyLimit: 10_000_000 } as const;
    scope.addContentTypeParser('*', options, (_request, body, done) => done(null, body));
    registerWebApi(scope, slack, traffic);
    registerRespond(scope, slack);
  });
  app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    const options = { parseAs: 'buffer', bodyLimit: 50_000_000 } as const;
    scope.addContentTypeParser('*', options, (_request, body, done) => done(null, body));
    registerFileRoutes(scope, slack);
  });
  app.register(async (scope) => {
    prepareControlScope(scope);
    registerMessages(scope, slack);
    registerActions(scope, slack);
    registerViews(scope, slack);
    registerCommands(scope, slack);
    registerGestures(scope, slack);
    registerPeople(scope, slack);
    registerTeams(scope, slack);
  });
}

function originOf(app: FastifyInstance, sandbox: Sandbox): string {
  const address = app.server.address();
  const port = typeof address === 'object' && address !== null ? address.port : sandbox.config.port;
  return `http://127.0.0.1:${port}`;
}

function slackState(slack: Slack): SlackState {
  return {
    users: slack.store.people.all().map(shownPerson),
    channels: slack.store.channels.all().map((channel) => ({
      id: channel.id,
      name: channel.name,
      type: channel.type,
      members: [...channel.members],
      is_ext_shared: channel.isExtShared,
    })),
    bot: { user_id: BOT.userId },
  };
}
