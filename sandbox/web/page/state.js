import { get } from './api.js';

/** What the page shows: who looks, where, and what has come in. */
export const state = {
  now: Date.now(),
  nowTakenAt: performance.now(),
  users: [],
  channels: [],
  company: null,
  bot: null,
  user: null,
  /** `{kind: 'channel', id}` or `{kind: 'home'}`. */
  place: null,
  thread: null,
  unread: new Set(),
  /** "channel:thread_ts" -> thread state. */
  threads: new Map(),
  connected: false,
};

export async function loadState() {
  const fresh = await get('/sandbox/state');
  state.users = fresh.users;
  state.channels = fresh.channels;
  state.company = fresh.company;
  state.bot = fresh.bot;
  setNow(fresh.now);
  const wanted = localStorage.getItem('psi.user');
  state.user = fresh.users.find((user) => user.id === (state.user?.id ?? wanted)) ?? fresh.users[0];
}

export function setNow(iso) {
  state.now = Date.parse(iso);
  state.nowTakenAt = performance.now();
}

export const simulatedNow = () => state.now + (performance.now() - state.nowTakenAt);

export const isBot = (id) => id === state.bot?.user_id;
export const nameOf = (id) => (isBot(id) ? 'Psi' : (state.users.find((user) => user.id === id)?.name ?? id));
export const dmOf = (user) =>
  user.dm ?? state.channels.find((channel) => channel.type === 'im' && channel.members.includes(user.id))?.id;
export const isDm = (id) => state.users.some((user) => dmOf(user) === id);
export const seenChannels = () =>
  state.channels.filter(
    (channel) => ['channel', 'group'].includes(channel.type) && channel.members.includes(state.user.id),
  );
const ROLES = { success: 'customer success' };
/** A role in the words people use for it. */
export const roleWords = (role) => ROLES[role] ?? role;
export const channelOf = (id) => state.channels.find((channel) => channel.id === id);

const format = (at, options) =>
  new Intl.DateTimeFormat('en-US', { timeZone: state.user?.tz, ...options }).format(at);

export const clockText = (at) => format(at, { hour: 'numeric', minute: '2-digit' });
export const dayText = (at) => format(at, { weekday: 'long', month: 'long', day: 'numeric' });
export const momentText = (at) =>
  format(at, {
    weekday: 'short',
    month: 'short',
    day: 'numeric',
    year: 'numeric',
    hour: 'numeric',
    minute: '2-digit',
    timeZoneName: 'short',
  });
