import type { Approval } from '../../approvals/types.ts';
import { formatMoney } from '../../domain/money/format.ts';
import type { SlackServices } from '../services.ts';
import { editModal, parseInputSchema, typedAmountModal } from '../views/edit-modal.ts';
import { type Click, renewCopy, tell, whisper } from './click.ts';

/** Approves, or asks for the amount first where the request is the clicker's own. */
export async function approveOne(services: SlackServices, click: Click, approvalId: string): Promise<void> {
  const outcome = await services.door.decide({ approvalId, verdict: 'approve', by: click.by });
  if (outcome.status === 'needs_typed_amount' && outcome.approval) {
    const { amount } = outcome.approval.plan;
    await services.client.views.open({
      trigger_id: click.triggerId,
      view: typedAmountModal(outcome.approval, amount ? formatMoney(amount) : 'the amount'),
    });
    return;
  }
  await tell(services, click, outcome);
}

/** Opens the form of a proposal that is still open for whoever may edit it. */
export async function openEdit(
  services: SlackServices,
  click: Click,
  approval: Approval | null,
): Promise<void> {
  const { door, client } = services;
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
    if (approval !== null) await services.pending.track(() => renewCopy(services, click, approval));
    return;
  }
  const schema = parseInputSchema(services.inputSchemaOf(approval.tool));
  await client.views.open({ trigger_id: click.triggerId, view: editModal(approval, schema) });
}
