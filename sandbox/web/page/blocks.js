import { chart } from './charts.js';
import { h } from './dom.js';
import { imageAddress, inputControl, interactive } from './elements.js';
import { icon } from './icons.js';
import { link, markdown, plainOf, richText, textObject } from './text.js';

/**
 * Renders Block Kit. `act(block, element, {value?, selected?})` is called for every click; in a modal `fields`
 * collects what the inputs read as: `fields.set("block_id", {action_id, read, show})`.
 */
export function blocks(list, act, fields = null) {
  return (list ?? []).map((block) => {
    const render = RENDER[block.type];
    const node = render
      ? render(block, (element, given) => act(block, element, given), fields)
      : h('div', { class: 'unsupported' }, `[${block.type}]`);
    node.classList.add('block');
    return node;
  });
}

const RENDER = {
  section: (block, act) =>
    h(
      'div',
      { class: 'section' },
      h(
        'div',
        { class: 'section-main' },
        block.text ? h('div', { class: 'text' }, textObject(block.text)) : null,
        block.fields
          ? h(
              'div',
              { class: 'fields' },
              block.fields.map((field) => h('div', { class: 'text' }, textObject(field))),
            )
          : null,
      ),
      block.accessory
        ? h(
            'div',
            { class: 'accessory' },
            interactive(block.accessory, (given) => act(block.accessory, given)),
          )
        : null,
    ),
  header: (block) => h('h3', { class: 'block-header' }, textObject(block.text)),
  divider: () => h('hr'),
  context: (block) =>
    h(
      'div',
      { class: 'context' },
      (block.elements ?? []).map((element) =>
        element.type === 'image'
          ? h('img', { class: 'context-image', src: imageAddress(element), alt: element.alt_text ?? '' })
          : h('span', {}, textObject(element)),
      ),
    ),
  actions: (block, act) =>
    h(
      'div',
      { class: 'actions' },
      (block.elements ?? []).map((element) => interactive(element, (given) => act(element, given))),
    ),
  context_actions: (block, act) =>
    h(
      'div',
      { class: 'actions context-actions' },
      (block.elements ?? []).map((element) => interactive(element, (given) => act(element, given))),
    ),
  image: (block) => {
    const address = imageAddress(block);
    return h(
      'figure',
      { class: 'image' },
      block.title ? h('figcaption', {}, textObject(block.title)) : null,
      address
        ? h('img', { src: address, alt: block.alt_text ?? '', loading: 'lazy' })
        : h('span', { class: 'unsupported' }, `Image from elsewhere, not loaded: ${block.alt_text ?? ''}`),
    );
  },
  markdown: (block) => h('div', { class: 'text markdown' }, markdown(block.text)),
  rich_text: (block) => h('div', { class: 'text' }, richText(block)),
  table: (block) => h('div', { class: 'table-wrap' }, table(block.rows ?? [], block.column_settings ?? [])),
  data_table: dataTable,
  data_visualization: (block) => chart(block),
  plan: (block) =>
    h(
      'section',
      { class: 'plan' },
      h('div', { class: 'plan-title' }, plainOf(block.title)),
      h('ol', { class: 'tasks' }, (block.tasks ?? []).map(task)),
    ),
  task_card: (block) => h('ol', { class: 'tasks' }, task(block)),
  alert: (block) =>
    h('div', { class: `alert ${block.level ?? 'default'}`, role: 'note' }, textObject(block.text)),
  card,
  carousel: (block, act) =>
    h(
      'div',
      { class: 'carousel' },
      (block.elements ?? []).map((each) => card(each, act)),
    ),
  container: (block, act) =>
    h(
      'div',
      { class: 'container' },
      block.title ? h('div', { class: 'plan-title' }, textObject(block.title)) : null,
      blocks(block.child_blocks, (_child, element, given) => act(element, given)),
    ),
  file: (block) => h('div', { class: 'context' }, `File ${block.external_id ?? ''}`),
  video: (block) =>
    h('div', { class: 'context' }, link(block.title_url ?? '', plainOf(block.title) || 'Video')),
  input: (block, act, fields) => input(block, act, fields),
};

function input(block, act, fields) {
  const element = block.element ?? {};
  const { control, read } = inputControl(element);
  const error = h('div', { class: 'field-error', role: 'alert', hidden: true });
  const show = (message) => {
    error.textContent = message ?? '';
    error.hidden = !message;
    control.classList.toggle('invalid', Boolean(message));
  };
  fields?.set(block.block_id, { actionId: element.action_id, read, show, control });
  if (block.dispatch_action)
    control.addEventListener('change', () => act(element, { value: read(), selected: read() }));
  const label = h(
    'label',
    { class: 'input-block' },
    h(
      'span',
      { class: 'label' },
      textObject(block.label),
      block.optional ? h('small', {}, ' (optional)') : null,
    ),
  );
  const holder = control.matches('.choice-group')
    ? h('fieldset', { class: 'input-block' }, h('legend', { class: 'label' }, textObject(block.label)))
    : label;
  holder.append(control);
  return h('div', {}, holder, block.hint ? h('div', { class: 'hint' }, textObject(block.hint)) : null, error);
}

function card(block, act) {
  const hero = block.hero_image ? imageAddress(block.hero_image) : '';
  return h(
    'div',
    { class: 'card block' },
    hero ? h('img', { class: 'hero', src: hero, alt: block.hero_image.alt_text ?? '' }) : null,
    block.title ? h('div', { class: 'card-title' }, textObject(block.title)) : null,
    block.subtitle ? h('div', { class: 'card-subtitle' }, textObject(block.subtitle)) : null,
    block.body ? h('div', { class: 'text' }, textObject(block.body)) : null,
    block.actions
      ? h(
          'div',
          { class: 'actions' },
          block.actions.map((element) => interactive(element, (given) => act(element, given))),
        )
      : null,
  );
}

const STATUS = { pending: 'waiting', in_progress: '', complete: 'check', error: 'alert' };

function task(item) {
  const more = [item.details, item.output].filter(Boolean);
  const title = h('span', { class: 'task-title' }, plainOf(item.title));
  const mark = h(
    'span',
    {
      class: `task-mark ${item.status ?? 'pending'}`,
      role: 'img',
      'aria-label': (item.status ?? 'pending').replace('_', ' '),
    },
    STATUS[item.status ?? 'pending'] ? icon(STATUS[item.status ?? 'pending']) : null,
  );
  if (more.length === 0) return h('li', { class: 'task' }, mark, title);
  return h(
    'li',
    { class: 'task' },
    mark,
    h(
      'details',
      {},
      h('summary', {}, title),
      h(
        'div',
        { class: 'task-more' },
        more.map((text) => h('div', {}, text.type === 'rich_text' ? richText(text) : textObject(text))),
      ),
    ),
  );
}

function cell(value) {
  if (value === null || value === undefined) return '';
  if (value.type === 'rich_text') return richText(value);
  if (value.type === 'raw_number')
    return value.text ?? new Intl.NumberFormat('en-US', { maximumFractionDigits: 4 }).format(value.value);
  return value.text ?? '';
}

const numeric = (value) =>
  value?.type === 'raw_number' ||
  value?.text === '–' ||
  /^[-+(]?(?:[A-Z]{3}\s?)?[$€£¥]?\s?-?\d[\d,. ]*\s?(?:%|ms)?\)?$/.test(value?.text ?? '');

/** A date or a number of an invoice is not broken; a sentence is, into lines that can be read. */
const width = (value) => {
  if (value?.type !== 'raw_text' || (value.text.length > 22 && value.text.length <= 40)) return null;
  return value.text.length <= 22 ? 'short' : 'long';
};

function table(rows, settings, from = 1, to = rows.length) {
  const [head = [], ...all] = rows;
  const body = all.slice(from - 1, to - 1);
  const numbers = head.map((_, column) => body.length > 0 && body.every((row) => numeric(row[column])));
  const align = (column) => {
    if (numbers[column]) return 'number';
    return settings[column]?.align === 'right' ? 'right' : null;
  };
  return h(
    'table',
    {},
    h(
      'thead',
      {},
      h(
        'tr',
        {},
        head.map((value, column) => h('th', { class: align(column), scope: 'col' }, cell(value))),
      ),
    ),
    h(
      'tbody',
      {},
      body.map((row) =>
        h(
          'tr',
          {},
          row.map((value, column) =>
            h('td', { class: [align(column), width(value)].filter(Boolean).join(' ') || null }, cell(value)),
          ),
        ),
      ),
    ),
  );
}

function dataTable(block) {
  const rows = block.rows ?? [];
  const size = Math.max(1, block.page_size ?? 10);
  const pages = Math.max(1, Math.ceil((rows.length - 1) / size));
  const place = h('div', {
    class: 'table-wrap',
    tabindex: '0',
    role: 'group',
    'aria-label': plainOf(block.caption) || 'Table',
  });
  const where = h('span', { class: 'page-count' });
  const step = (by, label) =>
    h(
      'button',
      { class: 'quiet-button', 'aria-label': label, onclick: () => show(page + by) },
      icon(by < 0 ? 'previous' : 'next'),
    );
  const back = step(-1, 'Previous page');
  const next = step(1, 'Next page');
  let page = 0;
  function show(number) {
    page = Math.min(Math.max(number, 0), pages - 1);
    place.replaceChildren(table(rows, block.column_settings ?? [], page * size + 1, (page + 1) * size + 1));
    where.textContent = `${page * size + 1}-${Math.min((page + 1) * size, rows.length - 1)} of ${rows.length - 1}`;
    back.disabled = page === 0;
    next.disabled = page === pages - 1;
  }
  show(0);
  return h(
    'div',
    { class: 'data-table' },
    block.caption ? h('div', { class: 'caption' }, plainOf(block.caption)) : null,
    place,
    pages > 1 ? h('div', { class: 'pager' }, back, where, next) : null,
  );
}
