/** How names are written, and how many slips are forgiven in them. */

const LEGAL_SUFFIXES: ReadonlySet<string> = new Set(
  'inc incorporated corp corporation co company llc llp lp ltd limited plc gmbh ag kg ug se sa sas sarl srl spa bv nv ab as oy aps pty kk kabushiki kaisha holding holdings'.split(
    ' ',
  ),
);

/** Lower case, without accents and punctuation, words parted by one space. */
export function normalizeName(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    .replace(/ß/g, 'ss')
    .replace(/&/g, ' and ')
    .replace(/['’`]/g, '')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}

/** "Acme Robotics, Inc." is known as "Acme Robotics". A name made of suffixes alone stays as it is. */
export function withoutLegalSuffix(normalized: string): string {
  const words = normalized.split(' ');
  while (words.length > 1 && LEGAL_SUFFIXES.has(words.at(-1) ?? '')) words.pop();
  return words.join(' ');
}

/** How many slips are forgiven: none in short words, which are too near to one another. */
export function forgiven(length: number): number {
  return length >= 8 ? 2 : length >= 4 ? 1 : 0;
}
