import { get, post } from './api.js';
import { blocks } from './blocks.js';
import { h, toast } from './dom.js';
import { icon } from './icons.js';
import { clockText, dayText, isBot, momentText, nameOf, simulatedNow, state } from './state.js';
import { emoji, mrkdwn } from './text.js';

const initials = (name) =>
  name
    .split(' ')
    .map((part) => part[0])
    .slice(0, 2)
    .join('');

export function avatar(id) {
  if (isBot(id)) return h('img', { class: 'avatar', src: '/page/icon.svg', alt: '' });
  const hue = [...id].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 8, 7);
  return h('span', { class: `avatar letter hue${hue}`, 'aria-hidden': 'true' }, initials(nameOf(id)));
}

const instant = (ts) => Number(ts) * 1000;

/** Tells the app of a click in a message, and says so where it could not. */
async function act(message, block, element, given) {
  try {
    const answer = await post('/sandbox/actions', {
      user: state.user.id,
      channel: message.channel,
      message_ts: message.ts,
      action_id: element.action_id,
      block_id: block.block_id,
      ...given,
    });
    if (answer.ok === false) toast(answer.error ?? 'Psi did not answer.', 'error');
  } catch (error) {
    toast(error.message, 'error');
  }
}

function body(message) {
  const shown =
    message.blocks?.length > 0
      ? blocks(message.blocks, (block, element, given) => act(message, block, element, given))
      : [h('div', { class: 'text' }, mrkdwn(message.text))];
  const files = (message.files ?? []).map((file) => {
    const local = file.sandbox_url ?? `/sandbox/files/${file.id}`;
    if (/^image\/(?:png|jpeg|gif|svg)/.test(file.mimetype))
      return h(
        'figure',
        { class: 'image' },
        h('figcaption', {}, file.title || file.name),
        h('img', { src: local, alt: file.alt_txt || file.title || file.name }),
      );
    return h(
      'a',
      { class: 'file', href: local, download: file.name },
      h('span', { class: 'file-kind' }, (file.filetype ?? 'file').toUpperCase()),
      file.name,
    );
  });
  return [...shown, ...files];
}

function reactions(message) {
  if (!message.reactions?.length) return null;
  return h(
    'div',
    { class: 'reactions' },
    message.reactions.map((each) =>
      h(
        'span',
        { class: 'reaction', title: each.users.map(nameOf).join(', ') },
        emoji(each.name),
        ` ${each.users.length}`,
      ),
    ),
  );
}

async function react(message, name) {
  try {
    await post('/sandbox/reactions', { user: state.user.id, channel: message.channel, ts: message.ts, name });
  } catch (error) {
    toast(error.message, 'error');
  }
}

/** The app's entry in the menu of a message: it opens a form. */
async function askAbout(message) {
  try {
    const answer = await post('/sandbox/shortcuts', {
      user: state.user.id,
      callback_id: 'ask_about_message',
      channel: message.channel,
      message_ts: message.ts,
    });
    if (answer.ok === false) toast('Psi did not answer.', 'error');
  } catch (error) {
    toast(error.message, 'error');
  }
}

function tools(message, inThread, openThread) {
  if (message.ephemeral_to) return null;
  return h(
    'div',
    { class: 'message-tools' },
    [
      ['thumbsup', 'up'],
      ['eyes', 'eye'],
      ['white_check_mark', 'check'],
    ].map(([name, sign]) =>
      h(
        'button',
        {
          class: 'icon-button',
          'aria-label': `React with ${name.replaceAll('_', ' ')}`,
          onclick: () => react(message, name),
        },
        icon(sign),
      ),
    ),
    h(
      'button',
      {
        class: 'icon-button',
        'aria-label': 'Ask Psi about this',
        title: 'Ask Psi about this',
        onclick: () => askAbout(message),
      },
      icon('question'),
    ),
    inThread
      ? null
      : h(
          'button',
          {
            class: 'icon-button',
            'aria-label': 'Reply in thread',
            onclick: () => openThread(message.thread_ts ?? message.ts),
          },
          icon('chat'),
        ),
  );
}

function renderMessage(message, { replies, openThread, inThread, status }) {
  return h(
    'article',
    {
      class: `message ${message.ephemeral_to ? 'ephemeral' : ''} ${message.streaming ? 'streaming' : ''} ${message.is_bot ? 'from-bot' : ''}`,
      dataset: { ts: message.ts },
    },
    avatar(message.user),
    h(
      'div',
      { class: 'message-main' },
      h(
        'header',
        {},
        h('span', { class: 'author' }, nameOf(message.user)),
        message.is_bot ? h('span', { class: 'tag' }, 'APP') : null,
        h('time', { title: momentText(instant(message.ts)) }, clockText(instant(message.ts))),
        message.edited_ts ? h('span', { class: 'edited' }, '(edited)') : null,
      ),
      message.ephemeral_to ? h('div', { class: 'only-you' }, 'Only visible to you') : null,
      body(message),
      message.streaming ? h('span', { class: 'cursor', 'aria-label': 'Psi is writing' }) : null,
      reactions(message),
      replies?.length > 0
        ? h(
            'button',
            { class: 'reply-link', onclick: () => openThread(message.ts) },
            h(
              'span',
              { class: 'reply-faces' },
              [...new Set(replies.map((reply) => reply.user))].slice(0, 4).map(avatar),
            ),
            `${replies.length} ${replies.length === 1 ? 'reply' : 'replies'}`,
            h('small', {}, `last at ${clockText(instant(replies.at(-1).ts))}`),
          )
        : null,
      status ? h('div', { class: 'thinking' }, h('i', {}), `Psi ${status}`) : null,
    ),
    tools(message, inThread, openThread),
  );
}

/**
 * A list of messages that is kept as it is on every update but for what changed, so that an open menu, a page
 * of a table and the place one had scrolled to stay.
 */
export function messageList(openThread) {
  const box = h('div', { class: 'messages', role: 'log', 'aria-live': 'polite', tabindex: '0' });
  let known = new Map();
  /** Whoever looks at the end keeps looking at it when the room for it changes. */
  let pinned = true;
  box.addEventListener('scroll', () => {
    pinned = isAtEnd();
  });
  new ResizeObserver(() => {
    if (pinned) box.scrollTop = box.scrollHeight;
  }).observe(box);

  function isAtEnd() {
    return box.scrollHeight - box.scrollTop - box.clientHeight < 120;
  }

  async function refresh(channel, thread, empty) {
    const { messages } = await get('/sandbox/messages', {
      channel,
      viewer: state.user.id,
      thread_ts: thread ?? undefined,
    });
    const shown = thread
      ? messages
      : messages.filter((each) => !each.thread_ts || each.thread_ts === each.ts);
    const replies = new Map();
    for (const each of messages)
      if (each.thread_ts && each.thread_ts !== each.ts && !each.ephemeral_to)
        replies.set(each.thread_ts, [...(replies.get(each.thread_ts) ?? []), each]);
    const atEnd = isAtEnd();
    // What was "tomorrow" when it was drawn is "today" once the clock has moved.
    const today = dayText(simulatedNow());
    const next = new Map();
    const nodes = [];
    let day = '';
    for (const message of shown) {
      const its = thread ? null : replies.get(message.ts);
      const status = thread ? null : statusOf(channel, message.ts);
      const replied = its?.map((each) => [each.ts, each.user]);
      const key = JSON.stringify([message, replied, status, state.user.id, today]);
      const before = known.get(message.ts);
      const node =
        before?.key === key
          ? before.node
          : keepingOpen(
              before?.node,
              renderMessage(message, { replies: its, openThread, inThread: Boolean(thread), status }),
            );
      next.set(message.ts, { key, node });
      const itsDay = dayText(instant(message.ts));
      if (itsDay !== day && !thread) nodes.push(h('div', { class: 'day' }, h('span', {}, itsDay)));
      day = itsDay;
      nodes.push(node);
    }
    const status = thread ? statusOf(channel, thread) : null;
    if (status) nodes.push(h('div', { class: 'thinking foot' }, h('i', {}), `Psi ${status}`));
    if (nodes.length === 0) nodes.push(empty());
    place(nodes);
    const grown = next.size > known.size;
    known = next;
    if (atEnd || (grown && shown.at(-1)?.user === state.user.id)) showEnd(nodes.at(-1));
    return messages;
  }

  /** The end of the list, or the beginning of its last message where that is taller than the place for it. */
  function showEnd(last) {
    const tall = last && last.offsetHeight > box.clientHeight - 24;
    box.scrollTop = tall ? last.offsetTop - box.offsetTop - 8 : box.scrollHeight;
  }

  /** Moves only what is out of place. */
  function place(nodes) {
    const wanted = new Set(nodes);
    for (const child of [...box.children]) if (!wanted.has(child)) child.remove();
    for (const [index, node] of nodes.entries())
      if (box.children[index] !== node) box.insertBefore(node, box.children[index] ?? null);
  }

  return {
    box,
    refresh,
    forget: () => {
      known = new Map();
      box.replaceChildren();
      box.scrollTop = 0;
    },
  };
}

/** Task steps that were unfolded stay so when the message is drawn again. */
function keepingOpen(before, after) {
  const open = before ? [...before.querySelectorAll('details')].map((each) => each.open) : [];
  for (const [index, each] of [...after.querySelectorAll('details')].entries())
    if (open[index]) each.open = true;
  return after;
}

function statusOf(channel, ts) {
  const status = state.threads.get(`${channel}:${ts}`)?.status;
  return status || null;
}
