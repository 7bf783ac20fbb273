import type { BlockAction } from '@slack/bolt';
import { z } from 'zod';
import type { DecisionOutcome } from '../../approvals/types.ts';
import type { Principal } from '../../domain/types.ts';
import type { SlackServices } from '../services.ts';
import { mrkdwn, section } from '../views/blocks.ts';

/** A press of a button, by whom and on which copy of a card. */
export interface Click {
  value: string;
  /** What was on the card: blocks are named after what they showed. */
  blockId: string;
  by: Principal;
  triggerId: string;
  channelId: string | null;
  threadTs: string | null;
  /** Null in App Home and in a form. */
  messageTs: string | null;
}

const actionSchema = z.looseObject({ value: z.string().default(''), block_id: z.string().default('') });
const messageSchema = z.looseObject({ ts: z.string().optional(), thread_ts: z.string().optional() });

export async function readClick(
  services: SlackServices,
  block: BlockAction,
  action: unknown,
): Promise<Click> {
  const pressed = actionSchema.safeParse(action).data ?? { value: '', block_id: '' };
  const message = messageSchema.safeParse(block.message).data;
  const by = await services.directory.principal(block.team?.id ?? '', block.user.id);
  return {
    value: pressed.value,
    blockId: pressed.block_id,
    by,
    triggerId: block.trigger_id,
    channelId: block.channel?.id ?? null,
    threadTs: message?.thread_ts ?? null,
    messageTs: message?.ts ?? null,
  };
}

const SILENT: ReadonlySet<DecisionOutcome['status']> = new Set(['approved', 'rejected']);
const COUNTED: ReadonlySet<DecisionOutcome['status']> = new Set(['approved', 'rejected', 'recorded']);

/** A click that took effect is seen on the card; every other gets its answer in private, and a true card. */
export async function tell(services: SlackServices, click: Click, outcome: DecisionOutcome): Promise<void> {
  if (!SILENT.has(outcome.status)) await whisper(services, click, outcome.say);
  const { approval, status } = outcome;
  if (approval === null) return;
  await services.pending.track(async () => {
    if (COUNTED.has(status)) await services.cards.show(approval);
    else await renewCopy(services, click, approval);
  });
}

/** What was clicked looked alive and was not: that very copy is drawn again. */
export async function renewCopy(
  services: SlackServices,
  click: Click,
  approval: NonNullable<DecisionOutcome['approval']>,
): Promise<void> {
  const { channelId, messageTs } = click;
  if (channelId !== null && messageTs !== null) {
    await services.cards.renew(approval, { channelId, ts: messageTs });
  } else {
    await services.cards.show(approval);
    await services.homes.show(click.by);
  }
}

/** Said to the one who clicked, where they clicked; in their DM when that was App Home. */
export async function whisper(services: SlackServices, click: Click, say: string): Promise<void> {
  const channelId = click.channelId ?? (await services.poster.openDm(click.by.teamId, click.by.userId));
  await services.poster.ephemeral(click.by.userId, {
    teamId: click.by.teamId,
    channelId,
    ...(click.threadTs ? { threadTs: click.threadTs } : {}),
    text: say,
    blocks: [section(mrkdwn(say))],
  });
}
