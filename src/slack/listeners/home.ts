import type { App, BlockAction } from '@slack/bolt';
import { repeatable } from '../delivery/call-slack.ts';
import type { SlackServices } from '../services.ts';
import { ACTIONS } from '../views/answer.ts';
import { readClick } from './click.ts';

/** App Home shows what waits for its reader; opening the DM offers things to ask. */
export function registerHome(app: App, services: SlackServices): void {
  app.event('app_home_opened', async ({ event, context }) => {
    const teamId = context.teamId ?? '';
    if (event.tab === 'home') {
      await services.homes.open({ teamId, userId: event.user });
      return;
    }
    const reader = await services.directory.principal(teamId, event.user);
    const prompts = services
      .examples(reader)
      .slice(0, 4)
      .map((example) => ({ title: example, message: example }));
    if (prompts.length === 0) return;
    await repeatable(() =>
      services.client.assistant.threads.setSuggestedPrompts({ channel_id: event.channel, prompts }),
    );
  });

  app.action<BlockAction>(ACTIONS.homeRows, async ({ ack, body, action }) => {
    await ack();
    const click = await readClick(services, body, action);
    const [batchId = '', from = ''] = click.value.split(':');
    const expanded = from === '' ? null : { batchId, from: Number(from) || 0 };
    await services.pending.track(() => services.homes.expand(click.by, expanded));
  });

  // A Home that has been looked at stays true while approvals come and go.
  services.door.onChange((approval) =>
    services.pending.track(() => services.homes.refresh(approval.place.teamId)),
  );
}
