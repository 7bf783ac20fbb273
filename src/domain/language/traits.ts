import { AREAS, countriesIn } from '../metrics/countries.ts';
import type { CompanyWords, Member } from './company-words.ts';
import { personOf } from './person-names.ts';
import { claimed, type Span } from './spans.ts';

export type TraitName = 'plan' | 'country' | 'region' | 'segment' | 'channel' | 'owner';

/** A trait of customers that a sentence narrows to, or leaves out. */
export interface TraitMention extends Span {
  text: string;
  trait: TraitName;
  /** One or several that count alike; empty where the words name nobody and nothing of the company's. */
  values: readonly string[];
  /** How it is echoed: "the EU", "owner Maria Lopez". */
  label: string;
  excluded: boolean;
  /** Why it stands for nothing: "Lena Fischer looks after no customer." */
  problem?: string;
}

type Found = Omit<TraitMention, 'excluded' | 'text'>;

/** What customers and their numbers are called, after a trait: "enterprise customers", "organic signups". */
const OF_CUSTOMERS =
  '(?:customers?|accounts?|clients?|users?|companies|signups?|sign-ups|mrr|arr|revenue|churn|usage|calls|segment|business|logos)';

/**
 * Every trait a sentence names: by country, adjective, part of the world, plan, segment, channel and owner, the last
 * four by the values that the company's own records have.
 */
export function findTraits(text: string, words: CompanyWords): TraitMention[] {
  const found = claimed<Found>([
    ...ownersIn(text, words),
    ...areasIn(text, words),
    ...countriesIn(text).map(({ start, end, code }) => ({
      start,
      end,
      trait: 'country' as const,
      values: [code],
      label: code,
    })),
    ...plansIn(text, words),
    ...valuesIn(text, 'segment', words.segments),
    ...valuesIn(text, 'channel', words.channels),
    ...valuesIn(text, 'region', words.regions),
  ]);
  const sorted = found.sort((a, b) => a.start - b.start);
  const mentions: TraitMention[] = [];
  for (const mention of sorted) {
    const excluded = isExcluded(text, mention.start, mentions.at(-1) ?? null);
    mentions.push({ ...mention, text: text.slice(mention.start, mention.end), excluded });
  }
  return mentions;
}

const LEAVING_OUT =
  /(?:\b(?:excluding|exclude|except(?:ing)?(?: for)?|without|excl\.?|other than|but not|not counting|not including|minus|outside(?: of)?|ignoring|leaving out|apart from|not in|ex)\s+|\bnon[- ]?)(?:(?:the|all|our|any)\s+)?(?:(?:customers?|accounts?)\s+(?:in|on|from)\s+(?:the\s+)?)?$/i;
const JOINED = /^\s*(?:,|and|or|,\s*and|&|\/)?\s*$/i;

/** Whether what begins here is left out: by a word before it, or as the next of a list that is. */
export function isExcluded(
  text: string,
  start: number,
  before: { end: number; excluded: boolean } | null,
): boolean {
  if (LEAVING_OUT.test(text.slice(0, start))) return true;
  return before?.excluded === true && JOINED.test(text.slice(before.end, start));
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

function at(match: RegExpMatchArray, group: number): Span {
  const whole = match.index ?? 0;
  const inner = match[group] ?? '';
  const start = whole + match[0].indexOf(inner);
  return { start, end: start + inner.length };
}

function areasIn(text: string, words: CompanyWords): Found[] {
  return AREAS.flatMap(({ pattern, label, regions, countries }) => {
    const region = words.regions.find((one) => regions.includes(one.toLowerCase()));
    const narrowed =
      region === undefined
        ? { trait: 'country' as const, values: countries }
        : { trait: 'region' as const, values: [region] };
    return [...text.matchAll(pattern)].map((match) => ({
      start: match.index,
      end: match.index + match[0].length,
      ...narrowed,
      label,
    }));
  });
}

const NOT_PLANS = new Set(
  'by per each every which what my our the a any this that of and or per pricing all same other'.split(' '),
);

/** "the growth plan", "on growth", "enterprise customers". */
function plansIn(text: string, { plans }: CompanyWords): Found[] {
  const found: Found[] = [];
  const take = (span: Span, plan: string) =>
    found.push({ ...span, trait: 'plan', values: [plan], label: `the ${plan} plan` });
  for (const match of text.matchAll(/\b([a-z][\w-]*)(?= (?:plans?|tier)\b)/gi)) {
    const word = (match[1] ?? '').toLowerCase();
    if (!NOT_PLANS.has(word) && (plans.length === 0 || plans.some((plan) => plan.toLowerCase() === word)))
      take(at(match, 1), plans.find((plan) => plan.toLowerCase() === word) ?? word);
  }
  for (const plan of plans) {
    const name = escaped(plan);
    const after = new RegExp(`\\b(?:on|excluding|except|without|for) (?:the )?(${name})\\b(?! rate)`, 'gi');
    const before = new RegExp(`\\b(${name})(?= ${OF_CUSTOMERS}\\b(?! rate))`, 'gi');
    for (const match of [...text.matchAll(after), ...text.matchAll(before)]) take(at(match, 1), plan);
  }
  return found;
}

/** The forms in which a value may be said: "mid market" and "mid-market" for "midmarket", "ad" and "ads". */
function formsOf(value: string): string {
  const plain = value.toLowerCase().replace(/[_-]+/g, ' ');
  const stem = plain.replace(/s$/, '');
  const loose = escaped(stem).replace(/ /g, '[ _-]?');
  const split = /^mid(?=[a-z])/.test(stem) ? `mid[ -]?${escaped(stem.slice(3))}` : loose;
  return `(?:${split}|${loose})s?`;
}

/** "from ads", "organic customers", "the startup segment". */
function valuesIn(text: string, trait: 'segment' | 'channel' | 'region', values: readonly string[]): Found[] {
  return values
    .filter((value) => value !== '' && value !== 'unknown')
    .flatMap((value) => {
      const form = formsOf(value);
      const patterns = [
        new RegExp(
          `\\b(?:from|via|through|by way of|in|for|among|excluding|except|without|only|just|non) (?:the |our |paid )?(${form})(?= segment| channel| region|\\b(?! (?:and|of)\\b))`,
          'gi',
        ),
        new RegExp(`\\b(${form})(?= (?:${OF_CUSTOMERS}|channel|region)\\b)`, 'gi'),
        new RegExp(`(?<=\\bnon[- ])(${form})\\b`, 'gi'),
      ];
      return patterns.flatMap((pattern) =>
        [...text.matchAll(pattern)].map((match) => ({
          ...at(match, 1),
          trait,
          values: [value],
          label: `${trait} ${value}`,
        })),
      );
    });
}

const HOLDINGS = '(?:accounts?|customers?|clients?|portfolio|book)';
const MINE = new RegExp(
  `\\bmy(?= (?:\\w+ )?${HOLDINGS}\\b)|\\b(?:owned by|looked after by|assigned to) me\\b`,
  'gi',
);
const THEIRS = new RegExp(
  `\\b([a-z][a-z-]+(?: [a-z][a-z-]+)?)['’]s?(?= (?:\\w+ )?${HOLDINGS}\\b)|\\b(?:owned by|looked after by|managed by|assigned to|owner) ([a-z][a-z-]+(?: [a-z][a-z-]+)?)\\b|\\b(?:does|do|did|that|which) ([a-z][a-z-]+(?: [a-z][a-z-]+)?) (?:looks? after|own|owns|manages?|handles?)\\b`,
  'gi',
);

function ownersIn(text: string, words: CompanyWords): Found[] {
  const found: Found[] = [...text.matchAll(MINE)].map((match) => ({
    start: match.index,
    end: match.index + match[0].length,
    ...ownerOf(words.asker, words, 'You look'),
  }));
  for (const match of text.matchAll(THEIRS)) {
    const name = (match[1] ?? match[2] ?? match[3] ?? '').trim();
    // "of lena's accounts": the word before a first name is often none of it.
    const member = personNamed(name, words) ?? personNamed(name.split(' ').at(-1) ?? '', words);
    if (!member) continue;
    const span = { start: match.index, end: match.index + match[0].length };
    found.push({ ...span, ...ownerOf(member, words, `${member.name} looks`) });
  }
  return found;
}

function ownerOf(
  member: Member | null,
  { owners }: CompanyWords,
  looks: string,
): Omit<Found, 'start' | 'end'> {
  const email = owners.find(
    (owner) =>
      member &&
      (owner.toLowerCase() === member.email?.toLowerCase() || nameOf(owner) === folded(member.name)),
  );
  const label = `owner ${member?.name ?? 'unknown'}`;
  if (email !== undefined) return { trait: 'owner', values: [email], label };
  return { trait: 'owner', values: [], label, problem: `${looks} after no customer.` };
}

/** "maria.lopez@psizero.dev" is "maria lopez". */
function nameOf(email: string): string {
  return folded((email.split('@')[0] ?? '').replace(/[._-]+/g, ' '));
}

function folded(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    .trim();
}

/** The one member or owner of that first or full name; null for none and for several. */
function personNamed(name: string, { members, owners }: CompanyWords): Member | null {
  const wanted = folded(name);
  const people = new Map<string, Member>();
  for (const member of members) people.set(folded(member.name), member);
  for (const owner of owners) {
    const known = nameOf(owner);
    if (!people.has(known)) people.set(known, { name: personOf(owner), email: owner });
  }
  const fits = [...people].filter(([full]) => full === wanted || full.split(' ')[0] === wanted);
  const [only] = fits;
  return fits.length === 1 && only ? only[1] : null;
}
