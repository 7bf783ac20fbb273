import { type Briefing, briefingSchema } from '../domain/briefing/briefing.ts';
import { type BriefingClock, judgeSlot, type SlotVerdict } from '../domain/briefing/slots.ts';
import type { BriefingChannel } from '../domain/people/settings.ts';
import { dayNameAt } from '../domain/periods/calendar.ts';
import { allRows, change, firstRow, ledgerTransaction } from './ledger.ts';
import type { Store } from './open-store.ts';
import type { Schema } from './schema.ts';

/** `none`: not asked for. `unknown`: handed over, and nobody knows whether it was taken; never sent again. */
export type DeliveryState = 'none' | 'waiting' | 'sending' | 'sent' | 'failed' | 'unknown';
export type Delivery = 'slack' | 'email' | 'home';

export interface BriefingRecord {
  /** The same for every attempt; deliveries are keyed by it. */
  key: string;
  teamId: string;
  userId: string;
  kind: 'daily' | 'asked';
  day: string;
  tz: string;
  dueAt: number;
  late: boolean;
  channels: BriefingChannel[];
  briefing: Briefing | null;
  states: Record<Delivery, DeliveryState>;
  slack: { channelId: string; ts: string } | null;
  note: string | null;
}

interface Person {
  teamId: string;
  userId: string;
}

/** The ledger of briefings: who was given which day, and how far each channel has come. */
export interface BriefingLedger {
  /** Takes a slot for this key, or says why not. The same key takes its slot again after a crash. */
  claimSlot(
    claim: Person & {
      key: string;
      dueAt: number;
      clock: BriefingClock;
      channels: readonly BriefingChannel[];
      at: number;
    },
  ): Promise<{ verdict: SlotVerdict; record: BriefingRecord | null }>;
  /** One made by hand: it takes no slot. */
  openAsked(
    asked: Person & { key: string; tz: string; channels: readonly BriefingChannel[]; at: number },
  ): Promise<BriefingRecord>;
  get(key: string): Promise<BriefingRecord | null>;
  /** The newest with a content, daily or asked; `before` leaves out that key. */
  latest(person: Person, before?: { key: string }): Promise<BriefingRecord | null>;
  /** The content, once: what was written first stays, so that all channels tell the same. */
  keepContent(key: string, briefing: Briefing): Promise<Briefing>;
  /** Other words for the summary of a content not delivered yet. */
  reword(key: string, briefing: Briefing): Promise<void>;
  /** Compare and set; true when the state was one of `from`. */
  advance(
    key: string,
    delivery: Delivery,
    from: readonly DeliveryState[],
    to: DeliveryState,
    details?: { channelId?: string; ts?: string; messageId?: string; note?: string },
  ): Promise<boolean>;
  /** Posted in Slack since an instant: those whose buttons may have to die. */
  posted(sinceAt: number): Promise<BriefingRecord[]>;
}

export function createBriefingLedger(store: Store): BriefingLedger {
  const { db } = store;
  const read = (key: string) =>
    firstRow(store, db.selectFrom('briefings').selectAll().where('key', '=', key).compile());
  const insert = (row: Schema['briefings']) =>
    change(store, db.insertInto('briefings').values(row).compile());

  return {
    claimSlot: ({ key, dueAt, clock, channels, at, ...person }) =>
      ledgerTransaction(store, () => {
        const mine = read(key);
        if (mine) return { verdict: 'deliver' as const, record: recordOf(mine) };
        const verdict = judgeSlot(dueAt, clock, { ats: servedDues(store, person), at });
        if (verdict === 'served' || verdict === 'skip') return { verdict, record: null };
        const late = verdict === 'deliver_late';
        insert(newRow({ ...person, key, kind: 'daily', dueAt, tz: clock.tz, channels, at, late }));
        const taken = read(key);
        return { verdict, record: taken && recordOf(taken) };
      }),

    openAsked: ({ key, tz, channels, at, ...person }) =>
      ledgerTransaction(store, () => {
        if (!read(key))
          insert(newRow({ ...person, key, kind: 'asked', dueAt: at, tz, channels, at, late: false }));
        const row = read(key);
        if (!row) throw new RangeError(`the briefing ${key} was not written`);
        return recordOf(row);
      }),

    async get(key) {
      const row = read(key);
      return row && recordOf(row);
    },

    async latest({ teamId, userId }, before) {
      const row = firstRow(
        store,
        db
          .selectFrom('briefings')
          .selectAll()
          .where('team_id', '=', teamId)
          .where('user_id', '=', userId)
          .where('content', 'is not', null)
          .where('key', '!=', before?.key ?? '')
          .orderBy('as_of_at', 'desc')
          .limit(1)
          .compile(),
      );
      return row && recordOf(row);
    },

    keepContent: (key, briefing) =>
      ledgerTransaction(store, () => {
        const values = { content: JSON.stringify(briefing), as_of_at: briefing.asOfAt };
        const query = db
          .updateTable('briefings')
          .set(values)
          .where('key', '=', key)
          .where('content', 'is', null);
        change(store, query.compile());
        const row = read(key);
        return (row && recordOf(row).briefing) ?? briefing;
      }),

    reword: (key, briefing) =>
      ledgerTransaction(store, () => {
        const query = db
          .updateTable('briefings')
          .set({ content: JSON.stringify(briefing) })
          .where('key', '=', key)
          .where('slack_state', 'in', ['none', 'waiting'])
          .where('email_state', 'in', ['none', 'waiting']);
        change(store, query.compile());
      }),

    advance: (key, delivery, from, to, details = {}) =>
      ledgerTransaction(store, () => {
        const column = STATE_COLUMNS[delivery];
        const query = db
          .updateTable('briefings')
          .set({
            [column]: to,
            ...(details.channelId === undefined ? {} : { slack_channel: details.channelId }),
            ...(details.ts === undefined ? {} : { slack_ts: details.ts }),
            ...(details.messageId === undefined ? {} : { email_message_id: details.messageId }),
            ...(details.note === undefined ? {} : { note: details.note }),
          })
          .where('key', '=', key)
          .where(column, 'in', [...from]);
        return change(store, query.compile()) === 1;
      }),

    async posted(sinceAt) {
      const rows = allRows(
        store,
        db
          .selectFrom('briefings')
          .selectAll()
          .where('claimed_at', '>=', sinceAt)
          .where('slack_ts', 'is not', null)
          .compile(),
      );
      return rows.map(recordOf);
    },
  };
}

/** Due instants of the last briefings this reader was given; claimed counts as given, since its work goes on. */
export function servedDues(store: Store, { teamId, userId }: Person): number[] {
  const rows = allRows(
    store,
    store.db
      .selectFrom('briefings')
      .select('due_at')
      .where('team_id', '=', teamId)
      .where('user_id', '=', userId)
      .where('kind', '=', 'daily')
      .orderBy('due_at', 'desc')
      .limit(7)
      .compile(),
  );
  return rows.map((row) => row.due_at);
}

const STATE_COLUMNS = { slack: 'slack_state', email: 'email_state', home: 'home_state' } as const;

function newRow(
  from: Person & {
    key: string;
    kind: BriefingRecord['kind'];
    dueAt: number;
    tz: string;
    channels: readonly BriefingChannel[];
    at: number;
    late: boolean;
  },
): Schema['briefings'] {
  const state = (channel: BriefingChannel) => (from.channels.includes(channel) ? 'waiting' : 'none');
  return {
    key: from.key,
    team_id: from.teamId,
    user_id: from.userId,
    kind: from.kind,
    day: dayNameAt(from.dueAt, from.tz),
    tz: from.tz,
    due_at: from.dueAt,
    claimed_at: from.at,
    late: Number(from.late),
    channels: JSON.stringify(from.channels),
    content: null,
    as_of_at: null,
    slack_state: state('slack'),
    slack_channel: null,
    slack_ts: null,
    email_state: state('email'),
    email_message_id: null,
    home_state: 'waiting',
    note: null,
  };
}

/** Our own writing, read back; a content of an older shape counts as none. */
function recordOf(row: Schema['briefings']): BriefingRecord {
  const content = row.content === null ? null : briefingSchema.safeParse(JSON.parse(row.content));
  const channels: BriefingChannel[] = JSON.parse(row.channels);
  return {
    key: row.key,
    teamId: row.team_id,
    userId: row.user_id,
    kind: row.kind === 'daily' ? 'daily' : 'asked',
    day: row.day,
    tz: row.tz,
    dueAt: row.due_at,
    late: row.late === 1,
    channels,
    briefing: content?.success ? content.data : null,
    states: {
      slack: stateOf(row.slack_state),
      email: stateOf(row.email_state),
      home: stateOf(row.home_state),
    },
    slack: row.slack_channel && row.slack_ts ? { channelId: row.slack_channel, ts: row.slack_ts } : null,
    note: row.note,
  };
}

const STATES: readonly DeliveryState[] = ['none', 'waiting', 'sending', 'sent', 'failed', 'unknown'];

function stateOf(text: string): DeliveryState {
  return STATES.find((state) => state === text) ?? 'failed';
}
