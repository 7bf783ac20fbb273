import { header, type MessageBlock, mrkdwn, section, slackDate, sourceName } from '../blocks.ts';
import type { HomeData } from './data.ts';

export function sourceBlocks(sources: NonNullable<HomeData['sources']>): MessageBlock[] {
  const lines = sources.map((source) => {
    const through = source.throughAt === null ? '' : `, data through ${slackDate(source.throughAt)}`;
    return `• *${sourceName(source.name)}*: ${mrkdwn(source.state)}${through}${source.stale ? ' (behind)' : ''}`;
  });
  return [header('Sources'), section(lines.join('\n') || 'No source is connected.')];
}
