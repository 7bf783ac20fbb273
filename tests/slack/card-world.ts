import { silentLogger } from '../../src/lib/logger.ts';
import { type Cards, createCards } from '../../src/slack/cards.ts';
import type { OutgoingMessage, Poster } from '../../src/slack/delivery/poster.ts';
import type { Workspace } from '../approvals/workspace.ts';

export interface Shown {
  key: string;
  channelId: string;
  threadTs: string | null;
  ts: string;
  text: string;
  blocks: OutgoingMessage['blocks'];
  updates: number;
}

/** What people see in Slack: it outlives every process, and takes each delivery key once, as the poster promises. */
export class Screen {
  readonly messages: Shown[] = [];
  /** The next so many updates are lost. */
  losing = 0;

  readonly poster: Poster = {
    post: async (key, message) => {
      const known = this.messages.find((one) => one.key === key);
      const shown = known ?? {
        key,
        channelId: message.channelId,
        threadTs: message.threadTs ?? null,
        ts: `${this.messages.length + 1}.0`,
        text: message.text,
        blocks: message.blocks,
        updates: 0,
      };
      if (known === undefined) this.messages.push(shown);
      return { teamId: message.teamId, channelId: shown.channelId, ts: shown.ts };
    },
    update: async (posted, message) => {
      if (this.losing > 0) {
        this.losing -= 1;
        throw new Error('Slack is down');
      }
      const shown = this.messages.find((one) => one.channelId === posted.channelId && one.ts === posted.ts);
      if (shown) Object.assign(shown, message, { updates: shown.updates + 1 });
    },
    ephemeral: async () => undefined,
    openDm: async (_teamId, userId) => `D${userId}`,
    delivered: async (key) => {
      const known = this.messages.find((one) => one.key === key);
      return known === undefined
        ? null
        : { state: 'posted', posted: { channelId: known.channelId, ts: known.ts } };
    },
    note: async () => undefined,
    knows: async () => true,
  };

  /** Copies of the card of a batch, one a place. */
  copies(batchId: string): Shown[] {
    return this.messages.filter(
      (one) => one.key.startsWith(`batch:${batchId}:`) && !one.key.endsWith(':summary'),
    );
  }

  summary(batchId: string): Shown | null {
    return this.messages.find((one) => one.key === `batch:${batchId}:summary`) ?? null;
  }
}

/** The cards of the process that runs now, drawn on the screen. */
export function drawOn(screen: Screen, w: Workspace): Cards {
  const cards = createCards({
    db: w.store.db,
    door: w.door,
    poster: screen.poster,
    directory: { members: async () => w.members },
    logger: silentLogger,
    gapMs: 0,
  });
  const { pending } = w;
  w.door.onChange((approval) => pending.track(() => cards.show(approval)));
  w.door.onNudge((nudge) => pending.track(() => cards.remind(nudge)));
  return cards;
}
