import { type DeadTurn, turnKey } from '../domain/schedule/run.ts';
import type { Logger } from '../lib/logger.ts';
import type { Poster } from './delivery/poster.ts';
import type { SlackDirectory } from './directory.ts';
import { deadTurnMessage } from './views/run-card.ts';

/** Tells each founder in their DM that a turn was given up: once, however often it is asked to. */
export function createRunCards(parts: {
  poster: Pick<Poster, 'post' | 'openDm'>;
  directory: Pick<SlackDirectory, 'members'>;
  logger: Logger;
}): (dead: DeadTurn) => Promise<void> {
  const { poster, directory, logger } = parts;
  return async (dead) => {
    const { teamId } = dead;
    const founders = (await directory.members(teamId)).filter((member) => member.roles.includes('founder'));
    if (founders.length === 0) logger.warn({ turn: turnKey(dead.run) }, 'there is no founder to tell');
    for (const founder of founders) {
      const channelId = await poster.openDm(teamId, founder.userId);
      const message = { teamId, channelId, ...deadTurnMessage(dead) };
      await poster.post(`run-dead:${turnKey(dead.run)}:${founder.userId}`, message);
    }
  };
}
