import { elementState, isEmptyState } from '../blocks/element-state.ts';
import { ControlError } from '../errors.ts';
import { isObject, type JsonObject, objectAt, objectsAt, textAt } from '../json.ts';
import type { View } from '../records.ts';

/** The view's values with what the person gave, and what Slack itself refuses before it asks the app. */
export function fillIn(view: View, given: Record<string, Record<string, unknown>>) {
  const values = structuredClone(view.values);
  const errors: Record<string, string> = {};
  const blocks = objectsAt(view.content, 'blocks');
  for (const [blockId, actions] of Object.entries(given)) {
    for (const [actionId, value] of Object.entries(actions)) {
      const block = blocks.find((each) => each.block_id === blockId);
      const state = values[blockId];
      const element = block && elementOf(block, actionId);
      if (!state || !element) {
        throw new ControlError(
          404,
          'no_such_input',
          `This view has no input ${blockId}/${actionId}. Inputs: ${inputNames(view)}.`,
        );
      }
      state[actionId] = elementState(element, bareValue(value));
    }
  }
  for (const block of blocks.filter((each) => each.type === 'input')) {
    const element = objectAt(block, 'element') ?? {};
    const blockId = textAt(block, 'block_id') ?? '';
    const state = values[blockId]?.[textAt(element, 'action_id') ?? ''] ?? {};
    const problem = inputProblem(element, state, block.optional === true);
    if (problem !== null) errors[blockId] = problem;
  }
  return { values, errors };
}

/** What was put in, also when it is given in the shape of Slack's own element state. */
function bareValue(value: unknown): unknown {
  if (!isObject(value) || 'text' in value) return value;
  const field = Object.keys(value).find((key) => key === 'value' || key.startsWith('selected_'));
  return field === undefined ? value : value[field];
}

function elementOf(block: JsonObject, actionId: string): JsonObject | null {
  const singles = [objectAt(block, 'element'), objectAt(block, 'accessory')];
  const all = [...singles, ...objectsAt(block, 'elements')];
  return all.find((element) => element?.action_id === actionId) ?? null;
}

function inputNames(view: View): string {
  const names = Object.entries(view.values).flatMap(([blockId, actions]) =>
    Object.keys(actions).map((actionId) => `${blockId}/${actionId}`),
  );
  return names.join(', ') || 'none';
}

/** What Slack itself says about an input before it asks the app; null when it is content. */
function inputProblem(element: JsonObject, state: JsonObject, optional: boolean): string | null {
  if (isEmptyState(state)) return optional ? null : 'Please complete this required field.';
  const value = textAt(state, 'value') ?? '';
  const { min_length: min, max_length: max } = element;
  if (typeof min === 'number' && value.length < min) return `Please enter at least ${min} characters.`;
  if (typeof max === 'number' && value.length > max) return `Please enter at most ${max} characters.`;
  if (element.type === 'number_input') return numberProblem(element, value);
  if (element.type === 'email_text_input' && !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(value)) {
    return 'Please enter a valid email address.';
  }
  return null;
}

function numberProblem(element: JsonObject, value: string): string | null {
  const pattern = element.is_decimal_allowed === true ? /^-?\d+(\.\d+)?$/ : /^-?\d+$/;
  if (!pattern.test(value)) return 'Please enter a valid number.';
  const [min, max] = [textAt(element, 'min_value'), textAt(element, 'max_value')];
  if (min !== null && Number(value) < Number(min)) return `Please enter a number of at least ${min}.`;
  if (max !== null && Number(value) > Number(max)) return `Please enter a number of at most ${max}.`;
  return null;
}
