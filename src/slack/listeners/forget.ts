import type { App, BlockAction } from '@slack/bolt';
import type { Principal } from '../../domain/types.ts';
import type { SlackServices } from '../services.ts';
import { section } from '../views/blocks.ts';
import { FORGET, forgetModal } from '../views/forget-modal.ts';
import { modal } from '../views/receipt.ts';

const MOST = 20;

/** The form behind `/psi forget`. Everybody forgets their own alone: who they are is Slack's word, not the form's. */
export function registerForget(app: App, services: SlackServices): void {
  app.action<BlockAction>(FORGET.ask, async ({ ack, body }) => {
    await ack();
    const by = await services.directory.principal(body.team?.id ?? '', body.user.id);
    const conversations = await services.memory.conversationsOf(by.teamId, by.userId, MOST);
    const view =
      conversations.length === 0
        ? modal('Forget', [section('There is nothing of yours that I remember.')])
        : forgetModal(conversations, dayIn(by));
    await services.clientFor(by.teamId).views.open({ trigger_id: body.trigger_id, view });
  });

  app.view(FORGET.confirmed, async ({ ack, body, view }) => {
    const by = await services.directory.principal(body.team?.id ?? '', body.user.id);
    const chosen = view.state.values.what?.what?.selected_option?.value ?? '';
    const { turns } = await forget(services, by, chosen);
    const what =
      turns === 1
        ? 'one message of yours and my answer to it'
        : `${turns} messages of yours and my answers to them`;
    const said = turns === 0 ? 'There was nothing left to forget.' : `Forgotten: ${what}.`;
    await ack({ response_action: 'update', view: modal('Forget', [section(said)]) });
  });
}

async function forget(services: SlackServices, by: Principal, chosen: string): Promise<{ turns: number }> {
  if (chosen === FORGET.everything) return services.memory.forgetPerson(by.teamId, by.userId);
  const [channelId = '', threadTs = ''] = chosen.split(' ');
  return services.memory.forgetThread({ teamId: by.teamId, channelId, threadTs }, by.userId);
}

function dayIn({ tz }: Principal): (at: number) => string {
  const format = new Intl.DateTimeFormat('en-US', { timeZone: tz, month: 'short', day: 'numeric' });
  return (at) => format.format(at);
}
