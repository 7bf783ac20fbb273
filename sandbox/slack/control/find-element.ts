import { interactiveElements, type Placed } from '../blocks/element-state.ts';
import { ControlError } from '../errors.ts';
import { type JsonObject, objectAt, textAt } from '../json.ts';

export interface Wanted {
  action_id: string;
  block_id?: string;
  value?: unknown;
}

/**
 * The element a person means. Where several share the action id, the one with the given value.
 * Throws 404 `no_such_action`, naming what there is.
 */
export function findElement(blocks: readonly JsonObject[], wanted: Wanted): Placed {
  const all = interactiveElements(blocks);
  const named = all.filter(
    ({ blockId, element }) =>
      element.action_id === wanted.action_id &&
      (wanted.block_id === undefined || blockId === wanted.block_id),
  );
  const found =
    wanted.value === undefined ? named[0] : named.find((each) => takesValue(each.element, wanted.value));
  if (found) return found;
  const available = all.map(({ element }) => [element.action_id, element.value].filter(Boolean).join('='));
  const list = available.length > 0 ? available.join(', ') : 'none';
  throw new ControlError(
    404,
    'no_such_action',
    `There is no ${wanted.action_id} here now. Available: ${list}.`,
  );
}

/** A button stands for its own value; anything else takes what is put in. */
function takesValue(element: JsonObject, value: unknown): boolean {
  const type = textAt(element, 'type');
  if (type === 'feedback_buttons') return feedbackButton(element, value) !== null;
  if (type !== 'button' && type !== 'icon_button') return true;
  return (textAt(element, 'value') ?? '') === value;
}

export function feedbackButton(element: JsonObject, value: unknown): JsonObject | null {
  const sides = ['positive_button', 'negative_button'].map((side) => objectAt(element, side));
  return sides.find((button) => button?.value === value) ?? null;
}
