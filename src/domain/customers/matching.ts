/** Finding a customer by what a person wrote. Pure; the directory over the store caches the index. */

import { editDistance } from '../language/edit-distance.ts';
import { couldBeInitials, initialsOf } from './initials.ts';
import { forgiven, normalizeName, withoutLegalSuffix } from './spelling.ts';

/** What is matched: names as people write them. */
export interface Named {
  id: string;
  name: string;
  domain: string;
}

export interface Match<C extends Named> {
  customer: C;
  /** 1 is exact. */
  score: number;
}

export interface Mention<C extends Named> {
  start: number;
  end: number;
  text: string;
  candidates: C[];
  score: number;
}

export interface CustomerIndex<C extends Named> {
  /** Best first; ties by name. */
  search(text: string, limit: number): Match<C>[];
  /** Names in a sentence, from left to right, not overlapping; the longest and surest reading of each place. */
  mentionedIn(text: string): Mention<C>[];
}

const SCORES = {
  exact: 1,
  withoutSuffix: 0.98,
  domain: 0.96,
  firstWords: 0.9,
  prefix: 0.85,
  initials: 0.8,
  inside: 0.6,
};
/** Words a sentence is made of: alone, they name nobody. */
const COMMON_WORDS: ReadonlySet<string> = new Set(
  'a about after all an and are as at back be been before bill bills by call calls can card charge charges customer customers data day days did do does error errors every failed find first for from get give had has have health how i in invoice invoices is it its last list long look make many me month months more most much my new next no not of off on one open or our out overdue paid pay payment payments per plan plans please rate refund revenue send set she show sign since so some still subscription subscriptions summary support tell than that the their them there these they this ticket tickets time to today top total up usage us use used user week weeks what when where which who whose why will with year years yesterday you your'.split(
    ' ',
  ),
);

interface Entry<C extends Named> {
  customer: C;
  full: string;
  short: string;
  domain: string;
}

/** Builds the index: linear in the customers, then every question touches only what could match. */
export function buildCustomerIndex<C extends Named>(customers: readonly C[]): CustomerIndex<C> {
  const entries: Entry<C>[] = customers.map((customer) => {
    const full = normalizeName(customer.name);
    return { customer, full, short: withoutLegalSuffix(full), domain: customer.domain.toLowerCase() };
  });
  const exact = new Map<string, { entry: Entry<C>; score: number }[]>();
  const byWords = new Map<string, Entry<C>[]>();
  const byLength = new Map<number, Spelling<C>[]>();
  const byInitials = new Map<string, Entry<C>[]>();
  for (const entry of entries) {
    const label = entry.domain.split('.')[0] ?? '';
    addTo(exact, entry.customer.id.toLowerCase(), { entry, score: SCORES.exact });
    addTo(exact, entry.full, { entry, score: SCORES.exact });
    if (entry.short !== entry.full) addTo(exact, entry.short, { entry, score: SCORES.withoutSuffix });
    addTo(exact, entry.domain, { entry, score: SCORES.domain });
    const words = entry.short.split(' ');
    for (const initials of initialsOf(entry.customer.name, entry.short)) addTo(byInitials, initials, entry);
    for (let n = 1; n < words.length; n += 1) addTo(byWords, words.slice(0, n).join(' '), entry);
    for (const [text, score] of spellings(entry.short, words, label))
      addTo(byLength, text.length, { text, letters: lettersOf(text), entry, score });
  }

  function search(text: string, limit: number): Match<C>[] {
    const found = new Map<C, number>();
    const note = (customer: C, score: number) => {
      if ((found.get(customer) ?? 0) < score) found.set(customer, score);
    };
    const raw = text.trim().toLowerCase();
    const normal = normalizeName(text);
    if (normal === '') return [];
    const short = withoutLegalSuffix(normal);
    for (const key of new Set([raw, normal, short]))
      for (const { entry, score } of exact.get(key) ?? [])
        note(entry.customer, key === short && key !== normal ? Math.min(score, SCORES.withoutSuffix) : score);
    for (const entry of byWords.get(short) ?? []) note(entry.customer, SCORES.firstWords);
    if (found.size === 0) similar(short, note);
    if (found.size === 0 && /^[A-Za-z]{2,4}$/.test(text.trim()))
      for (const entry of byInitials.get(text.trim().toUpperCase()) ?? [])
        note(entry.customer, SCORES.initials);
    if (found.size < limit && short.length >= 3)
      for (const entry of entries) {
        if (entry.short.startsWith(short)) note(entry.customer, SCORES.prefix);
        else if (` ${entry.full}`.includes(` ${short}`)) note(entry.customer, SCORES.inside);
      }
    return [...found]
      .map(([customer, score]) => ({ customer, score }))
      .sort((a, b) => b.score - a.score || compare(a.customer.name, b.customer.name))
      .slice(0, limit);
  }

  function similar(short: string, note: (customer: C, score: number) => void): void {
    const limit = forgiven(short.length);
    if (limit === 0) return;
    const letters = lettersOf(short);
    for (let length = short.length - limit; length <= short.length + limit; length += 1)
      for (const { text, letters: theirs, entry, score } of byLength.get(length) ?? []) {
        // Each slip brings at most one new letter: most names are ruled out by their letters alone.
        if (bits(letters & ~theirs) > limit || bits(theirs & ~letters) > limit) continue;
        const distance = editDistance(short, text, limit);
        if (distance <= limit) note(entry.customer, score - 0.1 * distance);
      }
  }

  const longest = Math.min(
    MOST_NAME_WORDS,
    entries.reduce((most, { full }) => Math.max(most, full.split(' ').length), 1),
  );
  return { search, mentionedIn: (text) => mentions(text, { exact, byWords, byInitials, similar, longest }) };
}

interface Spelling<C extends Named> {
  text: string;
  letters: number;
  entry: Entry<C>;
  score: number;
}

/** Which letters occur, as 32 bits; letters that share a bit only make the sieve coarser. */
function lettersOf(text: string): number {
  let letters = 0;
  for (let index = 0; index < text.length; index += 1) letters |= 1 << (text.charCodeAt(index) & 31);
  return letters;
}

function bits(mask: number): number {
  let count = 0;
  for (let rest = mask; rest !== 0; rest &= rest - 1) count += 1;
  return count;
}

/** What a person may have tried to spell: the name, its first word, the name in the domain. */
function spellings(short: string, words: readonly string[], label: string): [string, number][] {
  const first = words[0] ?? '';
  const texts: [string, number][] = [[short, SCORES.withoutSuffix]];
  if (words.length > 1 && first.length >= 4) texts.push([first, SCORES.firstWords]);
  const joined = words.join('');
  if (words.length > 1) texts.push([joined, SCORES.firstWords]);
  if (label.length >= 4 && label !== joined && label !== first) texts.push([label, SCORES.firstWords]);
  return texts;
}

interface Tables<C extends Named> {
  exact: ReadonlyMap<string, readonly { entry: Entry<C>; score: number }[]>;
  byWords: ReadonlyMap<string, readonly Entry<C>[]>;
  byInitials: ReadonlyMap<string, readonly Entry<C>[]>;
  similar(short: string, note: (customer: C, score: number) => void): void;
  /** Words of the longest name. */
  longest: number;
}

/** A name may be a whole sentence: taken as a name, it is not mistaken for what the person wants. */
const MOST_NAME_WORDS = 24;
const WORD = /[\p{L}\p{N}](?:[\p{L}\p{N}\p{M}'’&._-]*[\p{L}\p{N}\p{M}])?/gu;

/** Whole names first; then first words and forgiven slips, longest first, in what is left over. */
function mentions<C extends Named>(text: string, tables: Tables<C>): Mention<C>[] {
  const words = [...text.matchAll(WORD)].map((match) => ({
    start: match.index,
    end: match.index + match[0].length,
  }));
  const taken = new Array<boolean>(words.length).fill(false);
  const found: Mention<C>[] = [];
  for (const exactly of [true, false])
    for (let size = Math.min(tables.longest, words.length); size >= 1; size -= 1)
      for (let from = 0; from + size <= words.length; from += 1) {
        if (taken.slice(from, from + size).some(Boolean)) continue;
        const [first, last] = [words[from], words[from + size - 1]];
        if (first === undefined || last === undefined) continue;
        const phrase = text.slice(first.start, last.end);
        const reading = read(phrase, exactly, tables);
        if (reading === null) continue;
        taken.fill(true, from, from + size);
        found.push({ start: first.start, end: last.end, text: phrase, ...reading });
      }
  return found.sort((a, b) => a.start - b.start);
}

function read<C extends Named>(
  written: string,
  exactly: boolean,
  tables: Tables<C>,
): { candidates: C[]; score: number } | null {
  const phrase = written.replace(/['’]s$/i, '');
  const normal = normalizeName(phrase);
  const short = withoutLegalSuffix(normal);
  const common = short.split(' ').every((word) => COMMON_WORDS.has(word) || /^\d+$/.test(word));
  if (normal === '' || common) return null;
  const scores = new Map<C, number>();
  const note = (customer: C, score: number) => {
    if ((scores.get(customer) ?? 0) < score) scores.set(customer, score);
  };
  if (exactly) {
    for (const key of new Set([phrase.toLowerCase(), normal, short]))
      for (const { entry, score } of tables.exact.get(key) ?? []) note(entry.customer, score);
  } else if (!startsOrEndsCommon(short)) {
    // A phrase that begins or ends with a word that sentences are made of is not a misspelt name.
    for (const entry of tables.byWords.get(short) ?? []) note(entry.customer, SCORES.firstWords);
    if (scores.size === 0) tables.similar(short, note);
    if (scores.size === 0 && couldBeInitials(phrase)) noteInitials(tables.byInitials.get(phrase) ?? [], note);
  }
  const best = Math.max(0, ...scores.values());
  if (best <= GUESS) return null;
  // A full name settles it: "Acme" is Acme even where there is an Acme Robotics.
  const near = [...scores].filter(([, score]) => score >= (best === 1 ? 1 : best - 0.05));
  return {
    candidates: near
      .sort((a, b) => b[1] - a[1] || compare(a[0].name, b[0].name))
      .map(([customer]) => customer),
    score: best,
  };
}

/** Two slips in a first word alone are as likely another company's name. */
const GUESS = 0.7 + 1e-9;

/** As many as a person can be asked to choose from; initials that more have are no name. */
const MOST_NAMESAKES = 3;

function noteInitials<C extends Named>(
  entries: readonly Entry<C>[],
  note: (customer: C, score: number) => void,
): void {
  if (entries.length > MOST_NAMESAKES) return;
  for (const entry of entries) note(entry.customer, SCORES.initials);
}

function startsOrEndsCommon(short: string): boolean {
  const words = short.split(' ');
  return COMMON_WORDS.has(words[0] ?? '') || COMMON_WORDS.has(words.at(-1) ?? '');
}

function addTo<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
