import { header, type MessageBlock, mrkdwn, section, slackDate, sourceName } from '../blocks.ts';
import type { HomeData } from './data.ts';

export function sourceBlocks(sources: NonNullable<HomeData['sources']>): MessageBlock[] {
  const lines = sources.map((source) => {
    const through = source.throughAt === null ? '' : `, data through ${slackDate(source.throughAt)}`;
    const line = `• *${sourceName(source.name)}*: ${mrkdwn(source.state)}${through}${source.stale ? ' (behind)' : ''}`;
    // Three at most: the rest stands in psi doctor.
    return [line, ...source.notes.slice(0, 3).map((note) => `    ${mrkdwn(note)}`)].join('\n');
  });
  return [header('Sources'), section(lines.join('\n') || 'No source is connected.')];
}
