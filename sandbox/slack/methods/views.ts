import { z } from 'zod';
import { defineMethod, jsonRecord } from '../define-method.ts';
import { SlackError } from '../errors.ts';
import { checkedView, openModal, publishHome, updateView } from '../views.ts';
import { wireView } from '../wire.ts';

export const VIEW_METHODS = [
  defineMethod({
    name: 'views.open',
    tier: 'tier4',
    input: z.object({ trigger_id: z.string(), view: jsonRecord }),
    run(args, slack) {
      checkedView(args.view, 'modal');
      const { user } = slack.triggers.exchange(args.trigger_id);
      const view = openModal(slack, user, args.view, null);
      slack.triggers.opened(args.trigger_id, view.id);
      return { view: wireView(view) };
    },
  }),
  defineMethod({
    name: 'views.push',
    tier: 'tier4',
    input: z.object({ trigger_id: z.string(), view: jsonRecord }),
    run(args, slack) {
      checkedView(args.view, 'modal');
      const { user, viewId } = slack.triggers.exchange(args.trigger_id);
      const parent = viewId === null ? null : slack.store.views.get(viewId);
      if (!parent) throw new SlackError('not_found');
      const view = openModal(slack, user, args.view, parent);
      slack.triggers.opened(args.trigger_id, view.id);
      return { view: wireView(view) };
    },
  }),
  defineMethod({
    name: 'views.update',
    tier: 'tier4',
    input: z.object({
      view_id: z.string().optional(),
      external_id: z.string().optional(),
      hash: z.string().optional(),
      view: jsonRecord,
    }),
    run(args, slack) {
      const view = slack.store.views
        .all()
        .find((each) =>
          args.view_id
            ? each.id === args.view_id
            : args.external_id && each.content.external_id === args.external_id,
        );
      if (!view) throw new SlackError('not_found');
      if (args.hash !== undefined && args.hash !== view.hash) throw new SlackError('hash_conflict');
      return { view: wireView(updateView(slack, view, args.view)) };
    },
  }),
  defineMethod({
    name: 'views.publish',
    tier: 'tier4',
    input: z.object({ user_id: z.string(), hash: z.string().optional(), view: jsonRecord }),
    run(args, slack) {
      if (!slack.store.people.find(args.user_id)) throw new SlackError('user_not_found');
      return { view: wireView(publishHome(slack, args.user_id, args.view, args.hash)) };
    },
  }),
];
