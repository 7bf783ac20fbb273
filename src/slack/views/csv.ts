import type { Exhibit } from '../../domain/types.ts';

/** A number as people write it: safe although it may begin with a sign. */
const NUMBER = /^[-+−]?[$€£¥]?\d[\d,.]*(?: ?%| [A-Z]{3})?$/;

/**
 * RFC 4180 with a byte order mark, for spreadsheets. A cell that a spreadsheet would take for a formula is led by an
 * apostrophe, so that what a customer calls itself is never run.
 */
export function csvOf(table: Extract<Exhibit, { kind: 'table' }>): string {
  const lines = [table.columns.map((column) => column.header), ...table.rows];
  return `\ufeff${lines.map((line) => line.map(cell).join(',')).join('\r\n')}\r\n`;
}

function cell(text: string): string {
  const risky = /^\s*[=+\-@\t\r|%＝＋－＠]/.test(text) && !NUMBER.test(text);
  const safe = risky ? `'${text}` : text;
  return /[",\r\n']/.test(safe) || safe !== safe.trim() ? `"${safe.replaceAll('"', '""')}"` : safe;
}
