import { changesTitle, isWaitingLine, titleOf } from '../../../domain/briefing/as-text.ts';
import type { BriefingLine } from '../../../domain/briefing/briefing.ts';
import { settingWords } from '../../../domain/people/time-words.ts';
import { describeInstant } from '../../../domain/periods/describe-period.ts';
import { button, context, header, type MessageBlock, mrkdwn, section } from '../blocks.ts';
import { BRIEFING_ACTIONS } from '../briefing.ts';
import type { HomeData } from './data.ts';

/** The newest briefing in short, when the next comes, and the way to move it. What waits stands above. */
export function briefingBlocks({ briefing, nowAt }: Pick<HomeData, 'briefing' | 'nowAt'>): MessageBlock[] {
  if (!briefing) return [];
  const { latest, settings, nextAt } = briefing;
  const next =
    nextAt === null
      ? 'None is planned.'
      : nextAt <= nowAt
        ? 'The one of today is on its way.'
        : `Next: ${describeInstant(nextAt, settings.tz)}.`;
  const when = settings.on ? `Comes at ${settingWords(settings)}. ${next}` : 'It is off.';
  const blocks: MessageBlock[] = [header(latest ? titleOf(latest) : 'Your morning briefing')];
  if (latest) {
    const summary = latest.summary.filter(({ text }) => !isWaitingLine(text));
    blocks.push(
      section(mrkdwn(summary.map(({ text }) => text).join(' ')) || 'Nothing to report.'),
      ...told(changesTitle(latest), latest.changes.slice(0, 3)),
      ...told('Opportunities', latest.opportunities.slice(0, 2)),
    );
    for (const caution of latest.cautions.slice(0, 2)) blocks.push(context(mrkdwn(caution)));
  }
  blocks.push(context(mrkdwn(when)), {
    type: 'actions',
    block_id: 'briefing',
    elements: [
      button({ actionId: BRIEFING_ACTIONS.settings, text: 'Change my briefing', value: 'settings' }),
    ],
  });
  return blocks;
}

function told(title: string, lines: readonly BriefingLine[]): MessageBlock[] {
  if (lines.length === 0) return [];
  return [section(`*${mrkdwn(title)}*\n${lines.map(({ text }) => `• ${mrkdwn(text)}`).join('\n')}`)];
}
