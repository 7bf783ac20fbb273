import type { App } from '@slack/bolt';
import type { SlackServices } from '../services.ts';

/** People join, move, change roles and enter channels: what Psi knows of them follows at once. */
export function registerPeople(app: App, { directory }: SlackServices): void {
  app.event('team_join', async ({ event, context }) => {
    await directory.userChanged(context.teamId ?? '', event.user);
  });
  app.event('user_change', async ({ event, context }) => {
    await directory.userChanged(context.teamId ?? '', event.user);
  });
  for (const type of ['subteam_created', 'subteam_updated', 'subteam_members_changed'] as const) {
    app.event(type, async ({ context }) => {
      await directory.groupsChanged(context.teamId ?? '');
    });
  }
  for (const type of ['member_joined_channel', 'member_left_channel'] as const) {
    app.event(type, async ({ event, context }) => {
      directory.membersChanged(context.teamId ?? '', event.channel);
    });
  }
}
