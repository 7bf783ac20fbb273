import { simulatedNow, state } from './state.js';

const DAY_MS = 24 * 60 * 60 * 1000;

const STYLES = {
  date_num: { year: 'numeric', month: '2-digit', day: '2-digit' },
  date: { year: 'numeric', month: 'long', day: 'numeric' },
  date_short: { year: 'numeric', month: 'short', day: 'numeric' },
  date_long: { year: 'numeric', month: 'long', day: 'numeric', weekday: 'long' },
  time: { hour: 'numeric', minute: '2-digit' },
  time_secs: { hour: 'numeric', minute: '2-digit', second: '2-digit' },
};

/** ISO order of year, month and day, so that two instants are of one day exactly if these are equal. */
const dayKey = (at) => new Intl.DateTimeFormat('en-CA', { timeZone: state.user?.tz }).format(at);

/** "today", "yesterday" or "tomorrow" by the simulated clock; null for any other day. */
function nearDay(at) {
  const now = simulatedNow();
  if (dayKey(at) === dayKey(now)) return 'today';
  if (dayKey(at) === dayKey(now - DAY_MS)) return 'yesterday';
  return dayKey(at) === dayKey(now + DAY_MS) ? 'tomorrow' : null;
}

function part(at, name) {
  if (name === 'date_num') return dayKey(at);
  const pretty = name.endsWith('_pretty');
  const style = STYLES[pretty ? name.slice(0, -'_pretty'.length) : name];
  if (!style) return null;
  const near = pretty ? nearDay(at) : null;
  return near ?? new Intl.DateTimeFormat('en-US', { timeZone: state.user?.tz, ...style }).format(at);
}

/** What a reader of Slack sees for `<!date^seconds^format|fallback>`: the instant in the zone of who looks. */
export function readersDate(seconds, format, fallback) {
  const at = Number(seconds) * 1000;
  if (!Number.isFinite(at) || !seconds) return fallback;
  let known = true;
  const text = format.replace(/\{(\w+)\}/g, (_, name) => {
    const shown = part(at, name);
    if (shown === null) known = false;
    return shown ?? '';
  });
  return known ? text : fallback;
}

/** Where the zone's wall clock shows `local` ("YYYY-MM-DDTHH:MM"), as epoch milliseconds. */
export function instantIn(local, timeZone) {
  const asUtc = Date.parse(`${local}:00Z`);
  const first = asUtc - offsetAt(asUtc, timeZone);
  return asUtc - offsetAt(first, timeZone);
}

/** The zone's wall clock at an instant, as a datetime-local field takes it. */
export function wallClock(at, timeZone) {
  return new Date(at + offsetAt(at, timeZone)).toISOString().slice(0, 16);
}

function offsetAt(at, timeZone) {
  const parts = Object.fromEntries(
    new Intl.DateTimeFormat('en-US', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    })
      .formatToParts(at)
      .map(({ type, value }) => [type, Number(value)]),
  );
  const wall = Date.UTC(parts.year, parts.month - 1, parts.day, parts.hour, parts.minute, parts.second);
  return wall - Math.floor(at / 1000) * 1000;
}
