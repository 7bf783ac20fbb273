import type { Selectable } from 'kysely';
import { z } from 'zod';
import { MOST_REPORTS, type Report, reportCallSchema } from '../domain/reports/report.ts';
import type { Clock } from '../lib/clock.ts';
import { UserError } from '../lib/errors.ts';
import { newId } from '../lib/ids.ts';
import { allRows, change as changeRows, firstRow, ledgerTransaction } from './ledger.ts';
import type { Store } from './open-store.ts';
import type { Schema } from './schema.ts';

/** Reports as they are kept. */
export interface ReportBook {
  /** @throws UserError `conflict` when the owner has as many as one may have. */
  create(
    report: Pick<Report, 'teamId' | 'ownerId' | 'target' | 'words' | 'calls' | 'cron' | 'timezone'>,
    askedBy: string | null,
  ): Promise<{ report: Report; existed: boolean }>;
  get(id: string): Promise<Report | null>;
  /** Not ended, oldest first. */
  list(filter: { teamId?: string; ownerId?: string; channelId?: string }): Promise<Report[]>;
  /** A changed time, and going on after a pause, count from now. Null where it has ended. */
  change(
    id: string,
    change: Partial<Pick<Report, 'cron' | 'timezone' | 'pausedAt' | 'endedAt'>>,
  ): Promise<Report | null>;
  /** Writes down why it cannot be posted, or that it can again. @returns when this trouble began; null without one. */
  setTrouble(id: string, why: string | null): Promise<number | null>;
}

export function createReportBook({ store, clock }: { store: Store; clock: Clock }): ReportBook {
  const { db } = store;
  const byId = (id: string) => {
    const row = firstRow(store, db.selectFrom('reports').selectAll().where('id', '=', id).compile());
    return row && fromRow(row);
  };
  const live = (filter: { teamId?: string; ownerId?: string; channelId?: string }) => {
    const { teamId, ownerId, channelId } = filter;
    const query = db
      .selectFrom('reports')
      .selectAll()
      .where('ended_at', 'is', null)
      .$if(teamId !== undefined, (all) => all.where('team_id', '=', teamId ?? ''))
      .$if(ownerId !== undefined, (all) => all.where('owner_id', '=', ownerId ?? ''))
      .$if(channelId !== undefined, (all) => all.where('channel_id', '=', channelId ?? ''))
      .orderBy('created_at')
      .orderBy('id');
    return allRows(store, query.compile()).map(fromRow);
  };
  const update = (id: string, values: Partial<Selectable<Schema['reports']>>) =>
    changeRows(store, db.updateTable('reports').set(values).where('id', '=', id).compile());

  return {
    create: (report, askedBy) =>
      ledgerTransaction(store, () => {
        const query = db.selectFrom('reports').selectAll().where('asked_by', '=', askedBy);
        const asked = askedBy === null ? null : firstRow(store, query.compile());
        if (asked) return { report: fromRow(asked), existed: false };
        const own = live({ teamId: report.teamId, ownerId: report.ownerId });
        const same = own.find((one) => one.pausedAt === null && sameAs(one) === sameAs(report));
        if (same) return { report: same, existed: true };
        if (own.length >= MOST_REPORTS)
          throw new UserError(
            'conflict',
            `You have ${own.length} reports already, which is as many as one person may have.`,
            'Stop one first: ask "what is scheduled?" to see them.',
          );
        const nowAt = clock.now();
        const made: Report = {
          ...report,
          id: newId('rep'),
          createdAt: nowAt,
          sinceAt: nowAt,
          pausedAt: null,
          endedAt: null,
          trouble: null,
        };
        changeRows(
          store,
          db
            .insertInto('reports')
            .values({ ...toRow(made), asked_by: askedBy })
            .compile(),
        );
        return { report: made, existed: false };
      }),
    get: async (id) => byId(id),
    list: async (filter) => live(filter),
    change: (id, wanted) =>
      ledgerTransaction(store, () => {
        const before = byId(id);
        if (!before || before.endedAt !== null) return null;
        const after = { ...before, ...wanted };
        const moved = after.cron !== before.cron || after.timezone !== before.timezone;
        const resumed = before.pausedAt !== null && after.pausedAt === null;
        const report = moved || resumed ? { ...after, sinceAt: clock.now() } : after;
        update(id, toRow(report));
        return report;
      }),
    setTrouble: (id, why) =>
      ledgerTransaction(store, () => {
        const before = byId(id);
        const sinceAt =
          why === null ? null : before?.trouble?.why === why ? before.trouble.sinceAt : clock.now();
        update(id, { trouble: why, trouble_at: sinceAt });
        return sinceAt;
      }),
  };
}

function sameAs({ target, calls, cron, timezone }: Pick<Report, 'target' | 'calls' | 'cron' | 'timezone'>) {
  const where = target.kind === 'dm' ? 'dm' : target.channelId;
  return JSON.stringify([where, cron, timezone, calls.map(({ tool, input }) => [tool, input])]);
}

function toRow(report: Report): Omit<Selectable<Schema['reports']>, 'asked_by'> {
  const { id, words, cron, timezone } = report;
  return {
    ...{ id, words, cron, timezone },
    team_id: report.teamId,
    owner_id: report.ownerId,
    target: report.target.kind,
    channel_id: report.target.channelId,
    channel_name: report.target.channelName,
    calls: JSON.stringify(report.calls),
    created_at: report.createdAt,
    since_at: report.sinceAt,
    paused_at: report.pausedAt,
    ended_at: report.endedAt,
    trouble: report.trouble?.why ?? null,
    trouble_at: report.trouble?.sinceAt ?? null,
  };
}

function fromRow(row: Selectable<Schema['reports']>): Report {
  const { id, words, cron, timezone, trouble, trouble_at } = row;
  return {
    ...{ id, words, cron, timezone },
    teamId: row.team_id,
    ownerId: row.owner_id,
    target: {
      kind: row.target === 'dm' ? 'dm' : 'channel',
      channelId: row.channel_id,
      channelName: row.channel_name,
    },
    calls: z.array(reportCallSchema).parse(JSON.parse(row.calls)),
    createdAt: row.created_at,
    sinceAt: row.since_at,
    pausedAt: row.paused_at,
    endedAt: row.ended_at,
    trouble: trouble === null ? null : { why: trouble, sinceAt: trouble_at ?? row.since_at },
  };
}
