import type { WebClient } from '@slack/web-api';
import type { Place } from '../domain/types.ts';
import { listJoined } from './alert-targets.ts';
import type { SlackDirectory } from './directory.ts';

/** Finds a channel Psi is in by its name, and who can read there; null when there is none. */
export function channelNamed(parts: {
  clientFor: (teamId: string) => WebClient;
  teamId: string;
  directory: Pick<SlackDirectory, 'place'>;
}): (name: string) => Promise<Place | null> {
  return async (name) => {
    const channelId = (await listJoined(parts.clientFor(parts.teamId))).get(name);
    if (channelId === undefined) return null;
    return parts.directory.place({ teamId: parts.teamId, channelId, threadTs: '' });
  };
}
