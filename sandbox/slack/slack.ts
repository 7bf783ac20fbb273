import type { Sandbox } from '../core/types.ts';
import type { SlackFeed } from './feed.ts';
import type { RateLimits } from './rate-limits.ts';
import type { ResponseUrls } from './response-urls.ts';
import type { SocketHub } from './socket/hub.ts';
import type { SlackStore } from './store.ts';
import type { Triggers } from './triggers.ts';
import type { Team } from './workspace.ts';

/** The parts of the simulated Slack, given to every method and every control call. */
export interface Slack {
  sandbox: Sandbox;
  store: SlackStore;
  feed: SlackFeed;
  hub: SocketHub;
  limits: RateLimits;
  triggers: Triggers;
  responseUrls: ResponseUrls;
  /** Whose call this is: the workspace of the caller's token. The first one where nobody calls. */
  team: Team;
  /** The caller's token; empty where nobody calls. */
  token: string;
  /** `http://127.0.0.1:port` of this server. */
  origin(): string;
}
