import { expect, test } from 'vitest';
import { initialValues } from '../../../sandbox/slack/blocks/element-state.ts';
import { fillIn } from '../../../sandbox/slack/control/fill-in.ts';
import type { JsonObject } from '../../../sandbox/slack/json.ts';
import type { View } from '../../../sandbox/slack/records.ts';

const option = (value: string) => ({ value, text: { type: 'plain_text', text: value.toUpperCase() } });

function viewWith(element: JsonObject, optional = false): View {
  const block = { type: 'input', block_id: 'b', optional, element: { action_id: 'a', ...element } };
  return {
    id: 'V1',
    kind: 'modal',
    user: 'U1',
    hash: '1',
    rootViewId: 'V1',
    previousViewId: null,
    content: { type: 'modal', blocks: [block] },
    values: initialValues([block]),
  };
}

const text = { type: 'plain_text_input', min_length: 2, max_length: 4 };
const number = { type: 'number_input', is_decimal_allowed: false, min_value: '1', max_value: '9' };
const select = { type: 'static_select', options: [option('x'), option('y')] };
const boxes = { type: 'checkboxes', options: [option('x'), option('y')] };
const mail = { type: 'email_text_input' };

const accepted: { name: string; element: JsonObject; given: unknown; state: JsonObject }[] = [
  { name: 'text', element: text, given: 'abc', state: { value: 'abc' } },
  {
    name: "text in Slack's shape",
    element: text,
    given: { type: 'plain_text_input', value: 'abc' },
    state: { value: 'abc' },
  },
  { name: 'a number', element: number, given: 5, state: { value: '5' } },
  { name: 'an option by value', element: select, given: 'y', state: { selected_option: option('y') } },
  { name: 'an option by label', element: select, given: 'Y', state: { selected_option: option('y') } },
  {
    name: "an option in Slack's shape",
    element: select,
    given: { selected_option: option('y') },
    state: { selected_option: option('y') },
  },
  {
    name: 'several options',
    element: boxes,
    given: ['x', 'y'],
    state: { selected_options: [option('x'), option('y')] },
  },
  { name: 'a person', element: { type: 'users_select' }, given: 'U1', state: { selected_user: 'U1' } },
  {
    name: 'a date',
    element: { type: 'datepicker' },
    given: '2026-11-20',
    state: { selected_date: '2026-11-20' },
  },
];
test.each(accepted)('$name is taken into the state of the view', ({ element, given, state }) => {
  const { values, errors } = fillIn(viewWith(element), { b: { a: given } });
  expect(errors).toEqual({});
  expect(values.b?.a).toMatchObject(state);
});

const refused: { name: string; element: JsonObject; given: unknown }[] = [
  { name: 'nothing', element: text, given: '' },
  { name: 'too short a text', element: text, given: 'a' },
  { name: 'too long a text', element: text, given: 'abcde' },
  { name: 'a word for a number', element: number, given: 'five' },
  { name: 'a fraction where none is allowed', element: number, given: '1.5' },
  { name: 'a number that is too small', element: number, given: '0' },
  { name: 'a number that is too large', element: number, given: '10' },
  { name: 'an option that is not there', element: select, given: 'z' },
  { name: 'no option', element: boxes, given: [] },
  { name: 'half a mail address', element: mail, given: 'jo@' },
];
test.each(refused)('$name is refused at its block before the app is asked', ({ element, given }) => {
  expect(Object.keys(fillIn(viewWith(element), { b: { a: given } }).errors)).toEqual(['b']);
});

test('an optional input may be left empty', () => {
  expect(fillIn(viewWith(text, true), {}).errors).toEqual({});
});

test('what an input begins with counts as filled in', () => {
  const { values, errors } = fillIn(viewWith({ ...text, initial_value: 'abc' }), {});
  expect(errors).toEqual({});
  expect(values.b?.a).toMatchObject({ value: 'abc' });
});

test('a value for an input that is not there names those that are', () => {
  expect(() => fillIn(viewWith(text), { c: { a: 'x' } })).toThrow('b/a');
});
