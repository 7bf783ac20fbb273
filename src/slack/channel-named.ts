import type { Place } from '../domain/types.ts';
import { listJoined } from './alert-targets.ts';
import { createDeliveryClient } from './delivery/call-slack.ts';
import type { SlackDirectory } from './directory.ts';

/** Finds a channel Psi is in by its name, and who can read there; null when there is none. */
export function channelNamed(parts: {
  botToken: string;
  apiUrl: string | null;
  teamId: string;
  directory: Pick<SlackDirectory, 'place'>;
}): (name: string) => Promise<Place | null> {
  const client = createDeliveryClient(parts.botToken, parts.apiUrl);
  return async (name) => {
    const channelId = (await listJoined(client)).get(name);
    if (channelId === undefined) return null;
    return parts.directory.place({ teamId: parts.teamId, channelId, threadTs: '' });
  };
}
