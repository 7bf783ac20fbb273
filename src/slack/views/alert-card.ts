import type { ModalView } from '@slack/types';
import type { AlertKind, AlertRecord } from '../../domain/alerts/alert.ts';
import { groupTitle, mostPressing } from '../../domain/alerts/group-words.ts';
import { isSnoozed } from '../../domain/alerts/lifecycle.ts';
import { SNOOZE_WORDS, SNOOZES } from '../../domain/alerts/snooze.ts';
import { button, clip, context, type MessageBlock, mrkdwn, section, slackDate } from './blocks.ts';
import { modal } from './receipt.ts';

export const ALERT_ACTIONS = {
  own: 'alert.own',
  release: 'alert.release',
  snooze: 'alert.snooze',
  wake: 'alert.wake',
  why: 'alert.why',
  ask: 'alert.ask',
  all: 'alert.all',
  page: 'alert.page',
} as const;

const NAMED = 5;
const PAGE = 20;

interface Shown {
  id: string;
  kind: AlertKind;
  alerts: readonly AlertRecord[];
}

interface At {
  nowAt: number;
  tz: string;
  simulated: boolean;
}

/** The card is only a view of its alerts: what needs a look, who has it, and when it is over. */
export function alertCard(card: Shown, at: At): { text: string; blocks: MessageBlock[] } {
  const open = card.alerts.filter((alert) => alert.state === 'open');
  const [only, another] = card.alerts;
  const footer = at.simulated ? [context('Simulated data')] : [];
  if (!only) return { text: 'Nothing needs a look.', blocks: [section('Nothing needs a look.')] };
  if (open.length === 0) {
    const said = another ? groupOver(card, at.tz) : singleOver(only);
    return { text: said.text, blocks: [...said.blocks, whyRow(card.id), ...footer] };
  }
  const told = another ? group(card, open, at) : single(only, at.nowAt);
  return { text: told.text, blocks: [...told.blocks, ...buttons(card, open, at.nowAt), ...footer] };
}

function single(alert: AlertRecord, nowAt: number): { text: string; blocks: MessageBlock[] } {
  const notes = [
    alert.count > 1 ? `Seen ${alert.count} times, last ${slackDate(alert.lastSeenAt)}` : null,
    ownerWords(alert),
    isSnoozed(alert, nowAt) ? `Snoozed until ${slackDate(alert.snoozedUntilAt ?? 0)}` : null,
  ].filter((note) => note !== null);
  const blocks: MessageBlock[] = [section(`*${mrkdwn(alert.title)}*\n${mrkdwn(alert.detail)}`)];
  if (notes.length > 0) blocks.push(context(notes.join(' · ')));
  return { text: alert.title, blocks };
}

function group({ kind, alerts }: Shown, open: readonly AlertRecord[], at: At) {
  const title = open.length === 1 ? (open[0]?.title ?? '') : groupTitle(kind, open, at.tz);
  const lines = mostPressing(open, NAMED).map((alert) => line(alert, at.nowAt));
  const more = open.length - lines.length;
  if (more > 0) lines.push(`and ${more.toLocaleString('en-US')} more`);
  const over = alerts.length - open.length;
  const blocks: MessageBlock[] = [section(`*${mrkdwn(title)}*`), section(lines.join('\n'))];
  if (over > 0) blocks.push(context(`${over} of ${alerts.length} ${over === 1 ? 'is' : 'are'} over`));
  return { text: title, blocks };
}

function line(alert: AlertRecord, nowAt: number): string {
  const state =
    alert.state === 'resolved'
      ? ' _(over)_'
      : isSnoozed(alert, nowAt)
        ? ` _(snoozed until ${slackDate(alert.snoozedUntilAt ?? 0)})_`
        : alert.owner
          ? ` _(${mrkdwn(alert.owner.name)} has it)_`
          : '';
  return `• ${mrkdwn(clip(alert.title, 250))}${state}`;
}

function ownerWords({ owner }: AlertRecord): string | null {
  return owner ? `${mrkdwn(owner.name)} has it` : null;
}

function singleOver(alert: AlertRecord) {
  const blocks: MessageBlock[] = [
    section(`*Over:* ${mrkdwn(alert.title)}\n${mrkdwn(alert.resolution ?? '')}`),
    context(
      `From ${slackDate(alert.openedAt)} to ${slackDate(alert.resolvedAt ?? alert.openedAt)}${alert.owner ? ` · ${mrkdwn(alert.owner.name)} had it` : ''}`,
    ),
  ];
  return { text: `Over: ${alert.title}`, blocks };
}

function groupOver({ kind, alerts }: Shown, tz: string) {
  const title = `Over, all of them: ${groupTitle(kind, alerts, tz)}`;
  return { text: title, blocks: [section(`*${mrkdwn(title)}*`)] };
}

function whyRow(cardId: string): MessageBlock {
  return {
    type: 'actions',
    block_id: 'alert',
    elements: [button({ actionId: ALERT_ACTIONS.why, text: 'Why?', value: `card:${cardId}` })],
  };
}

function buttons(card: Shown, open: readonly AlertRecord[], nowAt: number): MessageBlock[] {
  const value = `card:${card.id}`;
  const owned = open.every((alert) => alert.owner !== null);
  const asleep = open.every((alert) => isSnoozed(alert, nowAt));
  const taken = owned
    ? button({ actionId: ALERT_ACTIONS.release, text: 'Give it back', value })
    : button({ actionId: ALERT_ACTIONS.own, text: "I've got it", value });
  const quiet = asleep
    ? button({ actionId: ALERT_ACTIONS.wake, text: 'Wake', value })
    : {
        type: 'static_select' as const,
        action_id: ALERT_ACTIONS.snooze,
        placeholder: { type: 'plain_text' as const, text: 'Snooze' },
        options: SNOOZES.map((snooze) => ({
          text: { type: 'plain_text' as const, text: SNOOZE_WORDS[snooze] },
          value: `${snooze}:${card.id}`,
        })),
      };
  const more =
    card.alerts.length > 1
      ? button({ actionId: ALERT_ACTIONS.all, text: 'Show all', value })
      : button({ actionId: ALERT_ACTIONS.why, text: 'Why?', value });
  const ask = button({ actionId: ALERT_ACTIONS.ask, text: 'Ask Psi about it', value });
  return [{ type: 'actions', block_id: 'alert', elements: [taken, quiet, more, ask] }];
}

/** "Why?": what an alert was concluded from. */
export function whyModal(alerts: readonly AlertRecord[]): ModalView {
  const blocks = alerts.slice(0, 10).flatMap((alert): MessageBlock[] => [
    section(`*${mrkdwn(alert.title)}*\n${mrkdwn(alert.detail)}`),
    section(
      alert.facts
        .slice(0, 20)
        .map((fact) => `• ${mrkdwn(fact)}`)
        .join('\n') || 'Nothing more is kept.',
    ),
    context(`Opened ${slackDate(alert.openedAt)}, last seen ${slackDate(alert.lastSeenAt)}`),
  ]);
  return modal('Why this alert?', blocks);
}

/** Every alert of a card, a page at a time. */
export function allModal(card: Shown, page: number, nowAt: number): ModalView {
  const sorted = mostPressing(card.alerts, card.alerts.length);
  const pages = Math.max(1, Math.ceil(sorted.length / PAGE));
  const shown = sorted.slice(page * PAGE, (page + 1) * PAGE);
  const blocks: MessageBlock[] = [
    context(
      `${sorted.length.toLocaleString('en-US')} in all${pages > 1 ? `, page ${page + 1} of ${pages}` : ''}`,
    ),
    ...shown.map((alert) => section(line(alert, nowAt))),
  ];
  const step = (text: string, to: number) => ({
    ...button({ actionId: `${ALERT_ACTIONS.page}.${to}`, text, value: `card:${card.id}` }),
  });
  const elements = [
    ...(page > 0 ? [step('Previous', page - 1)] : []),
    ...(page + 1 < pages ? [step('Next', page + 1)] : []),
  ];
  if (elements.length > 0) blocks.push({ type: 'actions', block_id: 'pages', elements });
  return modal('All of them', blocks);
}

/** Lines in a card's thread. */
export function overLine(alerts: readonly AlertRecord[]): string {
  const [only, another] = alerts;
  if (only && !another) return `Over: ${mrkdwn(only.resolution ?? 'it is no longer so.')}`;
  return `All ${alerts.length.toLocaleString('en-US')} of these are over.`;
}

export function joinedLine(alerts: readonly AlertRecord[], tz: string): string {
  const [only, another] = alerts;
  if (only && !another) return `New on this card: ${mrkdwn(only.title)}`;
  const [first] = alerts;
  return first ? `New on this card: ${mrkdwn(groupTitle(first.kind, alerts, tz))}` : '';
}

export function wokeLine(alerts: readonly AlertRecord[]): string {
  const [only, another] = alerts;
  if (only && !another) return `The snooze is over, and it is still so: ${mrkdwn(only.title)}`;
  return `The snooze is over, and ${alerts.length} of these are still open.`;
}
