import type { ModalView } from '@slack/types';
import { zoneWords } from '../../domain/periods/describe-period.ts';
import type { Receipt } from '../../domain/types.ts';
import {
  clip,
  context,
  LIMITS,
  type MessageBlock,
  mrkdwn,
  section,
  slackDate,
  sourceName,
} from './blocks.ts';

export interface ReceiptCheck {
  receipt: Receipt;
  /** What was said then. */
  narration: string;
  /** What the same question gives now. */
  again: { narration: string; same: boolean };
}

/** "Why this number?": what was measured, over what, as of when, from how many rows, and the same question again. */
export function receiptView(check: ReceiptCheck): ModalView {
  const { receipt } = check;
  const { definition, period } = receipt;
  const policy = definition.policy ? ` Policy: ${mrkdwn(definition.policy)}.` : '';
  const fields = [
    ['Period', period ? `${mrkdwn(period.label)} (${mrkdwn(zoneWords(period.tz))} time)` : 'At one instant'],
    ['As of', slackDate(receipt.asOfAt)],
    [
      'Rows',
      `${receipt.rowCount.toLocaleString('en-US')}${definition.grain ? `, each ${mrkdwn(definition.grain)}` : ''}`,
    ],
  ];
  const blocks: MessageBlock[] = [
    section(mrkdwn(check.narration)),
    section(
      `*${mrkdwn(nameWords(definition.name))}*, definition ${definition.version}\n${mrkdwn(definition.words)}${policy}`,
    ),
    {
      type: 'section',
      fields: fields.map(([label, value]) => ({ type: 'mrkdwn' as const, text: `*${label}*\n${value}` })),
    },
    section(`*Sources*\n${freshnessLines(receipt)}`),
  ];
  if (receipt.notes.length > 0) {
    blocks.push(section(`*Notes*\n${receipt.notes.map((note) => `• ${mrkdwn(note)}`).join('\n')}`));
  }
  blocks.push(section(againText(check)), context(`Reference ${mrkdwn(receipt.queryId)}`));
  return modal('Why this number?', blocks);
}

/** "revenue_gross" as people write it. */
function nameWords(name: string): string {
  const words = name.replaceAll('_', ' ');
  return words === 'mrr' || words === 'arr'
    ? words.toUpperCase()
    : words.charAt(0).toUpperCase() + words.slice(1);
}

function freshnessLines(receipt: Receipt): string {
  if (receipt.freshness.length === 0) return 'Computed from Psi’s own records.';
  const lines = receipt.freshness.map((entry) => {
    const through = entry.throughAt === null ? 'never read' : `data through ${slackDate(entry.throughAt)}`;
    return `• ${sourceName(entry.source)}: ${through}${entry.stale ? ' (behind)' : ''}`;
  });
  const held = receipt.reconciled ?? [];
  if (held.length > 0) lines.push(`Held against each other: ${mrkdwn(held.join('; '))}.`);
  return lines.join('\n');
}

function againText({ again }: ReceiptCheck): string {
  const now = again.same ? 'Still the same.' : `It has changed: ${mrkdwn(again.narration)}`;
  return `*Asked again just now*\n${now}`;
}

export function modal(title: string, blocks: MessageBlock[], extra: Partial<ModalView> = {}): ModalView {
  return {
    type: 'modal',
    title: { type: 'plain_text', text: clip(title, LIMITS.modalTitle) },
    close: { type: 'plain_text', text: 'Close' },
    // Modals here hold no charts, so every block is one Slack's types know.
    blocks: blocks.filter((block) => block.type !== 'data_visualization'),
    ...extra,
  };
}
