import { maskSecrets } from './secrets.ts';

/**
 * Words from a model, or from outside, made harmless before a person sees them. Everything a channel would act
 * on (mentions, broadcasts, links, invisible characters) is taken out; what remains is escaped for Slack.
 */
export interface SafeTextOptions {
  /** Hosts a link may lead to; their subdomains count too. */
  allowedHosts: readonly string[];
  maxLength: number;
  /** Names from our own records: one that looks like a host ("Acme.io") stays readable, and leads nowhere. */
  names?: readonly string[];
}

const LINK_REMOVED = '[link removed]';

/** Zero-width, bidi, tag, variation, soft-hyphen and control characters; line breaks and tabs stay. */
const INVISIBLE =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u2028-\u202f\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb]|\u034f|[\u{e0000}-\u{e0fff}]|[\u180b-\u180d\u180f]|[\ufe00-\ufe0f]|[\u{1d173}-\u{1d17a}]/gu;

/** Names ending like files, not like hosts. */
const FILE_ENDINGS = new Set(['yml', 'yaml', 'json', 'csv', 'pdf', 'png', 'txt', 'g', 'e']);

export function stripInvisible(text: string): string {
  return text.replace(/\r\n?/g, '\n').normalize('NFC').replace(INVISIBLE, '');
}

/**
 * For cells and labels: no invisible characters, nothing that pings, no links. A cell that is a host or an
 * address and nothing else is a record's own field and stays.
 */
export function plainCell(text: string): string {
  const clean = neutraliseMentions(maskSecrets(stripInvisible(text)))
    .replace(/\s+/g, ' ')
    .trim();
  return /^[\w.+-]+(?:@[\w-]+)?(?:\.[\w-]+)+$/.test(clean) ? clean : withoutLinks(clean);
}

/** What an outsider wrote, without mentions and without anything that leads somewhere. */
export function withoutLinks(text: string): string {
  return untilStable(maskSecrets(stripInvisible(text)), []);
}

/** Markdown that may be posted: see the file's first words. Idempotence is not promised (it escapes). */
export function safeText(text: string, options: SafeTextOptions): string {
  const named = withQuietDots(maskSecrets(stripInvisible(text)), options.names ?? []);
  const current = untilStable(named, options.allowedHosts);
  return shorten(escapeSlack(current), options.maxLength).trim();
}

/** A hair space after the dot of a name: read as the name, and never made a link of. */
function withQuietDots(text: string, names: readonly string[]): string {
  return names
    .filter((name) => /^[\p{L}\p{N}&'’ -]+(?:\.[\p{L}\p{N}&'’ -]+)+$/u.test(name))
    .reduce((rest, name) => rest.replaceAll(name, name.replaceAll('.', '.\u200a')), text);
}

/** Taking one thing out may bring another together, so it is repeated until nothing changes. */
function untilStable(text: string, hosts: readonly string[]): string {
  let current = text;
  for (let round = 0; round < 20; round += 1) {
    const next = dropLinks(neutraliseMentions(current), hosts);
    if (next === current) break;
    current = next;
  }
  return current;
}

export function escapeSlack(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function neutraliseMentions(text: string): string {
  return text
    .replace(
      /<!(?:subteam\^[A-Z0-9]+|date\^[^>|]*|[a-z]+)(?:\|([^<>]*))?>/gi,
      (_, label: string | undefined) => (label ? label.replaceAll('@', '') : 'everyone'),
    )
    .replace(/<@[^<>]*>/g, 'someone')
    .replace(/<#[^<>]*>/g, 'a channel')
    .replace(/[@＠﹫](?=\s*(?:here|channel|everyone|group))/gi, '')
    .replace(/<(?=[!@#])/g, '');
}

function dropLinks(text: string, hosts: readonly string[]): string {
  return (
    text
      // Images load on sight: never.
      .replace(/!\[([^\]]*)\](?:\([^)]*\)|\[[^\]]*\])/g, (_, alt: string) => alt || LINK_REMOVED)
      // Reference definitions, and the uses of them.
      .replace(/^[ \t]*\[[^\]\n]+\]:[ \t]*\S.*$/gm, '')
      .replace(/\[([^\]\n]+)\]\[[^\]\n]*\]/g, '$1')
      // Slack's own <url|label> and autolinks.
      .replace(
        /<((?:[a-z][a-z0-9+.-]*:|www\.)[^<>|\s]*)(?:\|([^<>]*))?>/gi,
        (_, url: string, label?: string) =>
          isAllowed(url, hosts) ? `[${label ?? url}](${url})` : (label ?? LINK_REMOVED),
      )
      .replace(/\[([^\]\n]*)\]\(\s*([^)\s]*)[^)]*\)/g, (whole: string, label: string, url: string) =>
        isAllowed(url, hosts) ? whole : label || LINK_REMOVED,
      )
      .replace(/\b[a-z][a-z0-9+.-]*:\/\/[^\s)>\]]*/gi, (url) => (isAllowed(url, hosts) ? url : LINK_REMOVED))
      .replace(/\b(?:javascript|data|mailto|tel|slack|file|vbscript):\S+/gi, LINK_REMOVED)
      .replace(
        /(^|[^\p{L}\p{N}/@.:-])((?:[\p{L}\p{N}-]+[.。．｡])+(\p{L}{2,}))(:\d+)?(\/[^\s)\]]*)?/giu,
        schemeLess(hosts),
      )
      .replace(/[^\s@()[\]<>]+@(?:[\p{L}\p{N}-]+\.)+\p{L}{2,}/giu, LINK_REMOVED)
  );
}

function schemeLess(hosts: readonly string[]) {
  return (whole: string, before: string, host: string, ending: string) =>
    FILE_ENDINGS.has(ending.toLowerCase()) || isAllowed(`https://${host}`, hosts)
      ? whole
      : `${before}${LINK_REMOVED}`;
}

/** https, a host on the list, and no second address carried along inside it. */
function isAllowed(url: string, hosts: readonly string[]): boolean {
  let parsed: URL;
  try {
    parsed = new URL(url);
  } catch {
    return false;
  }
  if (parsed.protocol !== 'https:' || parsed.username !== '' || parsed.password !== '') return false;
  if (!hosts.some((host) => parsed.hostname === host || parsed.hostname.endsWith(`.${host}`))) return false;
  const rest = decode(`${parsed.pathname}${parsed.search}${parsed.hash}`);
  return !/:\/\/|\/\/|www\.|[a-z0-9-]+\.[a-z]{2,}\//i.test(rest);
}

function decode(text: string): string {
  let current = text;
  for (let round = 0; round < 3; round += 1) {
    try {
      current = decodeURIComponent(current);
    } catch {
      return current;
    }
  }
  return current;
}

function shorten(text: string, maxLength: number): string {
  if (text.length <= maxLength) return text;
  const cut = text.slice(0, maxLength - 1);
  const at = Math.max(cut.lastIndexOf('\n'), cut.lastIndexOf(' '));
  // An entity cut in half would show as garbage.
  return `${(at > maxLength / 2 ? cut.slice(0, at) : cut).replace(/&[a-z]*$/, '')}…`;
}
