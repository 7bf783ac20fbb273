import { createHash } from 'node:crypto';
import { WebAPIPlatformError, type WebClient } from '@slack/web-api';
import { ALERT_KINDS, type AlertKind, type AlertRecord } from '../domain/alerts/alert.ts';
import { allot, MESSAGES_AN_HOUR } from '../domain/alerts/grouping.ts';
import { isSnoozed } from '../domain/alerts/lifecycle.ts';
import type { AlertRule } from '../domain/policy/alert-rules.ts';
import type { Clock } from '../lib/clock.ts';
import type { Logger } from '../lib/logger.ts';
import type { PendingWork } from '../lib/pending-work.ts';
import type { AlertCard, AlertCards as CardStore } from '../store/alert-cards.ts';
import { type AlertTargets, createAlertTargets } from './alert-targets.ts';
import { sleep } from './delivery/call-slack.ts';
import type { OutgoingMessage, Poster } from './delivery/poster.ts';
import type { SlackDirectory } from './directory.ts';
import { alertCard, joinedLine, overLine, wokeLine } from './views/alert-card.ts';

/** Keeps the cards in Slack true to the alerts: one message a kind and place, however much happens at once. */
export interface AlertMessages {
  /** Something has changed: cards are brought up to date soon, each at most once in `PACE_MS`. */
  refresh(): void;
}

/** What Slack is given of the alerts. */
export interface AlertSurface {
  cards: CardStore;
  onChange(listener: () => void): void;
  rules(): Record<AlertKind, AlertRule>;
  teamId: string;
  tz: string;
}

/** From now on cards follow the alerts. */
export function tellAlerts(
  parts: AlertSurface & {
    client: WebClient;
    directory: SlackDirectory;
    poster: Poster;
    clock: Clock;
    pending: PendingWork;
    logger: Logger;
    simulated: boolean;
  },
): void {
  const messages = createAlertMessages({ ...parts, targets: createAlertTargets(parts) });
  parts.onChange(() => messages.refresh());
}

/** Changes within this much real time become one update: Slack would refuse more. */
const PACE_MS = 1_500;
const HOUR_MS = 3_600_000;

export function createAlertMessages(parts: {
  cards: CardStore;
  targets: AlertTargets;
  poster: Poster;
  clock: Clock;
  pending: PendingWork;
  logger: Logger;
  teamId: string;
  tz: string;
  simulated: boolean;
  /** Real milliseconds from one round of updates to the next. */
  paceMs?: number;
}): AlertMessages {
  const { cards, targets, poster, clock, pending, logger, teamId, tz, simulated, paceMs = PACE_MS } = parts;
  let again = false;
  let running = false;
  let beganAt = Number.NEGATIVE_INFINITY;

  const messagesLeft = (channelId: string) =>
    MESSAGES_AN_HOUR - cards.messagesSince(channelId, clock.now() - HOUR_MS);

  async function placeAll(): Promise<void> {
    const unplaced = cards.unplaced();
    for (const kind of ALERT_KINDS) {
      const fresh = unplaced.filter((alert) => alert.kind === kind);
      if (fresh.length > 0) await placeKind(kind, fresh);
    }
  }

  async function placeKind(kind: AlertKind, fresh: readonly AlertRecord[]): Promise<void> {
    const alertIds = fresh.map(({ id }) => id);
    const seen = fresh.map(({ lastSeenAt }) => lastSeenAt);
    const joinedAt = Math.max(...seen);
    for (const { target, channelId } of await targets.of(kind)) {
      const nowAt = clock.now();
      const place = allot(cards.live(kind, target), messagesLeft(channelId), Math.min(...seen));
      if (place.to === 'new')
        await cards.open({ kind, target, teamId, channelId, alertIds, nowAt, joinedAt });
      if (place.to !== 'card') continue;
      await cards.join(place.cardId, target, alertIds, joinedAt);
      const card = place.say ? cards.get(place.cardId) : null;
      if (card) await sayInThread(card, `joined:${card.id}:${alertIds[0]}`, joinedLine(fresh, tz));
    }
  }

  async function sayInThread(card: AlertCard, key: string, line: string): Promise<void> {
    if (card.messageTs === null || messagesLeft(card.channelId) <= 0) return;
    const { channelId, messageTs: threadTs } = card;
    await poster.post(`alert:${key}`, { teamId: card.teamId, channelId, threadTs, ...lineMessage(line) });
  }

  async function show(card: AlertCard): Promise<void> {
    const nowAt = clock.now();
    const message = alertCard(card, { nowAt, tz, simulated });
    const rendered = createHash('sha256').update(JSON.stringify(message)).digest('hex');
    if (card.messageTs === null) await postCard(card, message, rendered);
    else if (card.rendered !== rendered) {
      const posted = { teamId: card.teamId, channelId: card.channelId, ts: card.messageTs };
      await poster.update(posted, message);
    }
    const posted = cards.get(card.id);
    if (!posted || posted.messageTs === null) return;
    await tellEnds(posted, nowAt);
    cards.shown(
      card.id,
      rendered,
      posted.alerts.every((alert) => alert.state === 'resolved'),
    );
  }

  async function postCard(
    card: AlertCard,
    message: Pick<OutgoingMessage, 'text' | 'blocks'>,
    rendered: string,
  ): Promise<void> {
    try {
      const { teamId: team, channelId } = card;
      const posted = await poster.post(`alert:${card.id}`, { teamId: team, channelId, ...message });
      cards.posted(card.id, posted.ts, rendered);
    } catch (error) {
      if (!(error instanceof WebAPIPlatformError)) throw error;
      // Psi was removed or the channel archived: the alerts go where they can be read.
      logger.warn({ err: error, target: card.target }, 'an alert could not be posted there');
      targets.forget();
      await cards.discard(card.id);
      again = true;
    }
  }

  /** A short line under the card when all on it is over, or when a snooze has run out before that. */
  async function tellEnds(card: AlertCard, nowAt: number): Promise<void> {
    if (card.alerts.every((alert) => alert.state === 'resolved')) {
      const revisions = card.alerts.reduce((sum, alert) => sum + alert.revision, 0);
      if (!card.settled) await sayInThread(card, `over:${card.id}:${revisions}`, overLine(card.alerts));
      return;
    }
    const woken = card.alerts.filter(
      (alert) => alert.state === 'open' && alert.snoozedUntilAt !== null && !isSnoozed(alert, nowAt),
    );
    const [first] = woken;
    if (first) await sayInThread(card, `woke:${card.id}:${first.snoozedUntilAt}`, wokeLine(woken));
  }

  async function bringUpToDate(): Promise<void> {
    await placeAll();
    for (const card of cards.unsettled()) {
      try {
        await show(card);
      } catch (error) {
        logger.error({ err: error, card: card.id }, 'an alert card could not be brought up to date');
      }
    }
  }

  async function run(): Promise<void> {
    while (again) {
      await sleep(Math.max(0, beganAt + paceMs - performance.now()));
      beganAt = performance.now();
      again = false;
      try {
        await bringUpToDate();
      } catch (error) {
        logger.error({ err: error }, 'alerts could not be placed');
      }
    }
  }

  return {
    refresh() {
      again = true;
      if (running) return;
      running = true;
      void pending.track(run).finally(() => {
        running = false;
      });
    },
  };
}

function lineMessage(line: string): Pick<OutgoingMessage, 'text' | 'blocks'> {
  return { text: line, blocks: [{ type: 'section', text: { type: 'mrkdwn', text: line } }] };
}
