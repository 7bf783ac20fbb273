import type { WebClient } from '@slack/web-api';
import type { Kysely } from 'kysely';
import type { Principal } from '../domain/types.ts';
import type { Logger } from '../lib/logger.ts';
import type { Schema } from '../store/schema.ts';
import { repeatable } from './delivery/call-slack.ts';
import { createCoalescer } from './delivery/coalesce.ts';
import type { SlackDirectory } from './directory.ts';
import type { HomeData } from './views/home/data.ts';
import type { Expanded } from './views/home/waiting.ts';
import { homeView } from './views/home.ts';

const GAP_MS = 1_000;

/** The App Homes that have been looked at. They stay true while approvals come and go, across restarts too. */
export interface HomeScreens {
  /** Draws this person's Home, and keeps it true from now on. */
  open(person: Pick<Principal, 'teamId' | 'userId'>): Promise<void>;
  /** Draws it again if it was ever looked at. */
  show(person: Pick<Principal, 'teamId' | 'userId'>): Promise<void>;
  /** Shows the rows of one batch; null hides them. */
  expand(person: Pick<Principal, 'teamId' | 'userId'>, expanded: Expanded | null): Promise<void>;
  /** Draws every Home of the workspace again; of all when none is named. */
  refresh(teamId?: string): Promise<void>;
}

export function createHomeScreens(parts: {
  db: Kysely<Schema>;
  client: Pick<WebClient, 'views'>;
  directory: Pick<SlackDirectory, 'principal'>;
  home(reader: Principal): Promise<HomeData>;
  logger: Logger;
}): HomeScreens {
  const { db, client, directory, home, logger } = parts;
  const expansions = new Map<string, Expanded>();
  const coalesced = createCoalescer(GAP_MS, (key, error) =>
    logger.warn({ err: error, home: key }, 'App Home could not be refreshed'),
  );
  const keyOf = (teamId: string, userId: string) => `${teamId} ${userId}`;

  function publish(teamId: string, userId: string): Promise<void> {
    return coalesced(keyOf(teamId, userId), async () => {
      const data = await home(await directory.principal(teamId, userId));
      const view = homeView({ ...data, expanded: expansions.get(keyOf(teamId, userId)) ?? null });
      await repeatable(() => client.views.publish({ user_id: userId, view }));
    });
  }

  return {
    async open({ teamId, userId }) {
      await db
        .insertInto('home_readers')
        .values({ team_id: teamId, user_id: userId })
        .onConflict((conflict) => conflict.columns(['team_id', 'user_id']).doNothing())
        .execute();
      await publish(teamId, userId);
    },
    async show({ teamId, userId }) {
      const known = await db
        .selectFrom('home_readers')
        .select('user_id')
        .where('team_id', '=', teamId)
        .where('user_id', '=', userId)
        .executeTakeFirst();
      if (known) await publish(teamId, userId);
    },
    async expand({ teamId, userId }, expanded) {
      if (expanded === null) expansions.delete(keyOf(teamId, userId));
      else expansions.set(keyOf(teamId, userId), expanded);
      await publish(teamId, userId);
    },
    async refresh(teamId) {
      const readers = await db.selectFrom('home_readers').selectAll().execute();
      const wanted = readers.filter((one) => teamId === undefined || one.team_id === teamId);
      await Promise.all(wanted.map((one) => publish(one.team_id, one.user_id)));
    },
  };
}
