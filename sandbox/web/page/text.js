import { h } from './dom.js';

const names = { users: new Map(), channels: new Map() };

/** Who and what mentions may name. */
export function knowNames(users, channels) {
  names.users = new Map(users.map((user) => [user.id, user.name]));
  names.channels = new Map(channels.map((channel) => [channel.id, channel.name]));
}

const decode = (text) => text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');

const EMOJI = {
  white_check_mark: '✅',
  x: '❌',
  warning: '⚠️',
  eyes: '👀',
  thumbsup: '👍',
  '+1': '👍',
  thumbsdown: '👎',
  '-1': '👎',
  hourglass_flowing_sand: '⏳',
  rotating_light: '🚨',
  chart_with_upwards_trend: '📈',
  chart_with_downwards_trend: '📉',
  moneybag: '💰',
  email: '📧',
  lock: '🔒',
  bulb: '💡',
  calendar: '📅',
  information_source: 'ℹ️',
  no_entry: '⛔',
  large_green_circle: '🟢',
  large_yellow_circle: '🟡',
  red_circle: '🔴',
  white_circle: '⚪',
  arrow_right: '➡️',
  mag: '🔍',
  tada: '🎉',
  wave: '👋',
  heavy_check_mark: '✔️',
  leftwards_arrow_with_hook: '↩️',
  pencil2: '✏️',
  bell: '🔔',
  heart: '❤️',
};
export const emoji = (name) => EMOJI[name] ?? `:${name}:`;
const withEmoji = (text) => text.replace(/:([a-z0-9_+-]+):/g, (whole, name) => EMOJI[name] ?? whole);

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

function mention(kind, label) {
  return h('span', { class: `mention ${kind}` }, label);
}

/** What stands between < and > in Slack's own markup. */
function token(inside) {
  const bar = inside.indexOf('|');
  const target = bar < 0 ? inside : inside.slice(0, bar);
  const label = bar < 0 ? null : decode(inside.slice(bar + 1));
  if (target.startsWith('@'))
    return mention('user', `@${names.users.get(target.slice(1)) ?? label ?? target.slice(1)}`);
  if (target.startsWith('#'))
    return mention('channel', `#${names.channels.get(target.slice(1)) ?? label ?? target.slice(1)}`);
  if (target.startsWith('!subteam^')) return mention('user', `@${label ?? 'group'}`);
  if (target.startsWith('!date')) return h('span', {}, label ?? target);
  if (target.startsWith('!')) return mention('broadcast', `@${target.slice(1)}`);
  return link(decode(target), label ?? decode(target).replace(/^mailto:/, ''));
}

const MRKDWN = [
  [/^```\n?([\s\S]+?)\n?```/, (m) => h('pre', {}, decode(m[1]))],
  [/^`([^`\n]+)`/, (m) => h('code', {}, decode(m[1]))],
  [/^<([^<>\n]+)>/, (m) => token(m[1])],
  [/^\*([^*\n]+)\*(?!\w)/, (m) => h('strong', {}, mrkdwnInline(m[1]))],
  [/^_([^_\n]+)_(?!\w)/, (m) => h('em', {}, mrkdwnInline(m[1]))],
  [/^~([^~\n]+)~(?!\w)/, (m) => h('s', {}, mrkdwnInline(m[1]))],
  [/^\n/, () => h('br')],
];

const MARKDOWN = [
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
  [/^\*([^*\n]+)\*/, (m) => h('em', {}, markdownInline(m[1]))],
  [/^_([^_\n]+)_(?!\w)/, (m) => h('em', {}, markdownInline(m[1]))],
  [/^https?:\/\/[^\s<>)]+/, (m) => link(m[0], m[0])],
  [/^\n/, () => h('br')],
];

function inline(text, rules, plain) {
  const nodes = [];
  let buffer = '';
  const flush = () => {
    if (buffer) nodes.push(document.createTextNode(withEmoji(plain(buffer))));
    buffer = '';
  };
  let rest = text;
  let previous = '';
  while (rest) {
    const wordBefore = /\w/.test(previous);
    const found = rules
      .filter(([pattern]) => !(wordBefore && /^\^(?:\\\*|_|~)\(/.test(pattern.source)))
      .map(([pattern, make]) => [pattern.exec(rest), make])
      .find(([match]) => match !== null);
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
    } else if (/^>\s?/.test(line)) {
      out.push(
        h(
          'blockquote',
          {},
          markdownInline(
            take((each) => /^>\s?/.test(each))
              .map((each) => each.replace(/^>\s?/, ''))
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
          (at === first || !/^(?:```|#{1,6}\s|>|\s*(?:[-*+]|\d+\.)\s|\s*\|.*\|\s*$)/.test(each)),
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
  const body = rows.filter((row) => !row.every((cell) => /^:?-+:?$/.test(cell)));
  const [head = [], ...rest] = body;
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
          head.map((cell) => h('th', {}, markdownInline(cell))),
        ),
      ),
      h(
        'tbody',
        {},
        rest.map((row) =>
          h(
            'tr',
            {},
            row.map((cell) => h('td', {}, markdownInline(cell))),
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
  return object.type === 'mrkdwn' ? mrkdwn(object.text) : [withEmoji(object.text ?? '')];
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
      return mention('user', `@${names.users.get(element.user_id) ?? element.user_id}`);
    case 'channel':
      return mention('channel', `#${names.channels.get(element.channel_id) ?? element.channel_id}`);
    case 'broadcast':
      return mention('broadcast', `@${element.range}`);
    case 'emoji':
      return emoji(element.name);
    case 'date':
      return h('span', {}, element.fallback ?? new Date(element.timestamp * 1000).toLocaleString());
    default:
      return element.text ?? '';
  }
}
