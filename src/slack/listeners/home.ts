import type { App } from '@slack/bolt';
import { repeatable } from '../delivery/call-slack.ts';
import type { SlackServices } from '../services.ts';
import { homeView } from '../views/home.ts';

/** App Home shows what waits for its reader; opening the DM offers things to ask. */
export function registerHome(app: App, services: SlackServices): void {
  const opened = new Map<string, { teamId: string; userId: string }>();

  async function publish(teamId: string, userId: string): Promise<void> {
    const reader = await services.directory.principal(teamId, userId);
    const view = homeView(await services.home(reader));
    await repeatable(() => services.clientFor(teamId).views.publish({ user_id: userId, view }));
  }

  app.event('app_home_opened', async ({ event, context }) => {
    const teamId = context.teamId ?? '';
    if (event.tab === 'home') {
      opened.set(`${teamId} ${event.user}`, { teamId, userId: event.user });
      await publish(teamId, event.user);
      return;
    }
    const reader = await services.directory.principal(teamId, event.user);
    const prompts = services
      .examples(reader)
      .slice(0, 4)
      .map((example) => ({ title: example, message: example }));
    if (prompts.length === 0) return;
    await repeatable(() =>
      services
        .clientFor(teamId)
        .assistant.threads.setSuggestedPrompts({ channel_id: event.channel, prompts }),
    );
  });

  // A Home that has been looked at stays true while approvals come and go.
  services.door.onChange((approval) =>
    services.pending.track(async () => {
      for (const { teamId, userId } of opened.values()) {
        if (teamId !== approval.place.teamId) continue;
        await publish(teamId, userId).catch((error: unknown) =>
          services.logger.warn({ err: error }, 'App Home could not be refreshed'),
        );
      }
    }),
  );
}
