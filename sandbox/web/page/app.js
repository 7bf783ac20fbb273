import { coalesce, get } from './api.js';
import { composer } from './composer.js';
import { byId, h, toast } from './dom.js';
import { icon } from './icons.js';
import { avatar, messageList } from './messages.js';
import { createPanel } from './panel.js';
import { channelOf, dmOf, isDm, loadState, roleWords, seenChannels, setNow, state } from './state.js';
import { homeView, refreshModal } from './views.js';

const mainList = messageList(openThread);
const threadList = messageList(openThread);
const panel = createPanel({ afterReset: restart });
let mainComposer;
let threadComposer;

/** What unfolds over the page and is not part of it. */
const POPOVERS = 'details.connect[open], details.overflow[open]';

const PROMPTS = [
  "How's MRR?",
  "Who hasn't paid us?",
  'Revenue last month vs the month before',
  'What can you do?',
];

const refreshMain = coalesce(async () => {
  if (state.place?.kind !== 'channel') return;
  const messages = await mainList.refresh(state.place.id, null, emptyPlace);
  mainComposer?.working(messages.some((each) => each.streaming && !each.thread_ts));
});
const refreshThread = coalesce(async () => {
  if (!state.thread || state.place?.kind !== 'channel') return;
  const messages = await threadList.refresh(state.place.id, state.thread, () => h('div', {}));
  threadComposer?.working(
    messages.some((each) => each.streaming) ||
      Boolean(state.threads.get(`${state.place.id}:${state.thread}`)?.status),
  );
  drawPrompts();
});
const refreshHome = coalesce(async () => {
  if (state.place?.kind !== 'home') return;
  const { home } = await get('/sandbox/views', { user: state.user.id });
  byId('home-body')?.replaceChildren(homeView(home));
});
const refreshDialog = coalesce(refreshModal, 20);

function emptyPlace() {
  const dm = isDm(state.place.id);
  return h(
    'div',
    { class: 'empty' },
    h('img', { src: '/page/icon.svg', alt: '', class: 'empty-icon' }),
    h('h2', {}, dm ? 'Ask Psi about the business' : `#${channelOf(state.place.id)?.name ?? ''}`),
    h(
      'p',
      {},
      dm
        ? 'Its numbers come with their receipts, and nothing that matters happens before somebody with the right to say yes has pressed Approve.'
        : 'Write @Psi to ask something here; in its thread you need not mention it again.',
    ),
    h(
      'div',
      { class: 'prompts' },
      PROMPTS.map((text) =>
        h('button', { class: 'prompt', onclick: () => mainComposer.say(dm ? text : `@Psi ${text}`) }, text),
      ),
    ),
  );
}

function drawSidebar() {
  const active = (id) => (state.place?.kind === 'channel' && state.place.id === id ? 'page' : null);
  const item = (id, label, icon) =>
    h(
      'button',
      {
        class: `nav-item ${state.unread.has(`${state.user.id}:${id}`) ? 'unread' : ''}`,
        'aria-current': active(id),
        onclick: () => openPlace({ kind: 'channel', id }),
      },
      h('span', { class: 'nav-icon' }, icon),
      label,
    );
  const choose = h(
    'select',
    {
      class: 'user-select',
      id: 'user',
      'aria-label': 'Act as',
      onchange: (event) => switchUser(event.target.value),
    },
    [...new Set(state.users.map((user) => user.role))].map((role) =>
      h(
        'optgroup',
        { label: roleWords(role) },
        state.users
          .filter((user) => user.role === role)
          .map((user) => h('option', { value: user.id }, user.name)),
      ),
    ),
  );
  choose.value = state.user.id;
  byId('sidebar').replaceChildren(
    h(
      'div',
      { class: 'workspace' },
      h('div', { class: 'workspace-name' }, state.company?.name ?? ''),
      h('div', { class: 'workspace-sub' }, `${state.company?.customers ?? 0} customers, simulated`),
    ),
    h(
      'div',
      { class: 'who' },
      avatar(state.user.id),
      h('label', { class: 'who-label' }, h('small', {}, `Acting as ${roleWords(state.user.role)}`), choose),
    ),
    h(
      'div',
      { class: 'nav-group' },
      h(
        'button',
        {
          class: 'nav-item',
          'aria-current': state.place?.kind === 'home' ? 'page' : null,
          onclick: () => openPlace({ kind: 'home' }),
        },
        h('span', { class: 'nav-icon' }, icon('home')),
        'App Home',
      ),
      item(dmOf(state.user), 'Psi', h('img', { src: '/page/icon.svg', alt: '' })),
    ),
    h('h2', { class: 'nav-title' }, 'Channels'),
    h(
      'div',
      { class: 'nav-group' },
      seenChannels().map((channel) =>
        item(
          channel.id,
          channel.name,
          icon(channel.type === 'group' ? 'lock' : channel.is_ext_shared ? 'shared' : 'hash'),
        ),
      ),
    ),
    h('p', { class: 'nav-foot' }, 'Switch the person above to see who may approve what.'),
  );
}

function placeTitle() {
  if (isDm(state.place.id)) return { title: 'Psi', detail: `Direct message with ${state.user.name}` };
  const channel = channelOf(state.place.id);
  return {
    title: `${channel?.type === 'group' ? '' : '#'}${channel?.name ?? ''}`,
    detail: `${channel?.members.length ?? 0} members${channel?.is_ext_shared ? ', shared with people outside the company' : ''}`,
  };
}

function openPlace(place) {
  state.place = place;
  closeThread();
  closeMenu();
  const view = byId('conversation');
  if (place.kind === 'home') {
    view.replaceChildren(
      h(
        'div',
        { class: 'place-head' },
        h('h1', {}, 'App Home'),
        h('span', {}, `as ${state.user.name} sees it`),
      ),
      h('div', { class: 'home-scroll', id: 'home-body', tabindex: '0' }),
    );
    get('/sandbox/views', { user: state.user.id, open: 'home' }).catch((error) =>
      toast(error.message, 'error'),
    );
    refreshHome();
  } else {
    state.unread.delete(`${state.user.id}:${place.id}`);
    const { title, detail } = placeTitle();
    mainList.forget();
    mainComposer = composer(
      () => ({ channel: state.place.id, thread: null }),
      sent,
      () => (isDm(place.id) ? 'Ask Psi' : `Message ${title}`),
    );
    view.replaceChildren(
      h('div', { class: 'place-head' }, h('h1', {}, title), h('span', {}, detail)),
      mainList.box,
      mainComposer.root,
    );
    if (isDm(place.id))
      get('/sandbox/views', { user: state.user.id, open: 'messages' }).catch(() => undefined);
    refreshMain();
    mainComposer.focus();
  }
  location.hash = place.kind === 'home' ? 'home' : place.id;
  drawSidebar();
}

function sent({ ts, thread, addressed }) {
  refreshMain();
  if (thread) refreshThread();
  else if (addressed) openThread(ts);
}

function openThread(ts) {
  state.thread = ts;
  const box = byId('thread');
  threadList.forget();
  threadComposer = composer(
    () => ({ channel: state.place.id, thread: state.thread }),
    sent,
    () => 'Reply',
  );
  box.replaceChildren(
    h(
      'div',
      { class: 'place-head' },
      h('h1', {}, 'Thread'),
      h('span', { class: 'spacer' }),
      h(
        'button',
        { class: 'icon-button', 'aria-label': 'Close thread', title: 'Close (Esc)', onclick: closeThread },
        icon('close'),
      ),
    ),
    threadList.box,
    h('div', { class: 'prompts thread-prompts', id: 'thread-prompts' }),
    threadComposer.root,
  );
  box.hidden = false;
  byId('layout').classList.add('with-thread');
  refreshThread();
  threadComposer.focus();
}

function closeThread() {
  state.thread = null;
  byId('thread').hidden = true;
  byId('layout').classList.remove('with-thread');
}

/** What the app suggests to ask next in this thread. */
function drawPrompts() {
  const prompts = state.threads.get(`${state.place.id}:${state.thread}`)?.prompts ?? [];
  byId('thread-prompts')?.replaceChildren(
    ...prompts.map((each) =>
      h('button', { class: 'prompt', onclick: () => threadComposer.say(each.message) }, each.title),
    ),
  );
}

function switchUser(id) {
  state.user = state.users.find((user) => user.id === id) ?? state.user;
  localStorage.setItem('psi.user', state.user.id);
  const keep =
    state.place?.kind === 'channel' &&
    channelOf(state.place.id)?.members.includes(state.user.id) &&
    !isDm(state.place.id);
  openPlace(state.place?.kind === 'home' || keep ? state.place : { kind: 'channel', id: dmOf(state.user) });
  refreshDialog();
}

function onSlack(change) {
  if (change.message) {
    const { channel, ephemeral_to: onlyFor, user } = change.message;
    if (state.place?.kind === 'channel' && state.place.id === channel) {
      refreshMain();
      refreshThread();
    } else if (change.type === 'message_posted' && (onlyFor === null || onlyFor === state.user.id)) {
      const readers = state.users.filter(
        (each) =>
          each.id !== user && (dmOf(each) === channel || channelOf(channel)?.members.includes(each.id)),
      );
      for (const each of readers) state.unread.add(`${each.id}:${channel}`);
      drawSidebar();
    }
  }
  if (change.thread) {
    state.threads.set(`${change.thread.channel}:${change.thread.thread_ts}`, change.thread);
    refreshMain();
    refreshThread();
  }
  if (change.view && change.user === state.user.id) {
    refreshHome();
    refreshDialog();
  }
}

function listen() {
  const stream = new EventSource('/sandbox/stream');
  const parsed = (listener) => (event) => listener(JSON.parse(event.data));
  stream.addEventListener(
    'hello',
    parsed((data) => {
      setNow(data.now);
      connected(true);
      refreshAll();
    }),
  );
  stream.addEventListener('slack', parsed(onSlack));
  stream.addEventListener('effect', () => panel.refresh());
  stream.addEventListener('mail', () => panel.refresh());
  stream.addEventListener(
    'clock',
    parsed((data) => {
      setNow(data.now);
      refreshMain();
      refreshThread();
    }),
  );
  stream.addEventListener('reset', () => restart());
  stream.onerror = () => connected(false);
  // Where the stream is cut, or something between swallows it, the page still follows, more slowly.
  setInterval(() => {
    if (!state.connected) refreshAll();
  }, 2000);
}

function connected(yes) {
  state.connected = yes;
  document.body.classList.toggle('offline', !yes);
}

const refreshThreads = coalesce(async () => {
  const { threads } = await get('/sandbox/threads');
  for (const thread of threads) state.threads.set(`${thread.channel}:${thread.thread_ts}`, thread);
  refreshMain();
  refreshThread();
});

function refreshAll() {
  refreshThreads();
  refreshMain();
  refreshThread();
  refreshHome();
  refreshDialog();
  panel.refresh();
}

async function restart() {
  state.threads.clear();
  state.unread.clear();
  await loadState();
  openPlace({ kind: 'channel', id: dmOf(state.user) });
  panel.refresh();
}

byId('menu').addEventListener('click', () => {
  const open = byId('layout').classList.toggle('menu-open');
  byId('menu').setAttribute('aria-expanded', String(open));
});
byId('panel-toggle').addEventListener('click', () => {
  const open = byId('panel').toggleAttribute('hidden') === false;
  byId('layout').classList.toggle('with-panel', open);
  byId('panel-toggle').setAttribute('aria-expanded', String(open));
  if (open) panel.refresh();
});
byId('layout').addEventListener('click', (event) => {
  if (!event.target.closest('.sidebar')) closeMenu();
});
document.addEventListener('click', (event) => {
  for (const open of document.querySelectorAll(POPOVERS))
    if (!open.contains(event.target)) open.removeAttribute('open');
});
document.addEventListener('keydown', (event) => {
  if (event.key === 'Escape' && !document.querySelector('dialog[open]')) closeTopmost();
});

/** What Escape closes: whatever lies on top, one thing at a time. */
function closeTopmost() {
  const open = document.querySelector(POPOVERS);
  if (open) {
    open.removeAttribute('open');
    open.querySelector('summary').focus();
  } else if (byId('layout').classList.contains('menu-open')) {
    closeMenu();
    byId('menu').focus();
  } else if (state.thread) {
    closeThread();
    mainComposer?.focus();
  }
}

function closeMenu() {
  byId('layout').classList.remove('menu-open');
  byId('menu').setAttribute('aria-expanded', 'false');
}

try {
  await loadState();
  panel.mount(byId('panel'));
  const hash = location.hash.slice(1);
  const known = channelOf(hash)?.members.includes(state.user.id);
  openPlace(hash === 'home' ? { kind: 'home' } : { kind: 'channel', id: known ? hash : dmOf(state.user) });
  listen();
} catch (error) {
  byId('conversation').replaceChildren(
    h('div', { class: 'empty' }, h('h2', {}, 'The sandbox does not answer'), h('p', {}, error.message)),
  );
}

/** Back and forward lead to the places they led from. */
window.addEventListener('hashchange', () => {
  const hash = location.hash.slice(1);
  const here = state.place?.kind === 'home' ? 'home' : state.place?.id;
  if (hash === here) return;
  if (hash === 'home') openPlace({ kind: 'home' });
  else if (channelOf(hash)?.members.includes(state.user.id)) openPlace({ kind: 'channel', id: hash });
});
window.addEventListener('unhandledrejection', (event) =>
  toast(event.reason?.message ?? 'Something failed.', 'error'),
);
