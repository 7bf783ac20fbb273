import { get, post } from './api.js';
import { blocks } from './blocks.js';
import { byId, h, toast } from './dom.js';
import { icon } from './icons.js';
import { state } from './state.js';
import { plainOf } from './text.js';

async function act(view, block, element, given) {
  try {
    const answer = await post('/sandbox/actions', {
      user: state.user.id,
      view_id: view.id,
      action_id: element.action_id,
      block_id: block.block_id,
      ...given,
    });
    if (answer.ok === false) toast(answer.error ?? 'Psi did not answer.', 'error');
  } catch (error) {
    toast(error.message, 'error');
  }
}

/** App Home of the user, as the app last published it. */
export function homeView(home) {
  if (!home)
    return h(
      'div',
      { class: 'empty' },
      h('h2', {}, 'Nothing here yet'),
      h('p', {}, 'Psi fills this page when it is opened.'),
    );
  return h(
    'div',
    { class: 'home' },
    blocks(home.blocks, (block, element, given) => act(home, block, element, given)),
  );
}

let shown = null;

/** Opens, updates or closes the dialog to match the modals this user has before them. */
export async function refreshModal() {
  const { modals } = await get('/sandbox/views', { user: state.user.id });
  const dialog = byId('modal');
  const view = modals.at(-1) ?? null;
  const key = view ? `${view.id}:${view.hash}` : null;
  if (key === shown) return;
  shown = key;
  if (!view) {
    if (dialog.open) dialog.close();
    return;
  }
  render(dialog, view);
  if (!dialog.open) dialog.showModal();
}

function render(dialog, view) {
  const fields = new Map();
  const errors = h('div', { class: 'field-error', role: 'alert', hidden: true });
  const close = async () => {
    try {
      await post('/sandbox/views/close', { user: state.user.id, view_id: view.id });
    } catch (error) {
      toast(error.message, 'error');
    }
    refreshModal().catch(() => undefined);
  };
  const submit = async (event) => {
    event.preventDefault();
    const button = form.querySelector('button[type=submit]');
    if (button) button.disabled = true;
    const values = {};
    for (const [id, field] of fields) {
      field.show(null);
      values[id] = { [field.actionId]: field.read() };
    }
    try {
      const answer = await post('/sandbox/views/submit', { user: state.user.id, view_id: view.id, values });
      showErrors(answer.errors ?? {}, fields, errors);
      if (answer.ok === false && !answer.errors) toast('Psi did not take this; try again.', 'error');
    } catch (error) {
      errors.hidden = false;
      errors.textContent = error.message;
    }
    if (button) button.disabled = false;
    refreshModal().catch(() => undefined);
  };
  const form = h(
    'form',
    { onsubmit: submit, novalidate: true },
    h(
      'div',
      { class: 'modal-head' },
      h('h2', { id: 'modal-title' }, plainOf(view.title)),
      h(
        'button',
        { class: 'icon-button', type: 'button', 'aria-label': 'Close', onclick: close },
        icon('close'),
      ),
    ),
    h(
      'div',
      { class: 'modal-body' },
      blocks(view.blocks, (block, element, given) => act(view, block, element, given), fields),
      errors,
    ),
    h(
      'div',
      { class: 'modal-foot' },
      h('button', { class: 'button', type: 'button', onclick: close }, plainOf(view.close) || 'Close'),
      view.submit ? h('button', { class: 'button primary', type: 'submit' }, plainOf(view.submit)) : null,
    ),
  );
  for (const button of form.querySelectorAll('.modal-body button')) button.type = 'button';
  dialog.replaceChildren(form);
  dialog.oncancel = (event) => {
    event.preventDefault();
    close();
  };
}

function showErrors(errors, fields, fallback) {
  let first = null;
  const rest = [];
  for (const [id, message] of Object.entries(errors)) {
    const field = fields.get(id);
    if (field) {
      field.show(message);
      first ??= field.control;
    } else rest.push(message);
  }
  fallback.hidden = rest.length === 0;
  fallback.textContent = rest.join(' ');
  first?.focus?.();
}
