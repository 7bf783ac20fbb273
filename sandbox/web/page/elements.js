import { confirmFirst, h } from './dom.js';
import { icon } from './icons.js';
import { plainOf, textObject } from './text.js';

const CONFIRM = (spec) => ({
  title: plainOf(spec.title),
  text: textObject(spec.text),
  confirm: plainOf(spec.confirm),
  deny: plainOf(spec.deny),
  danger: spec.style === 'danger',
});

/** Does what `act` says after the element's own confirmation, and shows that it is under way. */
async function press(event, element, act) {
  const target = event.currentTarget;
  if (target.getAttribute('aria-busy') === 'true') return;
  if (element.confirm && !(await confirmFirst(CONFIRM(element.confirm)))) return;
  target.setAttribute('aria-busy', 'true');
  try {
    await act();
  } finally {
    target.removeAttribute('aria-busy');
  }
}

const choices = (element) => [
  ...(element.options ?? []),
  ...(element.option_groups ?? []).flatMap((group) => group.options ?? []),
];

/** An interactive element in a message or a view; `act({value?, selected?})` tells the app. */
export function interactive(element, act) {
  switch (element.type) {
    case 'button':
    case 'workflow_button':
      return button(element, act);
    case 'overflow':
      return overflow(element, act);
    case 'static_select':
    case 'external_select':
    case 'users_select':
    case 'conversations_select':
    case 'channels_select':
      return select(element, (selected) => act({ selected }));
    case 'radio_buttons':
    case 'checkboxes':
      return group(element, (selected) => act({ selected }));
    case 'datepicker':
      return h('input', {
        class: 'field inline',
        type: 'date',
        value: element.initial_date ?? '',
        onchange: (event) => act({ selected: event.target.value }),
      });
    case 'feedback_buttons':
      return [element.positive_button, element.negative_button].filter(Boolean).map((each, index) =>
        h(
          'button',
          {
            class: 'icon-button feedback',
            title: plainOf(each.text),
            'aria-label': plainOf(each.text),
            onclick: (event) => {
              event.currentTarget.classList.add('chosen');
              press(event, element, () => act({ value: each.value }));
            },
          },
          icon(index === 0 ? 'up' : 'down'),
        ),
      );
    case 'icon_button':
      return h(
        'button',
        {
          class: 'icon-button',
          title: plainOf(element.text),
          'aria-label': plainOf(element.text),
          onclick: (event) => press(event, element, () => act({ value: element.value })),
        },
        icon(element.icon === 'trash' ? 'trash' : 'check'),
      );
    case 'image':
      return h('img', { class: 'thumb', src: imageAddress(element), alt: element.alt_text ?? '' });
    default:
      return h('span', { class: 'unsupported' }, `[${element.type}]`);
  }
}

/** Images of the workspace itself are shown; any other address would tell its owner that it was looked at. */
export function imageAddress(element) {
  if (element.slack_file?.id) return `/sandbox/files/${encodeURIComponent(element.slack_file.id)}`;
  const address = element.image_url ?? element.slack_file?.url ?? '';
  const own = /\/slack\/files\/(\w+)\//.exec(address.startsWith(`${location.origin}/`) ? address : '');
  if (own) return `/sandbox/files/${own[1]}`;
  return address.startsWith(`${location.origin}/`) || address.startsWith('data:image/') ? address : '';
}

function button(element, act) {
  const kind = element.style === 'primary' ? 'primary' : element.style === 'danger' ? 'danger' : '';
  return h(
    'button',
    {
      class: `button ${kind}`,
      'aria-label': element.accessibility_label,
      dataset: { actionId: element.action_id ?? '' },
      onclick: (event) => {
        if (element.url && /^https?:/.test(element.url))
          window.open(element.url, '_blank', 'noopener,noreferrer');
        press(event, element, () => act({ value: element.value }));
      },
    },
    textObject(element.text),
  );
}

function overflow(element, act) {
  return h(
    'details',
    { class: 'overflow' },
    h('summary', { 'aria-label': 'More actions' }, icon('more')),
    h(
      'div',
      { class: 'overflow-menu' },
      choices(element).map((option) =>
        h(
          'button',
          {
            class: 'overflow-item',
            onclick: (event) => press(event, element, () => act({ selected: option.value })),
          },
          textObject(option.text),
        ),
      ),
    ),
  );
}

function select(element, change) {
  const initial = element.initial_option?.value ?? '';
  const list = choices(element);
  const control = h(
    'select',
    {
      class: 'field inline',
      'aria-label': plainOf(element.placeholder) || 'Choose',
      onchange: async (event) => {
        const value = event.target.value;
        if (element.confirm && !(await confirmFirst(CONFIRM(element.confirm)))) {
          event.target.value = initial;
          return;
        }
        if (value) change(value);
      },
    },
    h('option', { value: '' }, plainOf(element.placeholder) || 'Choose'),
    list.map((option) => h('option', { value: option.value }, plainOf(option.text))),
  );
  control.value = initial;
  return control;
}

function group(element, change) {
  const single = element.type === 'radio_buttons';
  const name = `g${Math.random().toString(36).slice(2)}`;
  const chosen = new Set(
    single ? [element.initial_option?.value] : (element.initial_options ?? []).map((option) => option.value),
  );
  const box = h('div', { class: 'choice-group', role: single ? 'radiogroup' : 'group' });
  const read = () => [...box.querySelectorAll('input:checked')].map((input) => input.value);
  box.append(
    ...choices(element).map((option) =>
      h(
        'label',
        { class: 'choice' },
        h('input', {
          type: single ? 'radio' : 'checkbox',
          name,
          value: option.value,
          checked: chosen.has(option.value),
          onchange: () => change(single ? read()[0] : read()),
        }),
        h(
          'span',
          {},
          textObject(option.text),
          option.description ? h('small', {}, textObject(option.description)) : null,
        ),
      ),
    ),
  );
  return box;
}

/** A field of a modal: the control and the function that reads its value as the control API takes it. */
export function inputControl(element) {
  const field = (control) => ({ control, read: () => (control.value === '' ? null : control.value) });
  switch (element.type) {
    case 'plain_text_input':
      return field(
        element.multiline
          ? h('textarea', {
              class: 'field',
              rows: 4,
              maxlength: element.max_length,
              placeholder: plainOf(element.placeholder),
              value: element.initial_value ?? '',
            })
          : h('input', {
              class: 'field',
              type: 'text',
              maxlength: element.max_length,
              placeholder: plainOf(element.placeholder),
              value: element.initial_value ?? '',
            }),
      );
    case 'number_input':
      return field(
        h('input', {
          class: 'field',
          type: 'text',
          inputmode: 'decimal',
          placeholder: plainOf(element.placeholder),
          value: element.initial_value ?? '',
        }),
      );
    case 'email_text_input':
      return field(h('input', { class: 'field', type: 'email', value: element.initial_value ?? '' }));
    case 'url_text_input':
      return field(h('input', { class: 'field', type: 'url', value: element.initial_value ?? '' }));
    case 'datepicker':
      return field(h('input', { class: 'field', type: 'date', value: element.initial_date ?? '' }));
    case 'timepicker':
      return field(h('input', { class: 'field', type: 'time', value: element.initial_time ?? '' }));
    case 'radio_buttons':
    case 'checkboxes': {
      const control = group(element, () => undefined);
      const read = () => [...control.querySelectorAll('input:checked')].map((input) => input.value);
      return { control, read: () => (element.type === 'radio_buttons' ? (read()[0] ?? null) : read()) };
    }
    case 'static_select':
    case 'external_select': {
      const control = select(element, () => undefined);
      control.className = 'field';
      return { control, read: () => control.value || null };
    }
    case 'multi_static_select': {
      const chosen = new Set((element.initial_options ?? []).map((option) => option.value));
      const control = h(
        'select',
        { class: 'field', multiple: true },
        choices(element).map((option) =>
          h('option', { value: option.value, selected: chosen.has(option.value) }, plainOf(option.text)),
        ),
      );
      return { control, read: () => [...control.selectedOptions].map((option) => option.value) };
    }
    default:
      return field(h('input', { class: 'field', type: 'text', 'aria-label': element.type }));
  }
}
