import type { Kysely } from 'kysely';
import type { Schema } from './schema.ts';

export type InstallationRow = Schema['installations'];

/** The installations table; tokens go in and come out sealed. */
export interface InstallationTable {
  all(): Promise<InstallationRow[]>;
  /** A workspace that is installed again replaces what was known of it. */
  put(row: InstallationRow): Promise<void>;
  /** What a refresh brought, in one write. */
  change(teamId: string, change: Partial<InstallationRow>): Promise<void>;
  remove(teamId: string): Promise<void>;
}

export function createInstallationTable(db: Kysely<Schema>): InstallationTable {
  return {
    all: () => db.selectFrom('installations').selectAll().orderBy('installed_at').execute(),
    async put(row) {
      await db
        .insertInto('installations')
        .values(row)
        .onConflict((conflict) => conflict.column('team_id').doUpdateSet(row))
        .execute();
    },
    async change(teamId, change) {
      await db.updateTable('installations').set(change).where('team_id', '=', teamId).execute();
    },
    async remove(teamId) {
      await db.deleteFrom('installations').where('team_id', '=', teamId).execute();
    },
  };
}
