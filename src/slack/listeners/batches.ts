import type { App, BlockAction } from '@slack/bolt';
import type { Approval, Batch } from '../../approvals/types.ts';
import type { SlackServices } from '../services.ts';
import { ACTIONS } from '../views/answer.ts';
import { planDetails } from '../views/approval-card.ts';
import { modal } from '../views/receipt.ts';
import { type Click, readClick, renewCopy, tell, whisper } from './click.ts';
import { approveOne, openEdit } from './one-proposal.ts';

/** The buttons of the rows of a batch. What was shown is what is decided: a row edited since says so. */
export function registerBatches(app: App, services: SlackServices): void {
  const { door } = services;

  const onRow = (
    actionId: string,
    act: (click: Click, shownId: string, standing: Approval) => Promise<void>,
  ): void => {
    app.action<BlockAction>(actionId, async ({ ack, body, action }) => {
      await ack();
      const click = await readClick(services, body, action);
      const standing = await standingRow(services, click.value);
      if (standing === null) {
        await whisper(services, click, 'There is no such row.');
        return;
      }
      await act(click, shownIn(click.blockId) ?? standing.id, standing);
    });
  };

  onRow(ACTIONS.rowApprove, (click, shownId) => approveOne(services, click, shownId));
  onRow(ACTIONS.rowReject, async (click, approvalId) => {
    await tell(services, click, await door.decide({ approvalId, verdict: 'reject', by: click.by }));
  });
  onRow(ACTIONS.rowEdit, async (click, shownId) => openEdit(services, click, await door.get(shownId)));
  onRow(ACTIONS.rowShow, async (click, shownId, standing) => {
    const shown = (await door.get(shownId)) ?? standing;
    if (!(await mayRead(services, click, standing))) {
      await whisper(
        services,
        click,
        'Only whoever asked and those who may decide can read the details here.',
      );
      return;
    }
    const view = modal('Details', planDetails(shown), {});
    await services.client.views.open({ trigger_id: click.triggerId, view });
  });

  app.action<BlockAction>(ACTIONS.page, async ({ ack, body, action }) => {
    await ack();
    const click = await readClick(services, body, action);
    const [batchId = '', page = '0'] = click.value.split(':');
    if (click.channelId === null || click.messageTs === null) return;
    const copy = { channelId: click.channelId, ts: click.messageTs };
    await services.pending.track(() => services.cards.turn(batchId, copy, Number(page) || 0));
  });
}

/** "Approve all open" and "Reject all open". */
export async function decideAll(
  services: SlackServices,
  click: Click,
  verdict: 'approve' | 'reject',
): Promise<void> {
  const seen = click.blockId.split(':').at(-1);
  const outcome = await services.door.decideBatch({
    batchId: click.value,
    verdict,
    by: click.by,
    ...(click.blockId.includes('batch:') && seen !== undefined ? { seen } : {}),
  });
  await whisper(services, click, outcome.say);
  const first = outcome.batch?.rows[0]?.approval;
  if (first === undefined) return;
  await services.pending.track(async () => {
    if (outcome.status === 'recorded') await services.cards.show(first);
    else await renewCopy(services, click, first);
  });
}

/** What stands in `id:row` now. */
async function standingRow(services: SlackServices, value: string): Promise<Approval | null> {
  const [batchId = '', row = ''] = value.split(':');
  const batch: Batch | null = await services.door.getBatch(batchId);
  return batch?.rows.find((one) => one.row === Number(row))?.approval ?? null;
}

/** `row:<number>:<approval>` -> the approval. */
function shownIn(blockId: string): string | null {
  return /(?:^|:)row:\d+:(\w+)$/.exec(blockId)?.[1] ?? null;
}

async function mayRead(services: SlackServices, click: Click, approval: Approval): Promise<boolean> {
  if (approval.requester.userId === click.by.userId) return true;
  const members = await services.directory.members(approval.place.teamId);
  return services.door.deciders(approval, members).some((one) => one.userId === click.by.userId);
}
