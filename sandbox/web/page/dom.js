/**
 * Builds an element. Children are nodes or text; text is never parsed as HTML. Attributes starting with
 * "on" are listeners, `class`, `text`, `dataset` and booleans mean what they say.
 */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else if (name === 'dataset') Object.assign(element.dataset, value);
    else if (name === 'value') element.value = value;
    else if (value === true) element.setAttribute(name, '');
    else element.setAttribute(name, String(value));
  }
  element.append(
    ...children
      .flat(Number.POSITIVE_INFINITY)
      .filter((child) => child !== null && child !== undefined && child !== false),
  );
  return element;
}

const SVG = 'http://www.w3.org/2000/svg';

export function svg(tag, attributes = {}, ...children) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  element.append(...children.flat());
  return element;
}

export const byId = (id) => document.getElementById(id);

/** A short notice at the foot of the page. */
export function toast(text, kind = 'info') {
  const note = h('div', { class: `toast ${kind}` }, text);
  byId('toasts').append(note);
  setTimeout(() => note.remove(), kind === 'error' ? 7000 : 3500);
}

/** Asks for a yes or no in the page's own dialog. */
export function confirmFirst({ title, text, confirm = 'Yes', deny = 'Cancel', danger = false }) {
  const dialog = byId('confirm');
  return new Promise((resolve) => {
    const answer = (yes) => {
      dialog.close();
      resolve(yes);
    };
    dialog.replaceChildren(
      h('div', { class: 'modal-head' }, h('h2', { id: 'confirm-title' }, title)),
      h('div', { class: 'modal-body' }, text),
      h(
        'div',
        { class: 'modal-foot' },
        h('button', { class: 'button', onclick: () => answer(false) }, deny),
        h(
          'button',
          { class: `button ${danger ? 'danger' : 'primary'}`, onclick: () => answer(true) },
          confirm,
        ),
      ),
    );
    dialog.oncancel = () => resolve(false);
    dialog.showModal();
  });
}
