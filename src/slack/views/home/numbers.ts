import { context, header, type MessageBlock, mrkdwn, slackDate } from '../blocks.ts';
import type { HomeData } from './data.ts';

export function numberBlocks(data: HomeData): MessageBlock[] {
  const fields = (data.numbers ?? []).slice(0, 10).map((number) => ({
    type: 'mrkdwn' as const,
    text: `*${mrkdwn(number.label)}*\n${mrkdwn(number.value)}${number.change ? `\n${mrkdwn(number.change)}` : ''}`,
  }));
  if (fields.length === 0) return [];
  return [header('Today'), { type: 'section', fields }, context(`As of ${slackDate(data.nowAt)}`)];
}
