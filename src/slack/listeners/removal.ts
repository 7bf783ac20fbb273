import type { App } from '@slack/bolt';
import { z } from 'zod';
import type { Installations } from '../installations.ts';

const whenSchema = z.looseObject({ event_time: z.number() });

/** A workspace that removes Psi is forgotten: its tokens are worth nothing, and nothing is sent there any more. */
export function registerRemoval(app: App, installations: Installations): void {
  const saidAt = (body: unknown) => (whenSchema.safeParse(body).data?.event_time ?? 0) * 1000;

  app.event('app_uninstalled', async ({ body, context }) => {
    await installations.remove(context.teamId ?? '', saidAt(body));
  });
  app.event('tokens_revoked', async ({ body, event, context }) => {
    if ((event.tokens.bot ?? []).length > 0) await installations.remove(context.teamId ?? '', saidAt(body));
  });
}
