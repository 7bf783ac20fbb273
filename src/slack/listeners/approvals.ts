import type { App, BlockAction } from '@slack/bolt';
import { z } from 'zod';
import type { DecisionOutcome } from '../../approvals/types.ts';
import { formatMoney } from '../../domain/money/format.ts';
import type { Principal } from '../../domain/types.ts';
import { UserError } from '../../lib/errors.ts';
import type { SlackServices } from '../services.ts';
import { ACTIONS } from '../views/answer.ts';
import { mrkdwn, section } from '../views/blocks.ts';
import {
  editModal,
  fieldAtFault,
  inputFromForm,
  parseInputSchema,
  typedAmountModal,
  VIEWS,
} from '../views/edit-modal.ts';

/** The buttons of an approval. Every one of them only carries a click to the door; the row decides. */
export function registerApprovals(app: App, services: SlackServices): void {
  const { door } = services;

  app.action<BlockAction>(ACTIONS.approve, async ({ ack, body, action }) => {
    await ack();
    const click = await readClick(services, body, action);
    const outcome = await door.decide({ approvalId: click.value, verdict: 'approve', by: click.by });
    if (outcome.status === 'needs_typed_amount' && outcome.approval) {
      const { amount } = outcome.approval.plan;
      await services.clientFor(click.by.teamId).views.open({
        trigger_id: click.triggerId,
        view: typedAmountModal(outcome.approval, amount ? formatMoney(amount) : 'the amount'),
      });
      return;
    }
    await tell(services, click, outcome);
  });

  app.action<BlockAction>(ACTIONS.reject, async ({ ack, body, action }) => {
    await ack();
    const click = await readClick(services, body, action);
    await tell(
      services,
      click,
      await door.decide({ approvalId: click.value, verdict: 'reject', by: click.by }),
    );
  });

  app.action<BlockAction>(ACTIONS.undo, async ({ ack, body, action }) => {
    await ack();
    const click = await readClick(services, body, action);
    await tell(services, click, await door.undo({ approvalId: click.value, by: click.by }));
  });

  app.action<BlockAction>(ACTIONS.edit, async ({ ack, body, action }) => {
    await ack();
    const click = await readClick(services, body, action);
    const approval = await door.get(click.value);
    const members = approval ? await services.directory.members(approval.place.teamId) : [];
    const mayEdit =
      approval?.state === 'pending' &&
      (approval.requester.userId === click.by.userId ||
        door.deciders(approval, members).some((decider) => decider.userId === click.by.userId));
    if (!approval || !mayEdit) {
      const say =
        approval?.state === 'pending'
          ? 'Only the person who asked and those who may approve it can edit this proposal.'
          : 'This proposal is no longer open, so it cannot be edited.';
      await whisper(services, click, say);
      return;
    }
    const schema = parseInputSchema(services.inputSchemaOf(approval.tool));
    const view = editModal(approval, schema);
    await services.clientFor(click.by.teamId).views.open({ trigger_id: click.triggerId, view });
  });
}

/** The forms behind Edit and behind the approval of one's own request. */
export function registerApprovalForms(app: App, services: SlackServices): void {
  const { door } = services;

  app.view(VIEWS.edit, async ({ ack, body, view }) => {
    const by = await services.directory.principal(body.team?.id ?? '', body.user.id);
    const approval = await door.get(view.private_metadata);
    const schema = parseInputSchema(approval ? services.inputSchemaOf(approval.tool) : {});
    const input = inputFromForm(schema, view.state.values);
    const refused = (say: string) => ({
      response_action: 'errors' as const,
      errors: { [fieldAtFault(schema, input, approval?.arguments ?? {}, say)]: say },
    });
    try {
      const outcome = await door.edit({ approvalId: view.private_metadata, input, by });
      if (outcome.status === 'superseded' || outcome.status === 'recorded') await ack();
      else await ack(refused(outcome.say));
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      const say = [error.message, error.hint].filter(Boolean).join(' ');
      await ack(refused(say));
    }
  });

  app.view(VIEWS.typedAmount, async ({ ack, body, view }) => {
    const by = await services.directory.principal(body.team?.id ?? '', body.user.id);
    const typedAmount = view.state.values.amount?.amount?.value ?? '';
    const outcome = await door.decide({
      approvalId: view.private_metadata,
      verdict: 'approve',
      by,
      typedAmount,
    });
    if (outcome.status === 'approved' || outcome.status === 'recorded') await ack();
    else await ack({ response_action: 'errors', errors: { amount: outcome.say } });
  });
}

const threadSchema = z.looseObject({ thread_ts: z.string().optional() });

interface Click {
  value: string;
  by: Principal;
  triggerId: string;
  channelId: string | null;
  threadTs: string | null;
}

async function readClick(services: SlackServices, block: BlockAction, action: unknown): Promise<Click> {
  const value = typeof action === 'object' && action && 'value' in action ? String(action.value) : '';
  const by = await services.directory.principal(block.team?.id ?? '', block.user.id);
  return {
    value,
    by,
    triggerId: block.trigger_id,
    channelId: block.channel?.id ?? null,
    threadTs: threadSchema.safeParse(block.message).data?.thread_ts ?? null,
  };
}

const SILENT: ReadonlySet<DecisionOutcome['status']> = new Set(['approved', 'rejected']);

/** A click that took effect is seen on the card; every other gets its answer in private. */
async function tell(services: SlackServices, click: Click, outcome: DecisionOutcome): Promise<void> {
  if (!SILENT.has(outcome.status)) await whisper(services, click, outcome.say);
  // A card that looked alive when it was clicked is brought up to date.
  const { approval } = outcome;
  if (approval) await services.pending.track(() => services.cards.show(approval));
}

async function whisper(services: SlackServices, click: Click, say: string): Promise<void> {
  const channelId = click.channelId ?? (await services.poster.openDm(click.by.teamId, click.by.userId));
  await services.poster.ephemeral(click.by.userId, {
    teamId: click.by.teamId,
    channelId,
    ...(click.threadTs ? { threadTs: click.threadTs } : {}),
    text: say,
    blocks: [section(mrkdwn(say))],
  });
}
