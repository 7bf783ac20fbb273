import { z } from 'zod';
import { ALERT_KINDS, type AlertKind, type AlertRecord } from '../domain/alerts/alert.ts';
import { newId } from '../lib/ids.ts';
import { toAlert } from './alerts.ts';
import { allRows, change, firstRow, ledgerTransaction } from './ledger.ts';
import type { Store } from './open-store.ts';
import type { Schema } from './schema.ts';

/** A Slack message that shows alerts of one kind, with those on it, oldest first. */
export interface AlertCard {
  id: string;
  kind: AlertKind;
  target: string;
  teamId: string;
  channelId: string;
  /** Null until it has been posted. */
  messageTs: string | null;
  rendered: string | null;
  settled: boolean;
  /** When the newest of its alerts happened. */
  joinedAt: number;
  alerts: AlertRecord[];
}

/** Which alerts stand on which message. */
export interface AlertCards {
  /** Open alerts that are on no card yet. */
  unplaced(): AlertRecord[];
  /** Cards of the kind in this place on which something is open. */
  live(kind: AlertKind, target: string): { id: string; joinedAt: number }[];
  /** Cards that are not posted, or may show something that is not so any more. */
  unsettled(): AlertCard[];
  get(id: string): AlertCard | null;
  /** Of the card that is this message; empty when it is none. */
  alertsAt(channelId: string, messageTs: string): AlertRecord[];
  open(card: {
    kind: AlertKind;
    target: string;
    teamId: string;
    channelId: string;
    alertIds: readonly string[];
    nowAt: number;
    joinedAt: number;
  }): Promise<void>;
  join(cardId: string, target: string, alertIds: readonly string[], joinedAt: number): Promise<void>;
  posted(id: string, messageTs: string, rendered: string): void;
  shown(id: string, rendered: string, settled: boolean): void;
  /** The card cannot be posted where it was meant to be: its alerts are on no card again. */
  discard(id: string): Promise<void>;
  /** Messages about alerts in a channel since an instant. */
  messagesSince(channelId: string, sinceAt: number): number;
}

type Row = Schema['alert_cards'];

export function createAlertCardStore(store: Store): AlertCards {
  const { db } = store;

  function withAlerts(rows: readonly Row[]): AlertCard[] {
    if (rows.length === 0) return [];
    const members = allRows(
      store,
      db
        .selectFrom('alert_card_alerts')
        .innerJoin('alerts', 'alerts.id', 'alert_card_alerts.alert_id')
        .selectAll('alerts')
        .select('alert_card_alerts.card_id')
        .where(
          'alert_card_alerts.card_id',
          'in',
          rows.map((row) => row.id),
        )
        .orderBy('alerts.opened_at')
        .orderBy('alerts.id')
        .compile(),
    );
    return rows.map((row) => ({
      id: row.id,
      kind: z.enum(ALERT_KINDS).parse(row.kind),
      target: row.target,
      teamId: row.team_id,
      channelId: row.channel_id,
      messageTs: row.message_ts,
      rendered: row.rendered,
      settled: row.settled === 1,
      joinedAt: row.joined_at,
      alerts: members.filter((member) => member.card_id === row.id).map(toAlert),
    }));
  }

  function place(cardId: string, target: string, alertIds: readonly string[]): void {
    for (const alertId of alertIds) {
      const row = { card_id: cardId, alert_id: alertId, target };
      const insert = db.insertInto('alert_card_alerts').values(row);
      change(store, insert.onConflict((conflict) => conflict.doNothing()).compile());
    }
  }

  function update(id: string, patch: Partial<Row>): void {
    change(store, db.updateTable('alert_cards').set(patch).where('id', '=', id).compile());
  }

  const holdsOpen = db
    .selectFrom('alert_card_alerts')
    .innerJoin('alerts', 'alerts.id', 'alert_card_alerts.alert_id')
    .where('alerts.state', '=', 'open')
    .select('alert_card_alerts.card_id');

  return {
    unplaced: () =>
      allRows(
        store,
        db
          .selectFrom('alerts')
          .selectAll()
          .where('state', '=', 'open')
          .where('id', 'not in', db.selectFrom('alert_card_alerts').select('alert_id'))
          .orderBy('opened_at')
          .orderBy('id')
          .compile(),
      ).map(toAlert),
    live: (kind, target) =>
      allRows(
        store,
        db
          .selectFrom('alert_cards')
          .select(['id', 'joined_at as joinedAt'])
          .where('kind', '=', kind)
          .where('target', '=', target)
          .where('id', 'in', holdsOpen)
          .compile(),
      ),
    unsettled: () =>
      withAlerts(
        allRows(
          store,
          db
            .selectFrom('alert_cards')
            .selectAll()
            .where((is) => is.or([is('settled', '=', 0), is('id', 'in', holdsOpen)]))
            .orderBy('opened_at')
            .compile(),
        ),
      ),
    get(id) {
      const row = firstRow(store, db.selectFrom('alert_cards').selectAll().where('id', '=', id).compile());
      return (row && withAlerts([row])[0]) ?? null;
    },
    alertsAt(channelId, messageTs) {
      const row = firstRow(
        store,
        db
          .selectFrom('alert_cards')
          .selectAll()
          .where('channel_id', '=', channelId)
          .where('message_ts', '=', messageTs)
          .compile(),
      );
      return (row && withAlerts([row])[0]?.alerts) ?? [];
    },
    open: ({ kind, target, teamId, channelId, alertIds, nowAt, joinedAt }) =>
      ledgerTransaction(store, () => {
        const id = newId('card');
        const blank = { message_ts: null, rendered: null, settled: 0, opened_at: nowAt, joined_at: joinedAt };
        const row = { id, kind, target, team_id: teamId, channel_id: channelId, ...blank };
        change(store, db.insertInto('alert_cards').values(row).compile());
        place(id, target, alertIds);
      }),
    join: (cardId, target, alertIds, joinedAt) =>
      ledgerTransaction(store, () => {
        place(cardId, target, alertIds);
        change(
          store,
          db
            .updateTable('alert_cards')
            .set((is) => ({ joined_at: is.fn<number>('max', ['joined_at', is.val(joinedAt)]), settled: 0 }))
            .where('id', '=', cardId)
            .compile(),
        );
      }),
    posted: (id, messageTs, rendered) => update(id, { message_ts: messageTs, rendered }),
    shown: (id, rendered, settled) => update(id, { rendered, settled: Number(settled) }),
    discard: (id) =>
      ledgerTransaction(store, () => {
        change(store, db.deleteFrom('alert_card_alerts').where('card_id', '=', id).compile());
        change(store, db.deleteFrom('alert_cards').where('id', '=', id).compile());
      }),
    messagesSince(channelId, sinceAt) {
      const row = firstRow(
        store,
        db
          .selectFrom('deliveries')
          .select((is) => is.fn.countAll<number>().as('n'))
          .where('delivery_key', 'like', 'alert:%')
          .where('channel_id', '=', channelId)
          .where('at', '>=', sinceAt)
          .compile(),
      );
      return row?.n ?? 0;
    },
  };
}
