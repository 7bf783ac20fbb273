import type { Place, Principal } from '../domain/types.ts';
import type { Poster } from './delivery/poster.ts';
import type { SlackDirectory } from './directory.ts';
import { isTimestamp } from './place.ts';
import { clip, mrkdwn, section } from './views/blocks.ts';

/** Ends of skill runs that nobody waited for. */
export interface SkillEnds {
  onEnded(
    listener: (end: { runId: string; place: Place; starter: Principal; text: string }) => Promise<void>,
  ): void;
}

/** A section holds 3,000 characters; escaping needs some of them. */
const PART = 2_500;

/** Says in its thread what a run came to, once; where outsiders have joined meanwhile, to its starter alone. */
export function tellSkillEnds(
  runs: SkillEnds,
  {
    poster,
    directory,
  }: { poster: Pick<Poster, 'post' | 'openDm'>; directory: Pick<SlackDirectory, 'place'> },
): void {
  runs.onEnded(async ({ runId, place, starter, text }) => {
    const { teamId, channelId, threadTs } = place;
    const { internalOnly } = await directory.place(place);
    const blocks = partsOf(text).map((part) => section(mrkdwn(part)));
    const message = { teamId, text: clip(text, PART), blocks };
    if (internalOnly) {
      const thread = isTimestamp(threadTs) ? { threadTs } : {};
      await poster.post(`skill:${runId}:end`, { ...message, channelId, ...thread });
    } else if (starter.kind === 'user') {
      const dm = await poster.openDm(teamId, starter.userId);
      await poster.post(`skill:${runId}:end`, { ...message, channelId: dm });
    }
  });
}

/** Lines kept whole where they fit. */
function partsOf(text: string): string[] {
  const parts: string[] = [];
  for (const line of text.split('\n').map((one) => clip(one, PART))) {
    const last = parts.at(-1);
    if (last !== undefined && last.length + line.length < PART) parts[parts.length - 1] = `${last}\n${line}`;
    else parts.push(line);
  }
  return parts.slice(0, 40);
}
