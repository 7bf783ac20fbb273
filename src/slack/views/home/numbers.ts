import { context, header, type MessageBlock, mrkdwn, slackDate } from '../blocks.ts';
import type { HomeData } from './data.ts';

export function numberBlocks(data: HomeData): MessageBlock[] {
  const fields = (data.numbers ?? []).slice(0, 10).map((number) => ({
    type: 'mrkdwn' as const,
    text: `*${mrkdwn(number.label)}*\n${mrkdwn(number.value)}${number.period ? `\n${mrkdwn(number.period)}` : ''}`,
  }));
  if (fields.length === 0) return [];
  return [
    header('Key numbers'),
    { type: 'section', fields },
    context(`Where no day is named: as of ${slackDate(data.nowAt)}`),
  ];
}
