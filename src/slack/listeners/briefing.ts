import type { App, BlockAction } from '@slack/bolt';
import { settingWords } from '../../domain/people/time-words.ts';
import { UserError } from '../../lib/errors.ts';
import type { SlackServices } from '../services.ts';
import { mrkdwn, section } from '../views/blocks.ts';
import { BRIEFING_ACTIONS } from '../views/briefing.ts';
import { BRIEFING_VIEW, briefingModal, settingsFromForm } from '../views/briefing-modal.ts';

/** "Change my briefing" at App Home, and the form behind it. */
export function registerBriefing(app: App, services: SlackServices): void {
  const { settings } = services.briefing;

  app.action<BlockAction>(BRIEFING_ACTIONS.settings, async ({ ack, body }) => {
    await ack();
    const reader = await services.directory.principal(body.team?.id ?? '', body.user.id);
    const { briefing } = await settings.get(reader);
    await services.clientFor(reader.teamId).views.open({
      trigger_id: body.trigger_id,
      view: briefingModal(briefing, reader.tz),
    });
  });

  app.view(BRIEFING_VIEW, async ({ ack, body, view }) => {
    const person = { teamId: body.team?.id ?? '', userId: body.user.id };
    const wanted = settingsFromForm(view.state.values);
    if (!wanted || wanted.channels.length === 0) {
      await ack({ response_action: 'errors', errors: { channels: 'Choose at least one way it comes.' } });
      return;
    }
    try {
      await settings.change(person, { briefing: wanted });
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      await ack({ response_action: 'errors', errors: { time: error.message } });
      return;
    }
    await ack();
    await services.pending.track(() => services.homes.show(person));
    const text = `Your briefing: ${settingWords(wanted)}.`;
    const channelId = await services.poster.openDm(person.teamId, person.userId);
    await services.poster.ephemeral(person.userId, {
      teamId: person.teamId,
      channelId,
      text,
      blocks: [section(mrkdwn(text))],
    });
  });
}
