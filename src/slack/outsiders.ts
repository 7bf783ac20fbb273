import type { Place, Principal } from '../domain/types.ts';
import type { Logger } from '../lib/logger.ts';
import type { Poster } from './delivery/poster.ts';
import { section } from './views/blocks.ts';

/** All that guests and people from other companies are ever told: nothing of what is inside, nor what others can do. */
export const OUTSIDER_SENTENCE =
  'I am here for the members of this workspace only, in a channel as in a DM; please ask the person you work with here.';

export function isOutsider(principal: Pick<Principal, 'roles'>): boolean {
  return principal.roles.every((role) => role === 'guest');
}

/** Says the sentence to one outsider alone, once in a thread; whatever else they say there is left without an answer. */
export async function refuseOutsider(
  { poster, logger }: { poster: Poster; logger: Logger },
  person: Principal,
  place: Pick<Place, 'teamId' | 'channelId' | 'threadTs' | 'kind'>,
): Promise<void> {
  const { teamId, channelId, threadTs } = place;
  const key = `outsider:${teamId}:${channelId}:${threadTs}:${person.userId}`;
  const message = {
    teamId,
    channelId,
    threadTs,
    text: OUTSIDER_SENTENCE,
    blocks: [section(OUTSIDER_SENTENCE)],
  };
  if (place.kind === 'dm') {
    await poster.post(key, message);
    return;
  }
  if ((await poster.delivered(key)) !== null) return;
  await poster.note(key, 'posted', { channelId, ts: null });
  await poster.ephemeral(person.userId, message).catch((error: unknown) => {
    logger.info({ err: error }, 'an outsider could not be told in private');
  });
}
