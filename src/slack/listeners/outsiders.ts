import type { App } from '@slack/bolt';
import { z } from 'zod';
import type { Principal } from '../../domain/types.ts';
import { repeatable } from '../delivery/call-slack.ts';
import { isOutsider, OUTSIDER_SENTENCE, refuseOutsider } from '../outsiders.ts';
import type { SlackServices } from '../services.ts';
import { asSent, section } from '../views/blocks.ts';
import { modal } from '../views/receipt.ts';

/** Everything Slack sends that a person did by a button, a form, a shortcut, a command or by opening App Home. */
const deedSchema = z.looseObject({
  type: z.string().optional(),
  command: z.string().optional(),
  team_id: z.string().optional(),
  team: z.looseObject({ id: z.string() }).nullish(),
  user: z.looseObject({ id: z.string() }).optional(),
  user_id: z.string().optional(),
  trigger_id: z.string().optional(),
  channel: z.looseObject({ id: z.string() }).optional(),
  message: z.looseObject({ ts: z.string(), thread_ts: z.string().optional() }).optional(),
  event: z.looseObject({ type: z.string(), user: z.unknown(), tab: z.string().optional() }).optional(),
});

type Deed = z.output<typeof deedSchema>;

/**
 * Stands before every listener: whoever is no member of the workspace gets one sentence in private, and no listener
 * hears of what they did. Messages are for the listener of messages to refuse: most of them are not meant for Psi.
 */
export function refuseOutsiders(app: App, services: SlackServices): void {
  app.use(async (args) => {
    const deed = deedSchema.safeParse(args.body).data;
    const userId = deed ? doer(deed) : null;
    if (!deed || userId === null) return args.next();
    const teamId = deed.team?.id ?? deed.team_id ?? args.context.teamId ?? '';
    const person = await services.directory.principal(teamId, userId);
    if (!isOutsider(person)) return args.next();
    const ack = 'ack' in args && typeof args.ack === 'function' ? args.ack : null;
    await refuse(services, deed, person, async (answer) => {
      // Each kind of deed is acknowledged with what it shows its doer.
      await ack?.(answer as undefined);
    });
  });
}

/** Who did it, where it is something that is refused here. */
function doer({ type, command, user, user_id, event }: Deed): string | null {
  if (command) return user_id ?? null;
  if (event) {
    const refusable = event.type === 'app_home_opened' || event.type === 'agent_session_stopped';
    return refusable && typeof event.user === 'string' ? event.user : null;
  }
  const deeds = ['block_actions', 'view_submission', 'shortcut', 'message_action'];
  return deeds.includes(type ?? '') ? (user?.id ?? null) : null;
}

async function refuse(
  services: SlackServices,
  deed: Deed,
  person: Principal,
  ack: (answer?: unknown) => Promise<void>,
): Promise<void> {
  const sentence = modal('Psi', [section(OUTSIDER_SENTENCE)]);
  if (deed.command) return ack({ response_type: 'ephemeral', text: OUTSIDER_SENTENCE });
  if (deed.type === 'view_submission') return ack({ response_action: 'update', view: sentence });
  if (deed.event) {
    if (deed.event.tab !== 'home') return;
    const view = { type: 'home' as const, blocks: asSent([section(OUTSIDER_SENTENCE)]) };
    await repeatable(() => services.clientFor(person.teamId).views.publish({ user_id: person.userId, view }));
    return;
  }
  await ack();
  if (deed.type === 'block_actions' && deed.channel && deed.message) {
    const threadTs = deed.message.thread_ts ?? deed.message.ts;
    const { teamId } = person;
    const place = await services.directory.place({ teamId, channelId: deed.channel.id, threadTs });
    return refuseOutsider(services, person, place);
  }
  if (deed.trigger_id)
    await services.clientFor(person.teamId).views.open({ trigger_id: deed.trigger_id, view: sentence });
}
