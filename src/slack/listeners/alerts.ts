import type { App, BlockAction } from '@slack/bolt';
import { z } from 'zod';
import type { AlertRecord } from '../../domain/alerts/alert.ts';
import { questionAbout } from '../../domain/alerts/group-words.ts';
import { SNOOZES, snoozeEndAt } from '../../domain/alerts/snooze.ts';
import type { Principal } from '../../domain/types.ts';
import { UserError } from '../../lib/errors.ts';
import type { AlertCard } from '../../store/alert-cards.ts';
import { repeatable } from '../delivery/call-slack.ts';
import type { SlackServices } from '../services.ts';
import { ALERT_ACTIONS, allModal, whyModal } from '../views/alert-card.ts';
import { mrkdwn, section } from '../views/blocks.ts';
import { homeView } from '../views/home.ts';

const valueSchema = z.looseObject({ value: z.string() });
const selectedSchema = z.looseObject({ selected_option: z.looseObject({ value: z.string() }) });
const messageSchema = z.looseObject({ ts: z.string(), thread_ts: z.string().optional() });
const viewSchema = z.looseObject({ id: z.string(), type: z.string() });

interface Click {
  by: Principal;
  triggerId: string;
  channelId: string | null;
  messageTs: string | null;
  threadTs: string | null;
  viewId: string | null;
  inHome: boolean;
}

/** The buttons of an alert card and of App Home: each is checked against the policy, whoever can read the card. */
export function registerAlerts(app: App, services: SlackServices): void {
  const {
    alerts: { desk },
  } = services;

  const onAll =
    (change: (alert: AlertRecord, by: Principal) => Promise<unknown>) =>
    async ({ ack, body, action }: { ack: () => Promise<void>; body: BlockAction; action: unknown }) => {
      await ack();
      const click = await readClick(services, body);
      const open = behind(services, valueSchema.parse(action).value, click.by).filter(
        ({ state }) => state === 'open',
      );
      await answered(services, click, open, (alert) => change(alert, click.by));
    };

  app.action<BlockAction>(
    ALERT_ACTIONS.own,
    onAll((alert, by) => desk.own(alert.id, true, by)),
  );
  app.action<BlockAction>(
    ALERT_ACTIONS.release,
    onAll((alert, by) => desk.own(alert.id, false, by)),
  );
  app.action<BlockAction>(
    ALERT_ACTIONS.wake,
    onAll((alert, by) => desk.snooze(alert.id, null, by)),
  );

  app.action<BlockAction>(ALERT_ACTIONS.snooze, async ({ ack, body, action }) => {
    await ack();
    const click = await readClick(services, body);
    const [word, cardId] = selectedSchema.parse(action).selected_option.value.split(':');
    const untilAt = snoozeEndAt(z.enum(SNOOZES).parse(word), services.clock.now(), click.by.tz);
    const open = behind(services, `card:${cardId}`, click.by).filter(({ state }) => state === 'open');
    await answered(services, click, open, (alert) => desk.snooze(alert.id, untilAt, click.by));
  });

  app.action<BlockAction>(ALERT_ACTIONS.why, async ({ ack, body, action }) => {
    await ack();
    const click = await readClick(services, body);
    const shown = behind(services, valueSchema.parse(action).value, click.by);
    if (shown.length === 0) return whisper(services, click, NOT_YOURS);
    await services.client.views.open({ trigger_id: click.triggerId, view: whyModal(shown) });
  });

  app.action<BlockAction>(ALERT_ACTIONS.all, async ({ ack, body, action }) => {
    await ack();
    const click = await readClick(services, body);
    const card = cardOf(services, valueSchema.parse(action).value, click.by);
    if (!card) return whisper(services, click, NOT_YOURS);
    const view = allModal(card, 0, services.clock.now());
    await services.client.views.open({ trigger_id: click.triggerId, view });
  });

  app.action<BlockAction>(new RegExp(`^${ALERT_ACTIONS.page}\\.\\d+$`), async ({ ack, body, action }) => {
    await ack();
    const click = await readClick(services, body);
    const card = cardOf(services, valueSchema.parse(action).value, click.by);
    const { viewId } = click;
    if (!card || viewId === null) return;
    const page = Number('action_id' in action ? action.action_id.split('.').at(-1) : 0);
    const view = allModal(card, page, services.clock.now());
    await repeatable(() => services.client.views.update({ view_id: viewId, view }));
  });

  app.action<BlockAction>(ALERT_ACTIONS.ask, async ({ ack, body, action }) => {
    await ack();
    const click = await readClick(services, body);
    const shown = behind(services, valueSchema.parse(action).value, click.by);
    if (shown.length === 0) return whisper(services, click, NOT_YOURS);
    await ask(services, click, questionAbout(shown));
  });
}

const NOT_YOURS = 'Your role does not include alerts of this kind.';

/** The alerts a button stands for, as far as this person may see them. */
function behind(services: SlackServices, value: string, by: Principal): AlertRecord[] {
  const { desk, card, get } = services.alerts;
  const [kind, id = ''] = value.split(':');
  const found = kind === 'card' ? (card(id)?.alerts ?? []) : [get(id)].filter((alert) => alert !== null);
  const kinds = desk.kindsFor(by);
  return found.filter((alert) => kinds.includes(alert.kind));
}

function cardOf(services: SlackServices, value: string, by: Principal): AlertCard | null {
  const card = services.alerts.card(value.replace(/^card:/, ''));
  return card && services.alerts.desk.kindsFor(by).includes(card.kind) ? card : null;
}

/** What took effect is seen on the card; what did not is answered in private, once. */
async function answered(
  services: SlackServices,
  click: Click,
  open: readonly AlertRecord[],
  change: (alert: AlertRecord) => Promise<unknown>,
): Promise<void> {
  if (open.length === 0) {
    await whisper(services, click, 'There is nothing to do here: it is over, or not for your role.');
    return;
  }
  let refused: UserError | null = null;
  let done = 0;
  for (const alert of open) {
    try {
      await change(alert);
      done += 1;
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      refused = error;
    }
  }
  if (refused && done === 0)
    await whisper(services, click, [refused.message, refused.hint].filter(Boolean).join(' '));
  if (click.inHome) await refreshHome(services, click.by);
}

async function refreshHome(services: SlackServices, by: Principal): Promise<void> {
  const view = homeView(await services.home(by));
  await repeatable(() => services.client.views.publish({ user_id: by.userId, view }));
}

/** A turn in the card's thread, as the person who pressed: what they may not see, they are not told. */
async function ask(services: SlackServices, click: Click, text: string): Promise<void> {
  const { by, channelId, messageTs } = click;
  if (channelId === null || messageTs === null) return;
  const threadTs = click.threadTs ?? messageTs;
  const turnId = `${by.teamId}:${channelId}:${messageTs}:ask:${click.triggerId}`;
  if (!(await services.inbox.claim(`turn:${turnId}`))) return;
  const place = await services.directory.place({ teamId: by.teamId, channelId, threadTs });
  await services.conversation.handle({ turnId, principal: by, place, text });
  await services.inbox.done(`turn:${turnId}`);
}

async function readClick(services: SlackServices, body: BlockAction): Promise<Click> {
  const message = messageSchema.safeParse(body.message).data;
  const view = viewSchema.safeParse(body.view).data;
  return {
    by: await services.directory.principal(body.team?.id ?? '', body.user.id),
    triggerId: body.trigger_id,
    channelId: body.channel?.id ?? null,
    messageTs: message?.ts ?? null,
    threadTs: message?.thread_ts ?? null,
    viewId: view?.id ?? null,
    inHome: view?.type === 'home',
  };
}

async function whisper(services: SlackServices, click: Click, say: string): Promise<void> {
  const { by } = click;
  const channelId = click.channelId ?? (await services.poster.openDm(by.teamId, by.userId));
  await services.poster.ephemeral(by.userId, {
    teamId: by.teamId,
    channelId,
    ...(click.threadTs ? { threadTs: click.threadTs } : {}),
    text: say,
    blocks: [section(mrkdwn(say))],
  });
}
