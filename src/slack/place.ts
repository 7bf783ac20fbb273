/** A place may stand outside any Slack thread (a slash command): then cards are top-level messages. */
export function isTimestamp(threadTs: string): boolean {
  return /^\d+\.\d+$/.test(threadTs);
}
