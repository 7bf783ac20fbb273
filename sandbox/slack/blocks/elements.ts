import { isObject, type JsonObject, listAt, objectAt, objectsAt, textAt } from '../json.ts';
import type { Problems } from './problems.ts';

const ACTION_ID_LIMIT = 255;
const PLACEHOLDER_LIMIT = 150;

/** The kinds of interactive element, each with the rule of its own fields. */
const RULES: Record<string, (element: JsonObject, path: string, problems: Problems) => void> = {
  button(element, path, problems) {
    problems.textObject(element, 'text', path, { limit: 75, plain: true });
    problems.length(textAt(element, 'value') ?? '', 2000, `${path}/value`);
    problems.length(textAt(element, 'url') ?? '', 3000, `${path}/url`);
    if (element.style !== undefined) problems.oneOf(element.style, ['primary', 'danger'], `${path}/style`);
  },
  icon_button(element, path, problems) {
    problems.text(element, 'icon', path, 100);
    problems.textObject(element, 'text', path, { limit: 75, plain: true });
  },
  feedback_buttons(element, path, problems) {
    for (const side of ['positive_button', 'negative_button']) {
      const button = objectAt(element, side);
      if (!button) {
        problems.add(`missing required field: ${side}`, path);
        continue;
      }
      problems.textObject(button, 'text', `${path}/${side}`, { limit: 75, plain: true });
      problems.text(button, 'value', `${path}/${side}`, 2000);
    }
  },
  static_select: (element, path, problems) => checkOptions(element, path, problems, 100, 75),
  multi_static_select: (element, path, problems) => checkOptions(element, path, problems, 100, 75),
  overflow: (element, path, problems) => checkOptions(element, path, problems, 5, 75),
  radio_buttons: (element, path, problems) => checkOptions(element, path, problems, 10, 75),
  checkboxes: (element, path, problems) => checkOptions(element, path, problems, 10, 75),
  plain_text_input(element, path, problems) {
    problems.length(textAt(element, 'initial_value') ?? '', 3000, `${path}/initial_value`);
    if (typeof element.max_length === 'number' && element.max_length > 3000) {
      problems.add('must be at most 3000', `${path}/max_length`);
    }
  },
  number_input(element, path, problems) {
    if (typeof element.is_decimal_allowed !== 'boolean') {
      problems.add('missing required field: is_decimal_allowed', path);
    }
  },
};

const UNRULED = [
  'users_select',
  'multi_users_select',
  'conversations_select',
  'multi_conversations_select',
  'channels_select',
  'multi_channels_select',
  'external_select',
  'multi_external_select',
  'datepicker',
  'timepicker',
  'datetimepicker',
  'email_text_input',
  'url_text_input',
  'rich_text_input',
  'file_input',
  'workflow_button',
];

const SELECTS = [
  ...['static_select', 'users_select', 'conversations_select', 'channels_select', 'external_select'].flatMap(
    (kind) => [kind, `multi_${kind}`],
  ),
];
const CHOICES = [...SELECTS, 'checkboxes', 'radio_buttons', 'datepicker', 'timepicker', 'datetimepicker'];
const TYPED = ['plain_text_input', 'number_input', 'email_text_input', 'url_text_input', 'rich_text_input'];

export const ELEMENTS_OF = {
  actions: ['button', 'overflow', 'workflow_button', 'rich_text_input', ...CHOICES],
  section: ['button', 'overflow', 'workflow_button', 'image', ...CHOICES],
  input: [...CHOICES, ...TYPED, 'file_input'],
  context_actions: ['feedback_buttons', 'icon_button'],
  card: ['button'],
} as const;

/** Checks one interactive element of a block that allows the `allowed` kinds. */
export function checkElement(
  element: unknown,
  path: string,
  problems: Problems,
  allowed: readonly string[],
): void {
  if (!isObject(element)) {
    problems.add('must provide an object', path);
    return;
  }
  const type = String(element.type);
  if (!allowed.includes(type)) {
    problems.add(`unsupported type: ${type}`, `${path}/type`);
    return;
  }
  if (type === 'image') return;
  problems.length(textAt(element, 'action_id') ?? '', ACTION_ID_LIMIT, `${path}/action_id`);
  problems.textObject(element, 'placeholder', path, {
    limit: PLACEHOLDER_LIMIT,
    plain: true,
    optional: true,
  });
  const confirm = objectAt(element, 'confirm');
  if (confirm) checkConfirm(confirm, `${path}/confirm`, problems);
  const rule = RULES[type];
  if (rule) rule(element, path, problems);
  else if (!UNRULED.includes(type)) problems.add(`unsupported type: ${type}`, `${path}/type`);
}

function checkConfirm(confirm: JsonObject, path: string, problems: Problems): void {
  problems.textObject(confirm, 'title', path, { limit: 100, plain: true });
  problems.textObject(confirm, 'text', path, { limit: 300 });
  problems.textObject(confirm, 'confirm', path, { limit: 30, plain: true, optional: true });
  problems.textObject(confirm, 'deny', path, { limit: 30, plain: true, optional: true });
}

function checkOptions(
  element: JsonObject,
  path: string,
  problems: Problems,
  max: number,
  limit: number,
): void {
  const groups = listAt(element, 'option_groups');
  if (groups === null) {
    checkOptionList(element, path, problems, max, limit);
    return;
  }
  if (groups.length > 100) problems.add('no more than 100 items allowed', `${path}/option_groups`);
  for (const [at, group] of groups.entries()) {
    if (isObject(group)) checkOptionList(group, `${path}/option_groups/${at}`, problems, max, limit);
  }
}

function checkOptionList(
  parent: JsonObject,
  path: string,
  problems: Problems,
  max: number,
  limit: number,
): void {
  for (const [at, option] of problems.list(parent, 'options', path, 1, max).entries()) {
    const optionPath = `${path}/options/${at}`;
    if (!isObject(option)) {
      problems.add('must provide an object', optionPath);
      continue;
    }
    problems.textObject(option, 'text', optionPath, { limit });
    problems.text(option, 'value', optionPath, 150);
  }
}

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
    return { type, [field]: list.map((each) => findOption(element, each)) };
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
