import { isObject, type JsonObject, listAt, objectAt, textAt } from '../json.ts';
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
export const CHOICES = [
  ...SELECTS,
  'checkboxes',
  'radio_buttons',
  'datepicker',
  'timepicker',
  'datetimepicker',
];
export const TYPED = [
  'plain_text_input',
  'number_input',
  'email_text_input',
  'url_text_input',
  'rich_text_input',
];

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
