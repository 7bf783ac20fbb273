import { readersDate } from './dates.js';
import { h } from './dom.js';
import { icon } from './icons.js';
import { channelOf, nameOf } from './state.js';

const decode = (text) => text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');

/** Signs that have a drawing of their own; every other is named, since not every machine has a font for them. */
const SIGNS = {
  white_check_mark: 'check',
  heavy_check_mark: 'check',
  thumbsup: 'up',
  '+1': 'up',
  thumbsdown: 'down',
  '-1': 'down',
  eyes: 'eye',
  x: 'close',
  lock: 'lock',
};

/** An emoji by its name: its drawing, labelled, or the name between colons. */
export function emoji(name) {
  if (!Object.hasOwn(SIGNS, name)) return `:${name}:`;
  return h('span', { role: 'img', 'aria-label': name.replaceAll('_', ' ') }, icon(SIGNS[name]));
}

/** Only http(s) and mailto lead anywhere; any other address stays text. */
export function link(href, ...children) {
  let url;
  try {
    url = new URL(href);
  } catch {
    return h('span', {}, ...children);
  }
  if (!['http:', 'https:', 'mailto:'].includes(url.protocol)) return h('span', {}, ...children);
  return h('a', { href: url.href, target: '_blank', rel: 'noopener noreferrer nofollow' }, ...children);
}

/** Null for somebody who is not of this workspace. */
const personName = (id) => (nameOf(id) === id ? null : nameOf(id));

function mention(kind, label) {
  return h('span', { class: `mention ${kind}` }, label);
}

/** What stands between < and > in Slack's own markup. */
function token(inside) {
  const bar = inside.indexOf('|');
  const target = bar < 0 ? inside : inside.slice(0, bar);
  const label = bar < 0 ? null : decode(inside.slice(bar + 1));
  if (target.startsWith('@'))
    return mention('user', `@${personName(target.slice(1)) ?? label ?? target.slice(1)}`);
  if (target.startsWith('#'))
    return mention('channel', `#${channelOf(target.slice(1))?.name ?? label ?? target.slice(1)}`);
  if (target.startsWith('!subteam^')) return mention('user', `@${label ?? 'group'}`);
  if (target.startsWith('!date^')) {
    const [, seconds, format = '', href] = target.split('^');
    const words = readersDate(seconds, decode(format), label ?? '');
    return href ? link(decode(href), words) : h('span', { title: label }, words);
  }
  if (target.startsWith('!')) return mention('broadcast', `@${target.slice(1)}`);
  return link(decode(target), label ?? decode(target).replace(/^mailto:/, ''));
}

/** For a sign that opens nothing in the middle of a word, as in 2*3*4 or snake_case_names. */
const NOT_IN_WORD = true;

const MRKDWN = [
  [/^```\n?([\s\S]+?)\n?```/, (m) => h('pre', {}, decode(m[1]))],
  [/^`([^`\n]+)`/, (m) => h('code', {}, decode(m[1]))],
  [/^<([^<>\n]+)>/, (m) => token(m[1])],
  [/^\*(?!\s)([^*\n]*[^*\s])\*(?!\w)/, (m) => h('strong', {}, mrkdwnInline(m[1])), NOT_IN_WORD],
  // A date or a link within may have underscores of its own.
  [
    /^_(?!\s)((?:<[^>\n]*>|[^_\n<])*(?:<[^>\n]*>|[^_\s<]))_(?!\w)/,
    (m) => h('em', {}, mrkdwnInline(m[1])),
    NOT_IN_WORD,
  ],
  [/^~(?!\s)([^~\n]*[^~\s])~(?!\w)/, (m) => h('s', {}, mrkdwnInline(m[1])), NOT_IN_WORD],
  [/^:([a-z0-9_+-]+):/, (m) => (Object.hasOwn(SIGNS, m[1]) ? emoji(m[1]) : m[0])],
  [/^\n/, () => h('br')],
];

const MARKDOWN = [
  [/^\\([\\`*_{}[\]()#+\-.!~<>|&@:])/, (m) => document.createTextNode(m[1])],
  [/^`([^`\n]+)`/, (m) => h('code', {}, m[1])],
  [/^!\[([^\]]*)\]\(([^)\s]+)[^)]*\)/, (m) => link(m[2], m[1] || 'image')],
  [/^\[([^\]]+)\]\(([^)\s]+)[^)]*\)/, (m) => link(m[2], ...markdownInline(m[1]))],
  [
    /^<([^<>\s]+)>/,
    (m) =>
      /^[@#!]/.test(m[1]) || /^https?:/.test(m[1]) ? token(m[1]) : document.createTextNode(`<${m[1]}>`),
  ],
  [/^\*\*([^*]+)\*\*/, (m) => h('strong', {}, markdownInline(m[1]))],
  [/^~~([^~]+)~~/, (m) => h('s', {}, markdownInline(m[1]))],
  [/^\*(?!\s)([^*\n]*[^*\s])\*(?!\w)/, (m) => h('em', {}, markdownInline(m[1])), NOT_IN_WORD],
  [/^_(?!\s)([^_\n]*[^_\s])_(?!\w)/, (m) => h('em', {}, markdownInline(m[1])), NOT_IN_WORD],
  [/^https?:\/\/[^\s<>)]+/, (m) => link(m[0], m[0])],
  [/^\n/, () => h('br')],
];

function inline(text, rules, plain) {
  const nodes = [];
  let buffer = '';
  const flush = () => {
    if (buffer) nodes.push(document.createTextNode(plain(buffer)));
    buffer = '';
  };
  let rest = text;
  let previous = '';
  while (rest) {
    const wordBefore = /\w/.test(previous);
    let found = null;
    for (const [pattern, make, notInWord] of rules) {
      const match = notInWord && wordBefore ? null : pattern.exec(rest);
      if (match) {
        found = [match, make];
        break;
      }
    }
    if (found) {
      flush();
      nodes.push(found[1](found[0]));
      previous = found[0][0].at(-1);
      rest = rest.slice(found[0][0].length);
    } else {
      buffer += rest[0];
      previous = rest[0];
      rest = rest.slice(1);
    }
  }
  flush();
  return nodes;
}

export const mrkdwnInline = (text) => inline(text, MRKDWN, decode);
const markdownInline = (text) => inline(text, MARKDOWN, decode);

/** Slack's mrkdwn, quotes and lists of lines included. */
export function mrkdwn(text) {
  const parts = [];
  let quote = [];
  const flush = () => {
    if (quote.length > 0) parts.push(h('blockquote', {}, mrkdwnInline(quote.join('\n'))));
    quote = [];
  };
  let lines = [];
  const flushLines = () => {
    if (lines.length > 0) parts.push(...mrkdwnInline(lines.join('\n')));
    lines = [];
  };
  for (const line of String(text ?? '').split('\n')) {
    const quoted = /^(?:&gt;|>)\s?(.*)$/.exec(line);
    if (quoted) {
      flushLines();
      quote.push(quoted[1]);
    } else {
      flush();
      lines.push(line);
    }
  }
  flush();
  flushLines();
  return parts;
}

const QUOTE = /^(?:&gt;|>)\s?/;

/** Standard Markdown as Slack's markdown block takes it: headings, lists, tables, quotes, code. */
export function markdown(text) {
  const lines = String(text ?? '')
    .replace(/\r/g, '')
    .split('\n');
  const out = [];
  let at = 0;
  const take = (test) => {
    const taken = [];
    while (at < lines.length && test(lines[at])) taken.push(lines[at++]);
    return taken;
  };
  while (at < lines.length) {
    const line = lines[at];
    const heading = /^(#{1,6})\s+(.*)$/.exec(line);
    if (/^```/.test(line)) {
      at += 1;
      const code = take((each) => !/^```/.test(each));
      at += 1;
      out.push(h('pre', {}, code.join('\n')));
    } else if (heading) {
      out.push(
        h(`h${Math.min(6, heading[1].length + 2)}`, { class: 'md-heading' }, markdownInline(heading[2])),
      );
      at += 1;
    } else if (/^\s*(?:[-*+]|\d+\.)\s+/.test(line)) {
      const ordered = /^\s*\d+\./.test(line);
      const items = take((each) => /^\s*(?:[-*+]|\d+\.)\s+/.test(each));
      out.push(
        h(
          ordered ? 'ol' : 'ul',
          {},
          items.map((item) =>
            h(
              'li',
              { class: /^\s{2,}/.test(item) ? 'nested' : null },
              markdownInline(item.replace(/^\s*(?:[-*+]|\d+\.)\s+/, '')),
            ),
          ),
        ),
      );
    } else if (/^\s*\|.*\|\s*$/.test(line)) {
      out.push(markdownTable(take((each) => /^\s*\|.*\|\s*$/.test(each))));
    } else if (QUOTE.test(line)) {
      out.push(
        h(
          'blockquote',
          {},
          markdownInline(
            take((each) => QUOTE.test(each))
              .map((each) => each.replace(QUOTE, ''))
              .join('\n'),
          ),
        ),
      );
    } else if (/^\s*(?:---+|\*\*\*+)\s*$/.test(line)) {
      out.push(h('hr'));
      at += 1;
    } else if (line.trim() === '') {
      at += 1;
    } else {
      const first = at;
      const paragraph = take(
        (each) =>
          each.trim() !== '' &&
          (at === first || !/^(?:```|#{1,6}\s|>|&gt;|\s*(?:[-*+]|\d+\.)\s|\s*\|.*\|\s*$)/.test(each)),
      );
      out.push(h('p', {}, markdownInline(paragraph.join('\n'))));
    }
  }
  return out;
}

function markdownTable(lines) {
  const rows = lines.map((line) =>
    line
      .trim()
      .replace(/^\||\|$/g, '')
      .split('|')
      .map((cell) => cell.trim()),
  );
  const isRule = (row) => row.every((cell) => /^:?-+:?$/.test(cell));
  const rule = rows.find(isRule) ?? [];
  const side = (column) => ({ class: rule[column]?.endsWith('-:') ? 'right' : null });
  const [head = [], ...rest] = rows.filter((row) => !isRule(row));
  return h(
    'div',
    { class: 'table-wrap' },
    h(
      'table',
      {},
      h(
        'thead',
        {},
        h(
          'tr',
          {},
          head.map((cell, column) => h('th', side(column), markdownInline(cell))),
        ),
      ),
      h(
        'tbody',
        {},
        rest.map((row) =>
          h(
            'tr',
            {},
            row.map((cell, column) => h('td', side(column), markdownInline(cell))),
          ),
        ),
      ),
    ),
  );
}

/** A plain_text or mrkdwn object, or a bare string. */
export function textObject(object) {
  if (object === undefined || object === null) return [];
  if (typeof object === 'string') return [object];
  return object.type === 'mrkdwn' ? mrkdwn(object.text) : [object.text ?? ''];
}

export const plainOf = (object) => (typeof object === 'string' ? object : (object?.text ?? ''));

/** rich_text: sections, lists, quotes and preformatted text. */
export function richText(block) {
  return (block.elements ?? []).map((element) => {
    const inside = () => (element.elements ?? []).map(richElement);
    switch (element.type) {
      case 'rich_text_list':
        return h(
          element.style === 'ordered' ? 'ol' : 'ul',
          { class: element.indent ? 'nested' : null },
          (element.elements ?? []).map((item) => h('li', {}, (item.elements ?? []).map(richElement))),
        );
      case 'rich_text_quote':
        return h('blockquote', {}, inside());
      case 'rich_text_preformatted':
        return h('pre', {}, inside());
      default:
        return h('span', { class: 'rich-section' }, inside());
    }
  });
}

function richElement(element) {
  switch (element.type) {
    case 'text': {
      const style = element.style ?? {};
      let node = h('span', { class: 'pre-line' }, element.text ?? '');
      if (style.code) node = h('code', {}, element.text ?? '');
      if (style.bold) node = h('strong', {}, node);
      if (style.italic) node = h('em', {}, node);
      if (style.strike) node = h('s', {}, node);
      return node;
    }
    case 'link':
      return link(element.url, element.text ?? element.url);
    case 'user':
      return mention('user', `@${nameOf(element.user_id)}`);
    case 'channel':
      return mention('channel', `#${channelOf(element.channel_id)?.name ?? element.channel_id}`);
    case 'broadcast':
      return mention('broadcast', `@${element.range}`);
    case 'emoji':
      return emoji(element.name);
    case 'date':
      return h(
        'span',
        {},
        readersDate(
          element.timestamp,
          element.format ?? '{date_short_pretty} at {time}',
          element.fallback ?? '',
        ),
      );
    default:
      return element.text ?? '';
  }
}
