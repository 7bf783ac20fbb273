import { isTimeZone } from '../periods/calendar.ts';

/** Names people use for zones beside the cities of the zone database. */
const NICKNAMES: Readonly<Record<string, string>> = {
  la: 'America/Los_Angeles',
  pt: 'America/Los_Angeles',
  pst: 'America/Los_Angeles',
  pdt: 'America/Los_Angeles',
  pacific: 'America/Los_Angeles',
  california: 'America/Los_Angeles',
  'san francisco': 'America/Los_Angeles',
  sf: 'America/Los_Angeles',
  seattle: 'America/Los_Angeles',
  mountain: 'America/Denver',
  central: 'America/Chicago',
  texas: 'America/Chicago',
  austin: 'America/Chicago',
  et: 'America/New_York',
  est: 'America/New_York',
  edt: 'America/New_York',
  eastern: 'America/New_York',
  nyc: 'America/New_York',
  boston: 'America/New_York',
  uk: 'Europe/London',
  bst: 'Europe/London',
  cet: 'Europe/Berlin',
  cest: 'Europe/Berlin',
  german: 'Europe/Berlin',
  germany: 'Europe/Berlin',
  munich: 'Europe/Berlin',
  hamburg: 'Europe/Berlin',
  ist: 'Asia/Kolkata',
  india: 'Asia/Kolkata',
  delhi: 'Asia/Kolkata',
  mumbai: 'Asia/Kolkata',
  bangalore: 'Asia/Kolkata',
  jst: 'Asia/Tokyo',
  japan: 'Asia/Tokyo',
  utc: 'UTC',
  gmt: 'UTC',
};

let cities: Map<string, string> | null = null;

/** "berlin" -> Europe/Berlin, for every city of the zone database. */
function cityZones(): Map<string, string> {
  cities ??= new Map(
    Intl.supportedValuesOf('timeZone').map((zone) => [
      (zone.split('/').at(-1) ?? zone).replaceAll('_', ' ').toLowerCase(),
      zone,
    ]),
  );
  return cities;
}

/** A zone by its own name, a city in it or what people call it; null when there is none. */
export function zoneOf(text: string): string | null {
  const name = text.trim();
  if (/^[A-Za-z]+(?:\/[A-Za-z0-9_+-]+)+$/.test(name) && isTimeZone(name)) return name;
  const words = name
    .toLowerCase()
    .replaceAll('_', ' ')
    .replace(/\b(?:time|zone|standard|daylight)\b/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  return NICKNAMES[words] ?? cityZones().get(words) ?? null;
}

/** The zone named in a sentence: "at 9 Berlin time", "in New York", "Europe/Berlin". */
export function zoneIn(sentence: string): string | null {
  const named = sentence.match(/\b[A-Z][A-Za-z]+\/[A-Za-z_]+(?:\/[A-Za-z_]+)?\b/)?.[0];
  if (named && isTimeZone(named)) return named;
  const words = sentence
    .toLowerCase()
    .split(/[^\p{L}]+/u)
    .filter(Boolean);
  for (const length of [3, 2, 1]) {
    for (let start = 0; start + length <= words.length; start += 1) {
      const phrase = words.slice(start, start + length);
      const before = words[start - 1] ?? '';
      const after = words[start + length] ?? '';
      // One word alone may be a name ("Phoenix"): it needs "time" after it or a place's preposition before it.
      const meant =
        after === 'time' ||
        ['in', 'to', 'from', 'for'].includes(before) ||
        /^(?:[ecmp][ds]?t|cest|cet|utc|gmt|jst|ist)$/.test(phrase.join(' '));
      const zone = meant ? zoneOf(phrase.join(' ')) : null;
      if (zone) return zone;
    }
  }
  return null;
}
