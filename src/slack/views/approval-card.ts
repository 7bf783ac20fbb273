import type { Approval, ApprovalState, NudgeListener } from '../../approvals/types.ts';
import { roleWords } from '../../domain/policy/rights.ts';
import { ACTIONS } from './answer.ts';
import {
  button,
  context,
  header,
  type MessageBlock,
  mrkdwn,
  section,
  slackDate,
  withButton,
} from './blocks.ts';

export const STATE_WORDS: Record<ApprovalState, string> = {
  pending: 'Waiting for approval',
  approved: 'Approved, starting',
  applying: 'Approved, under way',
  applied: 'Done',
  rejected: 'Rejected',
  expired: 'Expired',
  superseded: 'Replaced',
  failed: 'Failed, nothing was changed',
  unknown: 'Needs a look: nobody can tell yet whether it went out',
  undone: 'Undone',
};

/** The card is only a view of the row: what will change, for whom, how much, and whether it can be undone. */
export function approvalCard(approval: Approval): { text: string; blocks: MessageBlock[] } {
  const { plan } = approval;
  const blocks: MessageBlock[] = [
    header(plan.title),
    section(`*${STATE_WORDS[approval.state]}*${stateDetail(approval)}`),
  ];
  blocks.push(...planBlocks(approval));
  if (approval.state === 'pending') blocks.push(...pendingBlocks(approval));
  else blocks.push(...settledBlocks(approval));
  blocks.push(context(`Asked for by ${mrkdwn(approval.requester.name)} ${slackDate(approval.createdAt)}`));
  return { text: `${plan.title} - ${STATE_WORDS[approval.state].toLowerCase()}`, blocks };
}

/** The whole of a proposal, to be read beside a row that has room for a line only. */
export function planDetails(approval: Approval): MessageBlock[] {
  const { state, requirement, outcome } = approval;
  const detail = state === 'pending' ? requirement.words : (outcome ?? '');
  return [
    header(approval.plan.title),
    section(`*${STATE_WORDS[state]}*\n${mrkdwn(detail)}`.trim()),
    ...planBlocks(approval),
  ];
}

function stateDetail(approval: Approval): string {
  if (approval.state === 'pending') return `\n${mrkdwn(approval.requirement.words)}`;
  return approval.outcome ? `\n${mrkdwn(approval.outcome)}` : '';
}

/** One line of a change; a text of several lines is quoted below it, as formatting ends with its line. */
function changeLine({ what, before, after }: Approval['plan']['changes'][number]): string {
  const from = before === '' ? '' : ` ${mrkdwn(before)} →`;
  if (!after.includes('\n')) return `• ${mrkdwn(what)}:${from} *${mrkdwn(after)}*`;
  const quoted = mrkdwn(after)
    .split('\n')
    .map((line) => `> ${line}`);
  return [`• ${mrkdwn(what)}:${from}`, ...quoted].join('\n');
}

function planBlocks({ plan, state }: Approval): MessageBlock[] {
  const lines = plan.changes.map(changeLine);
  const undo = `${plan.reversible.possible ? 'Can be undone' : 'Cannot be undone'}: ${mrkdwn(plan.reversible.how)}`;
  const blocks: MessageBlock[] = [
    section(`*${state === 'applied' ? 'What changed' : 'What changes'}*\n${lines.join('\n') || 'Nothing'}`),
  ];
  if (plan.touches.length > 0) {
    blocks.push(section(`*Who notices*\n${plan.touches.map((who) => `• ${mrkdwn(who)}`).join('\n')}`));
  }
  blocks.push(section(undo));
  if (plan.warnings.length > 0) {
    blocks.push(section(`*Mind this*\n${plan.warnings.map((warning) => `• ${mrkdwn(warning)}`).join('\n')}`));
  }
  return blocks;
}

export const PAUSED = 'Stopped: the policy lets nothing be carried out until that is lifted.';

function pendingBlocks(approval: Approval): MessageBlock[] {
  const said = approval.decisions.filter((decision) => decision.verdict === 'approve');
  const blocks: MessageBlock[] = said.map((decision) =>
    context(`First yes: ${mrkdwn(decision.name)}, ${slackDate(decision.at)}`),
  );
  if (approval.paused) {
    blocks.push(context(PAUSED));
    return blocks;
  }
  blocks.push({
    type: 'actions',
    block_id: 'approval',
    elements: [
      button({ actionId: ACTIONS.approve, text: 'Approve', value: approval.id, style: 'primary' }),
      button({ actionId: ACTIONS.edit, text: 'Edit', value: approval.id }),
      button({ actionId: ACTIONS.reject, text: 'Reject', value: approval.id, style: 'danger' }),
    ],
  });
  blocks.push(context(`Expires ${slackDate(approval.expiresAt)}`));
  return blocks;
}

function settledBlocks(approval: Approval): MessageBlock[] {
  const blocks: MessageBlock[] = approval.decisions.map((decision) =>
    context(
      `${decision.verdict === 'approve' ? 'Approved' : 'Rejected'} by ${mrkdwn(decision.name)} ${slackDate(decision.at)}`,
    ),
  );
  if (approval.state === 'applied' && approval.canUndo) {
    blocks.push({
      type: 'actions',
      block_id: 'approval',
      elements: [button({ actionId: ACTIONS.undo, text: 'Undo', value: approval.id })],
    });
    blocks.push(context(mrkdwn(undoWords(approval))));
  }
  if (approval.canSettle) {
    blocks.push(
      withButton('Whoever it was meant for has it:', settleButton(approval, true)),
      withButton('It never came:', settleButton(approval, false)),
    );
  }
  return blocks;
}

function undoWords({ requirement }: Approval): string {
  const own = requirement.selfApproval ? '' : ', not the one who asked';
  const two = requirement.approvals === 2 ? ' One person is enough to undo what two approved.' : '';
  return `Undo takes ${roleWords(requirement.approverRoles)}${own}.${two}`;
}

/** Both keep the one published action id, so each stands in a block of its own. */
export function settleButton(approval: Approval, wentOut: boolean) {
  return button({
    actionId: ACTIONS.settle,
    text: wentOut ? 'It went out' : 'It did not',
    value: `${approval.id}:${wentOut ? 'yes' : 'no'}`,
  });
}

/** What the thread is told when it is over; null while it is not. */
export function settledMessage(approval: Approval): { text: string; blocks: MessageBlock[] } | null {
  const by = approval.decisions.at(-1)?.name ?? null;
  const sentence = settledSentence(approval, by);
  if (!sentence) return null;
  return { text: sentence, blocks: [section(mrkdwn(sentence))] };
}

type NudgeWords = Pick<Parameters<NudgeListener>[0], 'approval' | 'batch' | 'kind' | 'insteadOf'>;

/** "Still waiting for your decision": of a batch, its open rows are spoken of together. */
export function nudgeMessage({ approval, batch, kind, insteadOf }: NudgeWords) {
  const open = batch?.rows.filter((row) => row.approval.state === 'pending') ?? [];
  const title =
    batch === null
      ? approval.plan.title
      : `${batch.title} (${open.length} of ${batch.rows.length} rows open)`;
  const about = `${title}, asked for by ${(batch ?? approval).requester.name}.`;
  const text = {
    reminder: `Still waiting for your decision: ${about}`,
    last_call: `Expires soon and still waits for your decision: ${about}`,
    delegate: `${insteadOf ?? 'Somebody'} is away and named you to decide: ${about}`,
    escalation: `Nobody has decided yet: ${about}`,
  }[kind];
  const expiresAt = Math.min(approval.expiresAt, ...open.map((row) => row.approval.expiresAt));
  return {
    text,
    blocks: [section(mrkdwn(text)), context(`Expires ${slackDate(expiresAt)}. The card is above.`)],
  };
}

function settledSentence(approval: Approval, by: string | null): string | null {
  const title = approval.plan.title;
  switch (approval.state) {
    case 'applied':
      return `${approval.outcome ?? `Done: ${title}.`}${by ? ` Approved by ${by}.` : ''}`;
    case 'rejected':
      return `${title}: rejected${by ? ` by ${by}` : ''}. Nothing was changed.`;
    case 'expired':
      return `${title}: nobody decided in time, so it expired. Nothing was changed; ask again if it is still wanted.`;
    case 'failed':
      return `${title}: it did not go through and nothing was changed. ${approval.outcome ?? ''}`.trim();
    case 'unknown':
      return `${title}: the answer was lost on the way, so please check before anyone tries again. ${approval.outcome ?? ''}`.trim();
    case 'undone':
      return approval.outcome ?? `${title}: undone.`;
    case 'superseded':
      return `${title}: replaced by another proposal. ${approval.outcome ?? ''}`.trim();
    default:
      return null;
  }
}
