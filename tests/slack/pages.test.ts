import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Answer } from '../../src/agent/turn.ts';
import type { Exhibit } from '../../src/domain/types.ts';
import { answerMessage } from '../../src/slack/views/answer.ts';
import { csvOf } from '../../src/slack/views/csv.ts';
import { answerSchema, fileTable, pageCount, pageOf, textParts } from '../../src/slack/views/pages.ts';

type Table = Extract<Exhibit, { kind: 'table' }>;

function table(rows: number, columns = 2): Table {
  return {
    kind: 'table',
    title: 'Invoices',
    columns: Array.from({ length: columns }, (_, at) => ({ header: `Column ${at}`, align: 'left' as const })),
    rows: Array.from({ length: rows }, (_, row) =>
      Array.from({ length: columns }, (_, at) => `r${row}c${at}`),
    ),
  };
}

function answer(over: Partial<Answer> = {}): Answer {
  return {
    text: 'Here they are.',
    exhibits: [],
    receipts: ['q_1'],
    choices: [],
    referenceId: null,
    mode: 'rules',
    ...over,
  };
}

const tablesOf = (shown: Answer) => shown.exhibits.filter((each): each is Table => each.kind === 'table');

describe('the pages of an answer', () => {
  it.each([
    [0, 2, 1],
    [99, 2, 1],
    [100, 2, 2],
    [250, 2, 3],
    [300, 2, 4],
    [301, 2, 1],
    [10, 20, 1],
    [10, 21, 2],
    [150, 40, 6],
  ])('of %d rows and %d columns are %d', (rows, columns, pages) => {
    expect(pageCount(answer({ exhibits: [table(rows, columns)] }))).toBe(pages);
  });

  it('hold every cell exactly once, and each fits one message', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 300 }), fc.integer({ min: 1, max: 45 }), (rows, columns) => {
        const long = answer({ exhibits: [table(rows, columns)] });
        const windows = Array.from({ length: pageCount(long) }, (_, at) => tablesOf(pageOf(long, at + 1))[0]);
        const cells = windows.flatMap((window) => window?.rows.flat() ?? []);
        expect(new Set(cells).size).toBe(rows * columns);
        for (const window of windows) {
          expect(window?.rows.length).toBeLessThanOrEqual(99);
          expect(window?.columns.length).toBeLessThanOrEqual(20);
        }
      }),
      { numRuns: 40 },
    );
  });

  it('hold every word of a long text, in messages that Slack takes', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ minLength: 1, maxLength: 400 }), { minLength: 60, maxLength: 160 }),
        (words) => {
          const text = words.join(' \n\n');
          const parts = textParts(text);
          expect(Math.max(...parts.map((part) => part.length))).toBeLessThanOrEqual(11_000);
          expect(parts.join('').replace(/\s/g, '')).toBe(text.replace(/\s/g, ''));
        },
      ),
      { numRuns: 30 },
    );
  });

  it('can be turned only where the answer is kept, forwards from the first and back from the last', () => {
    const long = answer({ exhibits: [table(150)] });
    const buttons = (page: number, turnId?: string) =>
      JSON.stringify(answerMessage(long, { simulated: false, ...(turnId ? { turnId } : {}) }, page)).match(
        /page\.\w+/g,
      );
    expect(buttons(1, 't')).toEqual(['page.next']);
    expect(buttons(2, 't')).toEqual(['page.previous']);
    expect(buttons(1)).toBeNull();
  });

  it('come back from where they were kept as they were', () => {
    const long = answer({ exhibits: [table(120)] });
    expect(answerSchema.parse(JSON.parse(JSON.stringify(long)))).toEqual(long);
  });

  it('give way to a file, with the beginning shown, above three hundred rows', () => {
    const long = answer({ exhibits: [table(301)] });
    expect(fileTable(long.exhibits)?.rows).toHaveLength(301);
    expect(tablesOf(pageOf(long, 1))[0]?.rows).toHaveLength(20);
    expect(JSON.stringify(answerMessage(long, { simulated: false, turnId: 't' }))).toMatch(/301 rows/);
  });
});

describe('a table as a file', () => {
  const csv = (...cells: string[]) =>
    csvOf({
      kind: 'table',
      title: 't',
      columns: cells.map(() => ({ header: 'h', align: 'left' as const })),
      rows: [cells],
    })
      .split('\r\n')
      .slice(1, -1)
      .join('\n');

  it.each([
    ['plain', 'plain'],
    ['with, comma', '"with, comma"'],
    ['say "hi"', '"say ""hi"""'],
    ['two\nlines', '"two\nlines"'],
    ['=HYPERLINK("x")', `"'=HYPERLINK(""x"")"`],
    ['+1+cmd|x', `"'+1+cmd|x"`],
    ['@SUM(A1)', `"'@SUM(A1)"`],
    ['  =1+1', `"'  =1+1"`],
    ['\t=1', `"'\t=1"`],
    ['-2+3', `"'-2+3"`],
    ['-5.00', '-5.00'],
    ['-$1,200.50', '"-$1,200.50"'],
    ['+4.2%', '+4.2%'],
    ['-120.00 EUR', '-120.00 EUR'],
  ])('writes %j so that no spreadsheet runs it', (given, written) => {
    expect(csv(given)).toBe(written);
  });
});
