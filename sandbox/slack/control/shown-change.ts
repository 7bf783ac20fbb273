import type { SlackChange } from '../feed.ts';
import type { JsonObject } from '../json.ts';
import type { Slack } from '../slack.ts';
import { shownMessage, shownThread } from './messages.ts';
import { shownView } from './views.ts';

/** A change as the web page takes it: `{type, message | view | thread}` in the shapes of the control API. */
export function shownChange(slack: Slack, change: SlackChange): JsonObject {
  if ('message' in change) return { type: change.type, message: shownMessage(slack, change.message) };
  if ('view' in change) return { type: change.type, user: change.view.user, view: shownView(change.view) };
  if ('thread' in change) return { type: change.type, thread: shownThread(change.thread) };
  return { type: change.type };
}
