import type { Slack } from './slack.ts';
import { STREAM_LIVES_MS, streamText } from './streams.ts';

/** Closes streams whose time has come, and the one that a planned fault names. */
export function expireStreams(slack: Slack, byFault: { channel: string; ts: string } | null = null): void {
  const oldest = slack.sandbox.world.now() - STREAM_LIVES_MS;
  for (const message of slack.store.openStreams()) {
    const { stream } = message;
    if (!stream) continue;
    const isNamed = byFault !== null && message.channel === byFault.channel && message.ts === byFault.ts;
    if (!isNamed && stream.startedAt >= oldest) continue;
    const closed = { ...message, text: streamText(stream.parts), stream: { ...stream, open: false } };
    slack.store.putMessage(closed);
    slack.feed.publish({ type: 'message_changed', message: closed });
  }
}

/** Nobody is left to finish these; they stay open until they expire, but nobody waits for them. */
export function abandonStreams(slack: Slack): void {
  for (const message of slack.store.openStreams()) {
    if (!message.stream || message.stream.abandoned) continue;
    slack.store.putMessage({ ...message, stream: { ...message.stream, abandoned: true } });
  }
}

export function awaitedStreams(slack: Slack): number {
  expireStreams(slack);
  return slack.store.openStreams().filter((message) => message.stream?.abandoned === false).length;
}
