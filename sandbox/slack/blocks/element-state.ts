import { isObject, type JsonObject, objectAt, objectsAt, textAt } from '../json.ts';
import { CHOICES, TYPED } from './elements.ts';

/** An interactive element and where it stands. */
export interface Placed {
  blockId: string;
  element: JsonObject;
}

/** Every element with an action id, in order. */
export function interactiveElements(blocks: readonly JsonObject[]): Placed[] {
  return blocks.flatMap((block) => {
    const blockId = textAt(block, 'block_id') ?? '';
    const single = [objectAt(block, 'accessory'), objectAt(block, 'element')].filter((each) => each !== null);
    const several = ['elements', 'actions'].flatMap((key) => objectsAt(block, key));
    const own = [...single, ...several].filter((element) => typeof element.action_id === 'string');
    const nested = ['child_blocks', 'tasks'].flatMap((key) => interactiveElements(objectsAt(block, key)));
    const cards = block.type === 'carousel' ? interactiveElements(objectsAt(block, 'elements')) : [];
    return [...own.map((element) => ({ blockId, element })), ...nested, ...cards];
  });
}

/** The state of everything a person can fill in, before they touch it. */
export function initialValues(blocks: readonly JsonObject[]): Record<string, Record<string, JsonObject>> {
  const values: Record<string, Record<string, JsonObject>> = {};
  for (const { blockId, element } of interactiveElements(blocks)) {
    const type = textAt(element, 'type') ?? '';
    if (!CHOICES.includes(type) && !TYPED.includes(type) && type !== 'file_input') continue;
    const block = values[blockId] ?? {};
    block[textAt(element, 'action_id') ?? ''] = elementState(element, undefined);
    values[blockId] = block;
  }
  return values;
}

/** An element's part of `state.values`: as given by the person, or as it began when `given` is undefined. */
export function elementState(element: JsonObject, given: unknown): JsonObject {
  const type = textAt(element, 'type') ?? '';
  if (TYPED.includes(type)) {
    const typed = given === undefined ? (element.initial_value ?? null) : given;
    const value = typeof typed === 'number' ? String(typed) : typed;
    return type === 'rich_text_input'
      ? { type, rich_text_value: value }
      : { type, value: value === '' ? null : value };
  }
  const [field, initial] = SELECTION_FIELDS[type] ?? ['value', 'value'];
  const chosen = given === undefined ? (element[initial] ?? null) : given;
  if (field === 'selected_options') {
    const list = Array.isArray(chosen) ? chosen : chosen === null ? [] : [chosen];
    return { type, [field]: list.flatMap((each) => findOption(element, each) ?? []) };
  }
  if (field === 'selected_option')
    return { type, [field]: chosen === null ? null : findOption(element, chosen) };
  return { type, [field]: chosen };
}

/** The field of the state, and the field the element begins with. */
const SELECTION_FIELDS: Record<string, readonly [string, string]> = {
  static_select: ['selected_option', 'initial_option'],
  external_select: ['selected_option', 'initial_option'],
  radio_buttons: ['selected_option', 'initial_option'],
  overflow: ['selected_option', 'initial_option'],
  multi_static_select: ['selected_options', 'initial_options'],
  multi_external_select: ['selected_options', 'initial_options'],
  checkboxes: ['selected_options', 'initial_options'],
  users_select: ['selected_user', 'initial_user'],
  multi_users_select: ['selected_users', 'initial_users'],
  conversations_select: ['selected_conversation', 'initial_conversation'],
  multi_conversations_select: ['selected_conversations', 'initial_conversations'],
  channels_select: ['selected_channel', 'initial_channel'],
  multi_channels_select: ['selected_channels', 'initial_channels'],
  datepicker: ['selected_date', 'initial_date'],
  timepicker: ['selected_time', 'initial_time'],
  datetimepicker: ['selected_date_time', 'initial_date_time'],
  file_input: ['files', 'files'],
};

/** Whether the person has left the element empty. */
export function isEmptyState(state: JsonObject): boolean {
  return Object.entries(state).every(
    ([key, value]) =>
      key === 'type' ||
      value === null ||
      value === undefined ||
      value === '' ||
      (Array.isArray(value) && value.length === 0),
  );
}

/** The option that a person means by its value; an option object stands for itself. */
function findOption(element: JsonObject, chosen: unknown): unknown {
  if (isObject(chosen)) return chosen;
  const lists = [element, ...objectsAt(element, 'option_groups')];
  const options = lists.flatMap((each) => objectsAt(each, 'options'));
  const found = options.find(
    (option) => option.value === chosen || textAt(objectAt(option, 'text'), 'text') === chosen,
  );
  return found ?? null;
}
