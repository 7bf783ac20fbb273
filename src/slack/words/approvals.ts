import { type QueueItem, queueFor } from '../../approvals/queue.ts';
import type { Door } from '../../approvals/types.ts';
import { type ApprovalEntry, groupedByBatch } from '../../domain/approvals/grouped.ts';
import { formatMoney } from '../../domain/money/format.ts';
import type { ApprovalReader, ApprovalSummary } from '../../domain/ports.ts';
import type { Principal, Scope } from '../../domain/types.ts';
import { UserError } from '../../lib/errors.ts';
import { clip, header, type MessageBlock, mrkdwn, section, slackDate } from '../views/blocks.ts';
import { defineWord, type Word } from './define-word.ts';

const WEEK_MS = 7 * 86_400_000;
const LINES = 10;

/** What waits for me, what I asked for, and what was decided in the last seven days. */
export function approvalsWord(parts: {
  door: Pick<Door, 'waitingFor' | 'getBatch'>;
  approvals: Pick<ApprovalReader, 'list'>;
  scopesOf(reader: Principal): readonly Scope[];
  clock: { now(): number };
}): Word {
  const { door, approvals, clock } = parts;
  return defineWord({
    word: 'approvals',
    usage: 'approvals - what waits for you, what you asked for, what was decided in the last 7 days',
    run: async ({ reader }) => {
      if (!parts.scopesOf(reader).includes('approvals:read'))
        throw new UserError('not_allowed', 'Your role does not include approvals.');
      const nowAt = clock.now();
      const { teamId, userId } = reader;
      const waiting = await queueFor(door, reader);
      const asked = await approvals.list({ teamId, requesterId: userId, limit: 200 });
      const decided = await approvals.list({ teamId, settledSinceAt: nowAt - WEEK_MS, limit: 500 });
      const mine = asked.rows.filter((row) => row.createdAt >= nowAt - WEEK_MS || row.state === 'pending');
      const blocks = [
        ...part('Waiting for you', waiting.map(waitingLine), 'Nothing waits for your decision.'),
        ...part('You asked for', groupedByBatch(mine).map(entryLine), 'Nothing in the last 7 days.'),
        ...part(
          'Decided in the last 7 days',
          groupedByBatch(decided.rows).map((entry) => `${entryLine(entry)}${decidedBy(entry, decided.rows)}`),
          'Nothing.',
        ),
      ];
      const count = waiting.length === 1 ? '1 thing waits' : `${waiting.length} things wait`;
      return {
        text: waiting.length === 0 ? 'Nothing waits for your decision.' : `${count} for your decision.`,
        blocks,
      };
    },
  });
}

function part(title: string, lines: readonly string[], none: string): MessageBlock[] {
  const more = lines.length > LINES ? [`${lines.length - LINES} more`] : [];
  const shown = [...lines.slice(0, LINES).map((line) => `• ${line}`), ...more];
  return [header(title), section(shown.join('\n') || none)];
}

function waitingLine(item: QueueItem): string {
  const expires = `expires ${slackDate(item.expiresAt)}`;
  if (item.kind === 'single') {
    const { plan, requester } = item.approval;
    return `*${mrkdwn(clip(plan.title, 120))}*, asked for by ${mrkdwn(requester.name)}, ${expires}`;
  }
  const { batch, mine } = item;
  return `*${mrkdwn(clip(batch.title, 120))}*: ${mine.length} of ${batch.rows.length} rows, asked for by ${mrkdwn(batch.requester.name)}, ${expires}`;
}

function entryLine({ title, state, amounts, expiresAt }: ApprovalEntry): string {
  const sum = amounts.map((amount) => formatMoney(amount)).join(' and ');
  const said = sum === '' || title.includes(sum) ? '' : `, ${sum}`;
  const expires = state === 'pending' ? `, expires ${slackDate(expiresAt)}` : '';
  return `*${mrkdwn(clip(title, 120))}*${mrkdwn(said)}: ${mrkdwn(state)}${expires}`;
}

function decidedBy(entry: ApprovalEntry, rows: readonly ApprovalSummary[]): string {
  const own = rows.filter((row) => (row.batch?.id ?? row.id) === entry.id);
  const names = [...new Set(own.flatMap((row) => row.deciderNames))];
  const at = Math.max(...own.map((row) => row.decidedAt ?? 0));
  return `${names.length === 0 ? '' : `, by ${mrkdwn(names.join(' and '))}`} ${slackDate(at)}`;
}
