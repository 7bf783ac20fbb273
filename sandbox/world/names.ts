import { chance } from './random.ts';

const HEADS = [
  'Amber',
  'Arbor',
  'Aster',
  'Birch',
  'Blue',
  'Bright',
  'Cedar',
  'Clear',
  'Cobalt',
  'Copper',
  'Coral',
  'Crest',
  'Delta',
  'Ember',
  'Ever',
  'Fern',
  'Flint',
  'Fox',
  'Glen',
  'Gold',
  'Granite',
  'Harbor',
  'Hazel',
  'Iron',
  'Juniper',
  'Lark',
  'Linden',
  'Lumen',
  'Maple',
  'Marble',
  'Moss',
  'Oak',
  'Onyx',
  'Opal',
  'Pine',
  'Quartz',
  'Raven',
  'River',
  'Rowan',
  'Sable',
  'Silver',
  'Slate',
  'Solar',
  'Stone',
  'Summit',
  'Thistle',
  'Timber',
  'Willow',
] as const;

const TAILS = [
  'bank',
  'bay',
  'bridge',
  'brook',
  'cast',
  'dale',
  'field',
  'forge',
  'gate',
  'grove',
  'haven',
  'hill',
  'leaf',
  'light',
  'line',
  'mark',
  'path',
  'peak',
  'point',
  'port',
  'ridge',
  'shore',
  'spring',
  'stead',
  'vale',
  'ward',
  'way',
  'well',
  'wick',
  'wood',
] as const;

const TRADES = [
  'Analytics',
  'Logistics',
  'Health',
  'Energy',
  'Foods',
  'Media',
  'Mobility',
  'Payments',
  'Security',
  'Software',
  'Studio',
  'Systems',
  'Travel',
  'Insurance',
  'Retail',
  'Learning',
  'Labs',
  'Biotech',
  'Commerce',
  'Finance',
  'Freight',
  'Homes',
  'Games',
  'Telecom',
  'Textiles',
] as const;

const GIVEN = [
  'Aiko',
  'Amara',
  'Andre',
  'Anika',
  'Ben',
  'Carla',
  'Chen',
  'Clara',
  'Daniel',
  'Elif',
  'Emma',
  'Farid',
  'Grace',
  'Hana',
  'Ivan',
  'Jonas',
  'Kenji',
  'Lea',
  'Lucas',
  'Maya',
  'Miguel',
  'Nadia',
  'Noah',
  'Olga',
  'Priya',
  'Rosa',
  'Samir',
  'Sofia',
  'Tom',
  'Yuki',
] as const;

const FAMILY = [
  'Adler',
  'Bianchi',
  'Brandt',
  'Chowdhury',
  'Dubois',
  'Eriksen',
  'Fischer',
  'Garcia',
  'Haddad',
  'Ito',
  'Jansen',
  'Kaya',
  'Larsen',
  'Moreau',
  'Nakamura',
  'Novak',
  'Okafor',
  'Park',
  'Reyes',
  'Rossi',
  'Sato',
  'Schmidt',
  'Silva',
  'Tan',
  'Vogel',
  'Walsh',
  'Weber',
  'Yilmaz',
] as const;

/**
 * The name of the n-th ordinary customer. The first 1,440 have a first word of their own, so that it names them alone;
 * beyond that the words come again with another trade.
 */
export function companyName(seed: number, n: number): string {
  const words = HEADS.length * TAILS.length;
  // 577 shares no factor with 1,440, so that steps of it meet every word before any comes again.
  const word = (seed * 131 + n * 577) % words;
  const round = Math.floor(n / words);
  const first = `${HEADS[word % HEADS.length]}${TAILS[Math.floor(word / HEADS.length)]}`;
  const trade = TRADES[(word * 7 + seed + round) % TRADES.length];
  return `${first} ${trade}`;
}

/** A host name made of a company's name. */
export function domainOf(name: string, tld: string): string {
  const plain = name
    .toLowerCase()
    .replace(/[^a-z0-9 ]/g, '')
    .split(' ')
    .slice(0, 2)
    .join('');
  return `${plain}.${tld}`;
}

export function personName(seed: number, key: string): string {
  const draw = chance(seed, 'person', key);
  return `${draw.pick(GIVEN)} ${draw.pick(FAMILY)}`;
}

/** The owner's mailbox at a company. */
export function mailbox(fullName: string, domain: string): string {
  return `${fullName.toLowerCase().replaceAll(' ', '.')}@${domain}`;
}
