import type { StandIns } from './core/stand-ins.ts';
import { registerSlack } from './slack/register.ts';
import { createWorld } from './world/world.ts';

/** The systems this sandbox has. */
export const standIns: StandIns = {
  createWorld: (anchor, parts, clock) => createWorld({ ...anchor, clock, saved: parts.keep }),
  createWebhooks: () => ({ deliver: () => undefined, pending: () => 0 }),
  applyCompanyEvent: () => ({ id: '' }),
  async register(app, sandbox) {
    const slack = registerSlack(app, sandbox);
    slack.attachSocket(app.server);
    const { users, channels, bot } = slack.state();
    return {
      pending: () => slack.pending(),
      botUserId: () => bot.user_id,
      users: () => users,
      channels: () => channels,
      watch: (listener) => {
        slack.feed.subscribe(listener);
      },
    };
  },
};
