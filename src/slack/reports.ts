import type { WebClient } from '@slack/web-api';
import type { Answer } from '../agent/turn.ts';
import { listJoined } from './alert-targets.ts';
import type { Poster } from './delivery/poster.ts';
import type { SlackDirectory } from './directory.ts';
import { listMembers } from './slack-people.ts';
import { answerMessage } from './views/answer.ts';
import { mrkdwn, section } from './views/blocks.ts';

/** Scheduled reports in Slack: each posted once, with the buttons of any answer. */
export function createReportSurface(parts: {
  clientFor: (teamId: string) => WebClient;
  poster: Pick<Poster, 'post' | 'openDm'>;
  directory: Pick<SlackDirectory, 'place'>;
  simulated: boolean;
}) {
  const { clientFor, poster, directory, simulated } = parts;
  return {
    openDm: (teamId: string, userId: string) => poster.openDm(teamId, userId),
    async channel(teamId: string, reference: string) {
      const joined = await listJoined(clientFor(teamId));
      const found = [...joined].find(
        ([name, id]) => name === reference.toLowerCase() || id === reference.toUpperCase(),
      );
      return found ? { name: found[0], channelId: found[1] } : null;
    },
    async audience(teamId: string, channelId: string) {
      const [place, memberIds] = await Promise.all([
        directory.place({ teamId, channelId, threadTs: '' }),
        listMembers(clientFor(teamId), channelId),
      ]);
      return { internalOnly: place.internalOnly, memberIds };
    },
    async post(
      key: string,
      { teamId, channelId, answer }: { teamId: string; channelId: string; answer: Answer },
    ) {
      const { ts } = await poster.post(key, { teamId, channelId, ...answerMessage(answer, { simulated }) });
      return { ts };
    },
    async tell(key: string, { teamId, userId }: { teamId: string; userId: string }, text: string) {
      const channelId = await poster.openDm(teamId, userId);
      await poster.post(key, { teamId, channelId, text, blocks: [section(mrkdwn(text))] });
    },
  };
}
