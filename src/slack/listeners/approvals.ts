import type { App, BlockAction } from '@slack/bolt';
import { isBatchId } from '../../approvals/batch-rows.ts';
import { UserError } from '../../lib/errors.ts';
import type { SlackServices } from '../services.ts';
import { ACTIONS } from '../views/answer.ts';
import { fieldAtFault, inputFromForm, parseInputSchema, VIEWS } from '../views/edit-modal.ts';
import { decideAll } from './batches.ts';
import { readClick, tell } from './click.ts';
import { approveOne, openEdit } from './one-proposal.ts';

/** The buttons of an approval. Every one of them only carries a click to the door; the row decides. */
export function registerApprovals(app: App, services: SlackServices): void {
  const { door } = services;

  app.action<BlockAction>(ACTIONS.approve, async ({ ack, body, action }) => {
    await ack();
    const click = await readClick(services, body, action);
    if (isBatchId(click.value)) await decideAll(services, click, 'approve');
    else await approveOne(services, click, click.value);
  });

  app.action<BlockAction>(ACTIONS.reject, async ({ ack, body, action }) => {
    await ack();
    const click = await readClick(services, body, action);
    if (isBatchId(click.value)) await decideAll(services, click, 'reject');
    else {
      const outcome = await door.decide({ approvalId: click.value, verdict: 'reject', by: click.by });
      await tell(services, click, outcome);
    }
  });

  app.action<BlockAction>(ACTIONS.settle, async ({ ack, body, action }) => {
    await ack();
    const click = await readClick(services, body, action);
    const [approvalId = '', word = ''] = click.value.split(':');
    const outcome = await door.settle({ approvalId, wentOut: word === 'yes', by: click.by });
    await tell(services, click, outcome);
  });

  app.action<BlockAction>(ACTIONS.undo, async ({ ack, body, action }) => {
    await ack();
    const click = await readClick(services, body, action);
    await tell(services, click, await door.undo({ approvalId: click.value, by: click.by }));
  });

  app.action<BlockAction>(ACTIONS.edit, async ({ ack, body, action }) => {
    await ack();
    const click = await readClick(services, body, action);
    await openEdit(services, click, await door.get(click.value));
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
