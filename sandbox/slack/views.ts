import { randomBytes } from 'node:crypto';
import { checkedBlocks } from './blocks/check.ts';
import { initialValues } from './blocks/element-state.ts';
import { SlackError, withMessages } from './errors.ts';
import { type JsonObject, objectAt, objectsAt, textAt } from './json.ts';
import type { View } from './records.ts';
import type { Slack } from './slack.ts';

const STACK_LIMIT = 3;
const TITLE_LIMIT = 24;

/** A view as the app gave it, checked. Throws `invalid_arguments` with the path of what is wrong. */
export function checkedView(given: JsonObject, kind: View['kind']): JsonObject {
  const problems: string[] = [];
  if (given.type !== kind) problems.push(`must be "${kind}" [json-pointer:/view/type]`);
  if (kind === 'modal') {
    const title = textAt(objectAt(given, 'title'), 'text');
    if (!title) problems.push('missing required field: title [json-pointer:/view/title]');
    for (const part of ['title', 'submit', 'close']) {
      const text = textAt(objectAt(given, part), 'text') ?? '';
      if (text.length > TITLE_LIMIT)
        problems.push(`must be at most ${TITLE_LIMIT} characters [json-pointer:/view/${part}/text]`);
    }
    const hasInput = objectsAt(given, 'blocks').some((block) => block.type === 'input');
    if (hasInput && !given.submit)
      problems.push('`submit` is required when there are inputs [json-pointer:/view/submit]');
  }
  if ((textAt(given, 'private_metadata') ?? '').length > 3000) {
    problems.push('must be at most 3000 characters [json-pointer:/view/private_metadata]');
  }
  if ((textAt(given, 'callback_id') ?? '').length > 255) {
    problems.push('must be at most 255 characters [json-pointer:/view/callback_id]');
  }
  if (problems.length > 0) throw withMessages('invalid_arguments', problems);
  return { ...given, blocks: checkedBlocks(objectsAt(given, 'blocks'), kind, '/view/blocks') };
}

function freshHash(): string {
  return `${Math.floor(Date.now() / 1000)}.${randomBytes(4).toString('hex')}`;
}

/** The open modals of a person, lowest first. */
export function modalStack(slack: Slack, user: string): View[] {
  return slack.store.views.all().filter((view) => view.kind === 'modal' && view.user === user);
}

/** Opens a modal on top of `parent`, or as the only one. Throws `push_limit_reached`. */
export function openModal(slack: Slack, user: string, content: JsonObject, parent: View | null): View {
  const stack = modalStack(slack, user);
  if (parent === null) for (const view of stack) closeView(slack, view);
  else if (stack.length >= STACK_LIMIT) throw new SlackError('push_limit_reached');
  const id = `V0${slack.store.nextTs().replace('.', '')}`;
  const view: View = {
    id,
    kind: 'modal',
    user,
    hash: freshHash(),
    rootViewId: parent?.rootViewId ?? id,
    previousViewId: parent?.id ?? null,
    content: checkedView(content, 'modal'),
    values: {},
  };
  view.values = initialValues(objectsAt(view.content, 'blocks'));
  slack.store.views.set(id, view);
  slack.feed.publish({ type: 'view_opened', view });
  return view;
}

/** Replaces the content; what was filled in stays where block and action are still there. */
export function updateView(slack: Slack, view: View, content: JsonObject): View {
  const checked = checkedView(content, view.kind);
  const values = initialValues(objectsAt(checked, 'blocks'));
  for (const [blockId, actions] of Object.entries(values)) {
    for (const actionId of Object.keys(actions)) {
      const kept = view.values[blockId]?.[actionId];
      if (kept) actions[actionId] = kept;
    }
  }
  const updated: View = { ...view, content: checked, values, hash: freshHash() };
  slack.store.views.set(view.id, updated);
  slack.feed.publish({ type: view.kind === 'home' ? 'home_published' : 'view_updated', view: updated });
  return updated;
}

export function closeView(slack: Slack, view: View): void {
  slack.store.views.delete(view.id);
  slack.feed.publish({ type: 'view_closed', view });
}

export function homeOf(slack: Slack, user: string): View | null {
  return slack.store.views.all().find((view) => view.kind === 'home' && view.user === user) ?? null;
}

export function publishHome(slack: Slack, user: string, content: JsonObject, hash: string | undefined): View {
  const known = homeOf(slack, user);
  if (known && hash !== undefined && hash !== known.hash) throw new SlackError('hash_conflict');
  if (known) return updateView(slack, known, content);
  const id = `V0HOME${user.slice(2)}`;
  const checked = checkedView(content, 'home');
  const values = initialValues(objectsAt(checked, 'blocks'));
  const view: View = {
    id,
    kind: 'home',
    user,
    hash: freshHash(),
    rootViewId: id,
    previousViewId: null,
    content: checked,
    values,
  };
  slack.store.views.set(id, view);
  slack.feed.publish({ type: 'home_published', view });
  return view;
}
