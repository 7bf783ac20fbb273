import type { Kysely } from 'kysely';
import type { Schema } from './schema.ts';

/** A member of a workspace as Slack last described them. */
export interface SlackUser {
  userId: string;
  /** When Slack last changed the record, epoch seconds. */
  updated: number;
  name: string;
  email: string | null;
  tz: string;
  isGuest: boolean;
  isStranger: boolean;
  isBot: boolean;
  handles: string[];
}

/** Everybody of a workspace: who is not among them is forgotten. */
export async function keepPeople(
  db: Kysely<Schema>,
  teamId: string,
  rows: Map<string, SlackUser>,
  fetchedAt: number,
): Promise<void> {
  const values = [...rows.values()].map((row) => storedRow(teamId, row, fetchedAt));
  if (values.length === 0) return;
  await db.transaction().execute(async (trx) => {
    await trx.deleteFrom('slack_users').where('team_id', '=', teamId).execute();
    for (let start = 0; start < values.length; start += 50) {
      await trx
        .insertInto('slack_users')
        .values(values.slice(start, start + 50))
        .execute();
    }
  });
}

/** One person's row as it is now; null when they have left. */
export async function keepPerson(
  db: Kysely<Schema>,
  teamId: string,
  row: SlackUser | null,
  userId: string,
  fetchedAt: number,
): Promise<void> {
  await db.transaction().execute(async (trx) => {
    await trx.deleteFrom('slack_users').where('team_id', '=', teamId).where('user_id', '=', userId).execute();
    if (row)
      await trx
        .insertInto('slack_users')
        .values(storedRow(teamId, row, fetchedAt))
        .execute();
  });
}

function storedRow(teamId: string, row: SlackUser, fetchedAt: number) {
  return {
    team_id: teamId,
    user_id: row.userId,
    name: row.name,
    email: row.email,
    tz: row.tz,
    is_guest: Number(row.isGuest),
    is_stranger: Number(row.isStranger),
    is_bot: Number(row.isBot),
    groups: JSON.stringify(row.handles),
    fetched_at: fetchedAt,
  };
}
