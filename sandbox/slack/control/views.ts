import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { ControlError, SlackError } from '../errors.ts';
import { sendEvent } from '../events.ts';
import { interactionBase } from '../interactions.ts';
import { type JsonObject, objectAt, objectsAt, textAt } from '../json.ts';
import { blocksText } from '../plain-text.ts';
import type { View } from '../records.ts';
import type { Slack } from '../slack.ts';
import { closeView, homeOf, modalStack, openModal, updateView } from '../views.ts';
import { wireView } from '../wire.ts';
import type { Person } from '../workspace.ts';
import { fillIn } from './fill-in.ts';
import { personOf, readInput } from './scope.ts';

const submitInput = z.object({
  user: z.string(),
  view_id: z.string(),
  values: z.record(z.string(), z.record(z.string(), z.unknown())).default({}),
});
const lookInput = z.object({ user: z.string(), open: z.enum(['home', 'messages']).optional() });
const closeInput = z.object({ user: z.string(), view_id: z.string() });

/** App Home and modals, as a person has them before them. */
export function registerViews(scope: FastifyInstance, slack: Slack): void {
  scope.get('/sandbox/views', (request) => {
    const input = readInput(lookInput, request.query);
    const person = personOf(slack, input.user);
    if (input.open) openTab(slack, person, input.open);
    const home = homeOf(slack, person.id);
    return { home: home && shownView(home), modals: modalStack(slack, person.id).map(shownView) };
  });
  scope.post('/sandbox/home', (request) => {
    openTab(slack, personOf(slack, readInput(z.object({ user: z.string() }), request.body).user), 'home');
    return { ok: true };
  });
  scope.post('/sandbox/views/submit', (request) => {
    const input = readInput(submitInput, request.body);
    const person = personOf(slack, input.user);
    return submit(slack, person, topView(slack, person, input.view_id), input.values);
  });
  scope.post('/sandbox/views/close', async (request) => {
    const input = readInput(closeInput, request.body);
    const person = personOf(slack, input.user);
    const view = topView(slack, person, input.view_id);
    closeView(slack, view);
    if (view.content.notify_on_close === true) {
      const payload = {
        type: 'view_closed',
        ...interactionBase(person, slack.triggers.issue(person.id)),
        view: wireView(view),
        is_cleared: false,
      };
      await slack.hub.deliverInteraction('interactive', 'view_closed', payload);
    }
    return { ok: true };
  });
}

/** A view as the control API and the web page give it. */
export function shownView(view: View): JsonObject {
  const title = textAt(objectAt(view.content, 'title'), 'text') ?? '';
  const body = blocksText(objectsAt(view.content, 'blocks'));
  return { ...wireView(view), plain: [title, body].filter((part) => part !== '').join('\n') };
}

function openTab(slack: Slack, person: Person, tab: 'home' | 'messages'): void {
  const home = homeOf(slack, person.id);
  sendEvent(slack, {
    type: 'app_home_opened',
    user: person.id,
    channel: person.dmId,
    tab,
    ...(tab === 'home' && home ? { view: wireView(home) } : {}),
    event_ts: slack.store.nextTs(),
  });
}

function topView(slack: Slack, person: Person, viewId: string): View {
  const stack = modalStack(slack, person.id);
  const view = stack.find((each) => each.id === viewId);
  if (!view) {
    const open = stack.map((each) => each.id).join(', ') || 'none';
    throw new ControlError(404, 'no_such_view', `${person.name} has no open modal ${viewId}. Open: ${open}.`);
  }
  return view;
}

async function submit(
  slack: Slack,
  person: Person,
  view: View,
  given: Record<string, Record<string, unknown>>,
) {
  const { values, errors } = fillIn(view, given);
  if (Object.keys(errors).length > 0) return { ok: false, errors };
  const filled: View = { ...view, values };
  slack.store.views.set(view.id, filled);
  const payload = {
    type: 'view_submission',
    ...interactionBase(person, slack.triggers.issue(person.id, view.id)),
    view: wireView(filled),
    response_urls: [],
  };
  const target = `view_submission ${textAt(view.content, 'callback_id') ?? ''}`;
  const answer = await slack.hub.deliverInteraction('interactive', target, payload);
  if (answer === null) return { ok: false, errors: { _: 'We had some trouble connecting. Try again?' } };
  return honour(slack, person, filled, answer);
}

/** Does what the app's acknowledgement asks for; with nothing asked, the modal closes. */
function honour(slack: Slack, person: Person, view: View, answer: JsonObject) {
  const content = objectAt(answer, 'view');
  try {
    switch (answer.response_action) {
      case 'errors':
        return { ok: false, errors: knownErrors(view, objectAt(answer, 'errors') ?? {}) };
      case 'update':
        if (content) updateView(slack, view, content);
        break;
      case 'push':
        if (content) openModal(slack, person.id, content, view);
        break;
      case 'clear':
        for (const each of modalStack(slack, person.id)) closeView(slack, each);
        break;
      default:
        closeView(slack, view);
    }
    return { ok: true };
  } catch (error) {
    if (!(error instanceof SlackError)) throw error;
    return {
      ok: false,
      errors: { _: `The app answered with a view that Slack refuses: ${JSON.stringify(error.details)}` },
    };
  }
}

/** Slack refuses errors for blocks that are not inputs of the view. */
function knownErrors(view: View, errors: JsonObject): JsonObject {
  const inputs = objectsAt(view.content, 'blocks').filter((block) => block.type === 'input');
  const known = Object.entries(errors).filter(([blockId]) =>
    inputs.some((block) => block.block_id === blockId),
  );
  if (known.length > 0) return Object.fromEntries(known);
  return { _: `The app named errors for no input of this view: ${Object.keys(errors).join(', ')}` };
}
