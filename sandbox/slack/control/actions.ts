import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { elementState, initialValues, isEmptyState, type Placed } from '../blocks/element-state.ts';
import { ControlError } from '../errors.ts';
import { interactionBase, messageContainer, viewContainer } from '../interactions.ts';
import { type JsonObject, objectAt, objectsAt, textAt } from '../json.ts';
import type { View } from '../records.ts';
import type { Slack } from '../slack.ts';
import { TRIGGER_LIVES_MS } from '../triggers.ts';
import { shownBlocks } from '../wire.ts';
import type { Person } from '../workspace.ts';
import { feedbackButton, findElement } from './find-element.ts';
import { channelFor, personOf, readInput } from './scope.ts';
import { soonOpenedView } from './soon-opened-view.ts';

const actionInput = z.object({
  user: z.string(),
  channel: z.string().optional(),
  message_ts: z.string().optional(),
  view_id: z.string().optional(),
  action_id: z.string(),
  block_id: z.string().optional(),
  value: z.unknown().optional(),
  selected: z.unknown().optional(),
});

/** A person presses a button or chooses something, in a message or in a view. */
export function registerActions(scope: FastifyInstance, slack: Slack): void {
  scope.post('/sandbox/actions', async (request) => {
    const input = readInput(actionInput, request.body);
    const person = personOf(slack, input.user);
    if (input.view_id !== undefined) return clickInView(slack, person, input, input.view_id);
    if (input.message_ts === undefined) {
      throw new ControlError(400, 'invalid_body', 'message_ts (with channel) or view_id is needed.');
    }
    return clickInMessage(slack, person, input, input.message_ts);
  });
}

type ActionInput = z.infer<typeof actionInput>;

interface Click {
  person: Person;
  input: ActionInput;
  placed: Placed;
  /** The state of everything that can be filled in around the element. */
  values: View['values'];
}

async function clickInMessage(
  slack: Slack,
  person: Person,
  input: ActionInput,
  ts: string,
): Promise<JsonObject> {
  const channel = channelFor(slack, person, input.channel);
  const message = slack.store.message(channel.id, ts);
  if (!message || (message.ephemeralTo !== null && message.ephemeralTo !== person.id)) {
    throw new ControlError(
      404,
      'no_such_message',
      `There is no message ${ts} for ${person.name} in this channel.`,
    );
  }
  const blocks = shownBlocks(message);
  const click: Click = { person, input, placed: findElement(blocks, input), values: initialValues(blocks) };
  const values = valuesAfter(click);
  const target = {
    channel: message.channel,
    user: person.id,
    threadTs: message.threadTs,
    messageTs: message.ts,
  };
  const container = messageContainer(slack, message, slack.responseUrls.issue(target));
  return deliver(slack, click, values, container, null);
}

async function clickInView(
  slack: Slack,
  person: Person,
  input: ActionInput,
  viewId: string,
): Promise<JsonObject> {
  const view = slack.store.views.get(viewId);
  if (!view || view.user !== person.id) {
    throw new ControlError(404, 'no_such_view', `${person.name} has no open view ${viewId}.`);
  }
  const placed = findElement(objectsAt(view.content, 'blocks'), input);
  const click: Click = { person, input, placed, values: view.values };
  const filled: View = { ...view, values: valuesAfter(click) };
  slack.store.views.set(view.id, filled);
  return deliver(slack, click, filled.values, viewContainer(filled), view.id);
}

/** The values with this click's choice in them. Throws 404 `no_such_option`. */
function valuesAfter({ placed: { blockId, element }, input, values }: Click): View['values'] {
  const actionId = textAt(element, 'action_id') ?? '';
  if (!values[blockId]?.[actionId]) return values;
  const given = input.selected ?? input.value ?? null;
  const state = elementState(element, given);
  const isCleared = given === null || given === '' || (Array.isArray(given) && given.length === 0);
  if (!isCleared && isEmptyState(state)) {
    throw new ControlError(404, 'no_such_option', `${actionId} has no option ${JSON.stringify(given)}.`);
  }
  return { ...values, [blockId]: { ...values[blockId], [actionId]: state } };
}

async function deliver(
  slack: Slack,
  { person, input, placed }: Click,
  values: View['values'],
  container: JsonObject,
  viewId: string | null,
): Promise<JsonObject> {
  const actionId = textAt(placed.element, 'action_id') ?? '';
  const triggerId = slack.triggers.issue(person.id, viewId);
  const payload = {
    type: 'block_actions',
    ...interactionBase(person, triggerId),
    ...container,
    state: { values },
    actions: [{ ...actionOf(slack, placed, input), ...values[placed.blockId]?.[actionId] }],
  };
  const sentAt = performance.now();
  const acknowledged = await slack.hub.deliverInteraction(
    'interactive',
    `block_actions ${actionId}`,
    payload,
  );
  if (acknowledged === null) return { ok: false, error: 'The app did not answer within 3 seconds.' };
  const opened = await soonOpenedView(slack, triggerId, modalWithinMs(performance.now() - sentAt));
  return { ok: true, ...(opened === null ? {} : { opened_view_id: opened }) };
}

/**
 * How long a click waits for a modal, which most never open: an app does it right before or right after it
 * acknowledges, and one that took its time for that is on a busy machine.
 */
function modalWithinMs(acknowledgedInMs: number): number {
  return Math.min(TRIGGER_LIVES_MS, Math.max(250, 5 * acknowledgedInMs));
}

function actionOf(slack: Slack, { blockId, element }: Placed, input: ActionInput): JsonObject {
  const type = textAt(element, 'type') ?? '';
  const common = { type, action_id: element.action_id, block_id: blockId, action_ts: slack.store.nextTs() };
  if (type === 'feedback_buttons') {
    const button = feedbackButton(element, input.value) ?? objectAt(element, 'positive_button');
    return { ...common, value: button?.value, text: button?.text };
  }
  if (type === 'overflow')
    return { ...common, ...elementState(element, input.selected ?? input.value ?? null) };
  const own = ['text', 'value', 'style', 'icon'].filter((key) => element[key] !== undefined);
  return { ...common, ...Object.fromEntries(own.map((key) => [key, element[key]])) };
}
