import type { App, GlobalShortcut, MessageShortcut } from '@slack/bolt';
import { z } from 'zod';
import { plainCell } from '../../domain/language/safe-text.ts';
import type { Place, Principal } from '../../domain/types.ts';
import { repeatable, sleep } from '../delivery/call-slack.ts';
import { plainText } from '../message-text.ts';
import type { SlackServices } from '../services.ts';
import { ASK, askModal, type Quote, quoteSchema } from '../views/ask-modal.ts';
import { clip, context, mrkdwn, section } from '../views/blocks.ts';
import { modal } from '../views/receipt.ts';

/** A trigger lives three seconds: what has not been looked up by then is looked up behind an open form. */
const OPEN_WITHIN_MS = 1500;

const messageSchema = z.looseObject({
  ts: z.string(),
  thread_ts: z.string().optional(),
  text: z.string().default(''),
  user: z.string().optional(),
});

/** "Ask Psi about this" in a message's menu and "Ask Psi" anywhere: a form, and a turn of its own for what it asks. */
export function registerShortcuts(app: App, services: SlackServices): void {
  app.shortcut<MessageShortcut>(
    { callback_id: ASK.aboutMessage, type: 'message_action' },
    async ({ ack, shortcut, context: bolt }) => {
      await ack();
      const message = messageSchema.parse(shortcut.message);
      const teamId = shortcut.team?.id ?? bolt.teamId ?? '';
      const where = {
        teamId,
        channelId: shortcut.channel.id,
        threadTs: message.thread_ts ?? message.ts,
      };
      const view = async () => {
        const [author, internal] = await Promise.all([
          nameOf(services, teamId, message.user),
          isInternal(services, where),
        ]);
        const text = plainText(message.text, bolt.botUserId ?? '');
        return askModal({ channelId: where.channelId, threadTs: where.threadTs, author, text }, internal);
      };
      await openSoon(services, teamId, shortcut.trigger_id, view);
    },
  );

  app.shortcut<GlobalShortcut>({ callback_id: ASK.anything, type: 'shortcut' }, async ({ ack, shortcut }) => {
    await ack();
    const teamId = shortcut.team?.id ?? shortcut.user.team_id ?? '';
    await services
      .clientFor(teamId)
      .views.open({ trigger_id: shortcut.trigger_id, view: askModal(null, false) });
  });

  app.view(ASK.submitted, async ({ ack, body, view }) => {
    await ack();
    const by = await services.directory.principal(body.team?.id ?? '', body.user.id);
    const question = (view.state.values.question?.question?.value ?? '').trim();
    const inThread = view.state.values.where?.where?.selected_option?.value === 'thread';
    const quote = view.private_metadata === '' ? null : quoteSchema.parse(JSON.parse(view.private_metadata));
    if (question === '') return;
    await askFor(services, by, { key: view.id, question, quote, inThread });
  });
}

interface Asked {
  /** The form: submitted once, asked once. */
  key: string;
  question: string;
  quote: Quote | null;
  inThread: boolean;
}

async function askFor(services: SlackServices, by: Principal, asked: Asked): Promise<void> {
  const { question, quote } = asked;
  const turnId = `${by.teamId}:form:${asked.key}`;
  if (!(await services.inbox.claim(`turn:${turnId}`))) return;
  const place = await placeFor(services, by, asked);
  const quoted = quote ? { text: quote.text, author: quote.author } : undefined;
  await services.conversation.handle({
    turnId,
    principal: by,
    place,
    text: question,
    ...(quoted ? { quoted } : {}),
  });
  await services.inbox.done(`turn:${turnId}`);
}

/** A thread of its own under the question, in the asker's DM, unless it was to go where the message stands. */
async function placeFor(services: SlackServices, by: Principal, asked: Asked): Promise<Place> {
  const { question, quote } = asked;
  const { teamId } = by;
  const there =
    asked.inThread && quote ? { teamId, channelId: quote.channelId, threadTs: quote.threadTs } : null;
  // Who can read there is asked again: somebody may have been invited since the form was opened.
  const answersThere = there !== null && (await isInternal(services, there));
  const channelId = answersThere ? there.channelId : await services.poster.openDm(teamId, by.userId);
  const opening = quote
    ? [context(`About what ${mrkdwn(quote.author)} wrote: ${mrkdwn(clip(plainCell(quote.text), 300))}`)]
    : [];
  const posted = await services.poster.post(`asked:${asked.key}`, {
    teamId,
    channelId,
    ...(answersThere ? { threadTs: there.threadTs } : {}),
    text: question,
    blocks: [section(`*${mrkdwn(by.name)} asks:* ${mrkdwn(question)}`), ...opening],
  });
  return services.directory.place({ teamId, channelId, threadTs: answersThere ? there.threadTs : posted.ts });
}

/** Opens what is known in time, else a waiting form that is then filled in. */
async function openSoon(
  services: SlackServices,
  teamId: string,
  trigger_id: string,
  make: () => Promise<ReturnType<typeof modal>>,
): Promise<void> {
  const making = make();
  const ready = await Promise.race([making, sleep(OPEN_WITHIN_MS).then(() => null)]);
  const view = ready ?? modal('Ask about this', [section('One moment…')]);
  const { views } = services.clientFor(teamId);
  const opened = await views.open({ trigger_id, view });
  const view_id = opened.view?.id;
  if (ready || !view_id) return;
  const late = await making;
  await repeatable(() => views.update({ view_id, view: late }));
}

async function nameOf(services: SlackServices, teamId: string, userId: string | undefined): Promise<string> {
  return userId ? (await services.directory.principal(teamId, userId)).name : 'An app';
}

/** Whether an answer may stand there. Where Psi is no member it may not, and cannot. */
async function isInternal(
  services: SlackServices,
  where: { teamId: string; channelId: string; threadTs: string },
): Promise<boolean> {
  try {
    const { channel } = await services
      .clientFor(where.teamId)
      .conversations.info({ channel: where.channelId });
    const isThere = channel?.is_member === true || channel?.is_im === true;
    return isThere && (await services.directory.place(where)).internalOnly;
  } catch (error) {
    services.logger.info({ err: error }, 'a channel could not be looked at; answering in private');
    return false;
  }
}
