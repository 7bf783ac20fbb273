import type { Utterance } from '../../domain/language/utterance.ts';

/** A stretch of the message, in positions of its text. */
export interface Segment {
  from: number;
  to: number;
}

const BETWEEN =
  /(?:\s*[,;]\s*(?:and\s+also|and\s+then|and|then|plus|also|or)?\s+|\s*[?.!]\s+(?:and\s+|also\s+|then\s+|plus\s+)?|\s+(?:and\s+also|and\s+then|and|as\s+well\s+as|along\s+with|plus|then|&)\s+)/gi;

/**
 * The message at its commas, full stops and "and"s; never inside a customer's name or a period. Whether the pieces
 * are questions of their own is not decided here.
 */
export function segmentsOf({ text, customers, periods }: Utterance): Segment[] {
  const whole = [...customers, ...periods];
  const segments: Segment[] = [];
  let from = 0;
  for (const match of text.matchAll(BETWEEN)) {
    const start = match.index;
    const end = start + match[0].length;
    if (whole.some((span) => start < span.end && end > span.start)) continue;
    if (start > from) segments.push({ from, to: start });
    from = end;
  }
  if (from < text.length) segments.push({ from, to: text.length });
  return segments.filter((segment) => text.slice(segment.from, segment.to).trim() !== '');
}
