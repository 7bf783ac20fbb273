import { z } from 'zod';
import { allRows, firstRow } from './ledger.ts';
import type { Store } from './open-store.ts';

/** A person of the workspace as Slack last described them; null for somebody it never has. */
export function memberOf(
  store: Store,
  { teamId, userId }: { teamId: string; userId: string },
): { groups: string[]; email: string | null; isGuest: boolean; isStranger: boolean } | null {
  const row = firstRow(
    store,
    store.db
      .selectFrom('slack_users')
      .selectAll()
      .where('team_id', '=', teamId)
      .where('user_id', '=', userId)
      .where('is_bot', '=', 0)
      .compile(),
  );
  if (!row) return null;
  return {
    groups: z.array(z.string()).parse(JSON.parse(row.groups)),
    email: row.email,
    isGuest: row.is_guest === 1,
    isStranger: row.is_stranger === 1,
  };
}

/** The workspaces whose people are known. */
export function knownTeams(store: Store): string[] {
  const query = store.db.selectFrom('slack_users').select('team_id').distinct().orderBy('team_id');
  return allRows(store, query.compile()).map((row) => row.team_id);
}
