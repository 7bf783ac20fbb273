import { mendWord } from './vocabulary.ts';

export interface Token {
  kind: 'word' | 'number' | 'iso' | 'mark';
  /** Lower case, misspelt period words mended; digits alone for "3rd". */
  text: string;
  raw: string;
  start: number;
  end: number;
}

const DATE = String.raw`\d{4}-\d{1,2}(?:-\d{1,2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2}))?)?(?![\d-])`;
const PATTERN = new RegExp(
  [
    `(?<iso>${DATE}(?:/${DATE})?)`,
    String.raw`(?<quarter>\b[qhQH]\d+\b)`,
    String.raw`(?<number>\d+)(?:st|nd|rd|th)?\b(?![.,]\d)`,
    String.raw`(?<word>[A-Za-z]+)`,
    String.raw`(?<mark>[,\-–—$#€£.])`,
  ].join('|'),
  'g',
);

/** A sentence cut into what the grammar reads; anything else (emoji, brackets) is passed over. */
export function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  for (const match of text.matchAll(PATTERN)) {
    const groups = match.groups ?? {};
    const span = { raw: match[0], start: match.index, end: match.index + match[0].length };
    if (groups.iso) tokens.push({ kind: 'iso', text: groups.iso, ...span });
    else if (groups.quarter) tokens.push({ kind: 'word', text: groups.quarter.toLowerCase(), ...span });
    else if (groups.number) tokens.push({ kind: 'number', text: groups.number, ...span });
    else if (groups.word) tokens.push({ kind: 'word', text: mendWord(groups.word.toLowerCase()), ...span });
    else tokens.push({ kind: 'mark', text: match[0].replace(/[–—]/, '-'), ...span });
  }
  return tokens;
}
