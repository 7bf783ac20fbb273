import { contentsOf } from '../../approvals/batch-rows.ts';
import type { Approval, ApprovalState, Batch } from '../../approvals/types.ts';
import { formatMoney } from '../../domain/money/format.ts';
import type { Money } from '../../domain/types.ts';
import { ACTIONS } from './answer.ts';
import { PAUSED, STATE_WORDS, settleButton } from './approval-card.ts';
import {
  button,
  clip,
  context,
  header,
  type MessageBlock,
  mrkdwn,
  section,
  slackDate,
  withButton,
} from './blocks.ts';

/** A row takes two blocks at most, and a message fifty. */
export const ROWS_PER_PAGE = 15;

type Row = Batch['rows'][number];

/** One card for all rows: each with its own buttons as long as it is open, and its own result when it is not. */
export function batchCard(batch: Batch, page: number): { text: string; blocks: MessageBlock[] } {
  const pages = pagesOf(batch);
  const shown = Math.min(Math.max(page, 0), pages - 1);
  const rows = batch.rows.slice(shown * ROWS_PER_PAGE, (shown + 1) * ROWS_PER_PAGE);
  const blocks: MessageBlock[] = [header(batch.title)];
  const shared = sharedWords(batch);
  if (batch.intro !== '') blocks.push(section(mrkdwn(clip(batch.intro, 600))));
  blocks.push(
    section(
      `*${mrkdwn(tally(batch))}*${shared === null ? '' : `\n${mrkdwn(shared.replace(/^Needs /, 'Each needs '))}`}`,
    ),
    ...allButtons(batch),
    ...rows.flatMap((row) => rowBlocks(batch, row, shared)),
  );
  if (pages > 1) blocks.push(...pageButtons(batch, shown, pages));
  if (batch.refused.length > 0) blocks.push(refusedBlock(batch.refused));
  blocks.push(context(footer(batch)));
  return { text: `${batch.title} - ${tally(batch)}`, blocks };
}

/** Who may decide, where it is the same for every open row: said once, not on each. */
function sharedWords(batch: Batch): string | null {
  const words = new Set(openIn(batch).map(({ approval }) => approval.requirement.words));
  const [only] = words;
  return openIn(batch).length > 1 && words.size === 1 && only ? only : null;
}

export function pagesOf(batch: Batch): number {
  return Math.max(1, Math.ceil(batch.rows.length / ROWS_PER_PAGE));
}

export function openIn(batch: Batch): Row[] {
  return batch.rows.filter(({ approval }) => approval.state === 'pending');
}

/** "3 rows open, $1,200.00 · 5 done, 1 rejected". */
export function tally(batch: Batch): string {
  const open = openIn(batch);
  const sum = sumOf(open);
  const waiting =
    open.length === 0 ? [] : [`${count(open.length, 'row')} open${sum === '' ? '' : `, ${sum}`}`];
  const settled = settledWords(batch);
  return [...waiting, ...(settled === '' ? [] : [settled])].join(' · ') || 'No rows';
}

/** What open rows come to, each currency by itself; empty where no money moves. */
export function sumOf(rows: readonly Row[]): string {
  const sums = new Map<string, Money>();
  for (const { approval } of rows) {
    const { amount } = approval.plan;
    if (amount === null) continue;
    sums.set(amount.currency, { ...amount, minor: (sums.get(amount.currency)?.minor ?? 0) + amount.minor });
  }
  const said = [...sums.values()].map((sum) => formatMoney(sum));
  const last = said.pop() ?? '';
  return said.length === 0 ? last : `${said.join(', ')} and ${last}`;
}

const SETTLED: readonly [ApprovalState, string][] = [
  ['approved', 'starting'],
  ['applying', 'under way'],
  ['applied', 'done'],
  ['rejected', 'rejected'],
  ['expired', 'expired'],
  ['superseded', 'replaced'],
  ['failed', 'failed'],
  ['unknown', 'not certain'],
  ['undone', 'undone'],
];

function settledWords(batch: Batch): string {
  return SETTLED.flatMap(([state, words]) => {
    const found = batch.rows.filter(({ approval }) => approval.state === state).length;
    return found === 0 ? [] : [`${found} ${words}`];
  }).join(', ');
}

const isPaused = (batch: Batch): boolean => openIn(batch).some(({ approval }) => approval.paused === true);

/** The contents travel along, so that nothing is decided that was not on the card. */
export function allButtons(batch: Batch, prefix = ''): MessageBlock[] {
  const open = openIn(batch);
  if (open.length === 0) return [];
  if (isPaused(batch)) return [context(PAUSED)];
  return [
    {
      type: 'actions',
      block_id: `${prefix}batch:${batch.id}:${contentsOf(batch)}`,
      elements: [
        button({
          actionId: ACTIONS.approve,
          text: `Approve all open (${open.length})`,
          value: batch.id,
          style: 'primary',
        }),
        button({ actionId: ACTIONS.reject, text: 'Reject all open', value: batch.id, style: 'danger' }),
      ],
    },
  ];
}

/** `block_id` names the proposal that was shown: a click on a row that was edited since is told so. */
export function rowBlocks(
  batch: Batch,
  { row, approval }: Row,
  shared: string | null = null,
): MessageBlock[] {
  const text = rowText(row, approval, shared);
  const value = `${batch.id}:${row}`;
  const block_id = `row:${row}:${approval.id}`;
  if (approval.state === 'pending') {
    const decide = [
      button({ actionId: ACTIONS.rowApprove, text: 'Approve', value, style: 'primary' }),
      button({ actionId: ACTIONS.rowEdit, text: 'Edit', value }),
      button({ actionId: ACTIONS.rowReject, text: 'Reject', value, style: 'danger' }),
    ];
    const show = button({ actionId: ACTIONS.rowShow, text: 'Details', value });
    const elements = approval.paused ? [show] : [...decide, show];
    return [section(text), { type: 'actions', block_id, elements }];
  }
  if (approval.canSettle) {
    const no: MessageBlock = { type: 'actions', block_id, elements: [settleButton(approval, false)] };
    return [withButton(text, settleButton(approval, true)), no];
  }
  if (approval.state === 'applied' && approval.canUndo) {
    return [withButton(text, button({ actionId: ACTIONS.undo, text: 'Undo', value: approval.id }))];
  }
  return [section(text)];
}

function rowText(row: number, approval: Approval, shared: string | null): string {
  const { plan, state } = approval;
  const amount =
    plan.amount === null || plan.title.includes(formatMoney(plan.amount))
      ? ''
      : ` · ${formatMoney(plan.amount)}`;
  const line = stateLine(approval, shared);
  return `*${row}. ${mrkdwn(clip(plan.title, 120))}*${mrkdwn(amount)}${line === '' ? '' : `\n${line}`}${state === 'pending' ? warning(plan.warnings) : ''}`;
}

function stateLine(approval: Approval, shared: string | null): string {
  const { state, outcome, decisions, requirement } = approval;
  const yes = decisions.find((decision) => decision.verdict === 'approve');
  const by = decisions.at(-1);
  if (state === 'pending') {
    const first = yes === undefined ? '' : ` First yes: ${mrkdwn(yes.name)}.`;
    const needs = requirement.words === shared ? '' : mrkdwn(clip(requirement.words, 140));
    return `${needs}${first}`.trim();
  }
  const who = by === undefined || state === 'rejected' ? '' : ` Approved by ${mrkdwn(by.name)}.`;
  if (outcome?.startsWith(STATE_WORDS[state])) return `_${mrkdwn(clip(outcome, 220))}_${who}`;
  const said = outcome === null ? '' : ` ${mrkdwn(clip(outcome, 220))}`;
  return `_${STATE_WORDS[state]}._${said}${who}`;
}

function warning(warnings: readonly string[]): string {
  const [first, ...others] = warnings;
  if (first === undefined) return '';
  const more = others.length === 0 ? '' : ` (and ${others.length} more under Details)`;
  return `\nMind this: ${mrkdwn(clip(first, 140))}${more}`;
}

/** One published action id, so each button stands in a block of its own. */
function pageButtons(batch: Batch, page: number, pages: number): MessageBlock[] {
  const to = (text: string, target: number): MessageBlock => ({
    type: 'actions',
    block_id: `page:${target}`,
    elements: [button({ actionId: ACTIONS.page, text, value: `${batch.id}:${target}` })],
  });
  const blocks: MessageBlock[] = [
    context(`Page ${page + 1} of ${pages}: rows ${rowsOn(batch, page)} of ${batch.rows.length}`),
  ];
  if (page > 0) blocks.push(to(`Back to rows ${rowsOn(batch, page - 1)}`, page - 1));
  if (page < pages - 1) blocks.push(to(`On to rows ${rowsOn(batch, page + 1)}`, page + 1));
  return blocks;
}

function rowsOn(batch: Batch, page: number): string {
  const first = page * ROWS_PER_PAGE + 1;
  const last = Math.min(batch.rows.length, first + ROWS_PER_PAGE - 1);
  return first === last ? `${first}` : `${first}-${last}`;
}

function refusedBlock(refused: Batch['refused']): MessageBlock {
  const lines = refused
    .slice(0, 8)
    .map(({ what, why }) => `• ${mrkdwn(clip(what, 80))}: ${mrkdwn(clip(why, 160))}`);
  const more = refused.length > 8 ? `\n${refused.length - 8} more` : '';
  return section(`*Not proposed*\n${lines.join('\n')}${more}`);
}

function footer(batch: Batch): string {
  const open = openIn(batch);
  const expires =
    open.length === 0
      ? ''
      : ` · expires ${slackDate(Math.min(...open.map(({ approval }) => approval.expiresAt)))}`;
  return `Asked for by ${mrkdwn(batch.requester.name)} ${slackDate(batch.createdAt)}${expires}`;
}

/** What the thread is told when every row has settled; null while one has not. */
export function batchSummary(batch: Batch): { text: string; blocks: MessageBlock[] } | null {
  const busy = ['pending', 'approved', 'applying'];
  if (batch.rows.some(({ approval }) => busy.includes(approval.state))) return null;
  const told = batch.rows.filter(({ approval }) => !['applied', 'rejected'].includes(approval.state));
  const lines = told
    .slice(0, 10)
    .map(
      ({ row, approval }) =>
        `• ${row}. ${clip(approval.plan.title, 120)}: ${clip(approval.outcome ?? STATE_WORDS[approval.state], 200)}`,
    );
  const more = told.length > 10 ? [`${told.length - 10} more are on the card.`] : [];
  const text = [`${batch.title}: ${settledWords(batch)}.`, ...lines, ...more].join('\n');
  return { text, blocks: [section(mrkdwn(text))] };
}

const count = (n: number, noun: string): string => `${n} ${noun}${n === 1 ? '' : 's'}`;
