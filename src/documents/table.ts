import { adorn, ensure, heightOf, LEFT, open, RIGHT, rule, type Sheet, say, write } from './sheet.ts';

export interface Column {
  title: string;
  /** Points; the first column takes what is left. */
  width: number;
  align: 'left' | 'right';
}

/** A cell: its text, and smaller words below it. */
export interface Cell {
  text: string;
  below?: string;
}

const PADDING = 3.5;
const BELOW = 7.5;

/** A table that goes on over pages, with its head repeated on each (once for readers: the repeats are artifacts). */
export function table(sheet: Sheet, columns: readonly Column[], rows: readonly (readonly Cell[])[]): void {
  ensure(sheet, 60);
  const element = open(sheet, 'Table');
  const head = open(sheet, 'TR', element);
  titles(columns, sheet, (text, look) => say(sheet, head, 'TH', text, look));
  head.end();
  for (const cells of rows) {
    const height = Math.max(
      ...columns.map((column, index) => heightOfCell(sheet, cells[index], column.width)),
    );
    if (ensure(sheet, height + 2 * PADDING))
      adorn(sheet, () => titles(columns, sheet, (text, look) => write(sheet, text, look)));
    const row = open(sheet, 'TR', element);
    let x = LEFT;
    columns.forEach((column, index) => {
      const cell = cells[index];
      if (cell)
        drawCell(sheet, row, cell, { x, y: sheet.y + PADDING, width: column.width, align: column.align });
      x += column.width;
    });
    row.end();
    sheet.y += height + 2 * PADDING;
    rule(sheet, sheet.y);
  }
  element.end();
}

type Draw = (text: string, look: Parameters<typeof write>[2]) => void;

function titles(columns: readonly Column[], sheet: Sheet, draw: Draw): void {
  let x = LEFT;
  for (const { title, width, align } of columns) {
    draw(title, { x, y: sheet.y, width, align, size: 8, weight: 'semibold', colour: sheet.brand.quiet });
    x += width;
  }
  sheet.y += 15;
}

function drawCell(
  sheet: Sheet,
  row: PDFKit.PDFStructureElement,
  { text, below }: Cell,
  look: { x: number; y: number; width: number; align: 'left' | 'right' },
): void {
  const element = sheet.doc.struct('TD');
  row.add(element);
  element.add(() => {
    write(sheet, text, { ...look, tabular: look.align === 'right' });
    if (below === undefined) return;
    const y = look.y + heightOf(sheet, text, { width: look.width });
    write(sheet, below, { ...look, y, size: BELOW, colour: sheet.brand.quiet });
  });
  element.end();
}

function heightOfCell(sheet: Sheet, cell: Cell | undefined, width: number): number {
  if (!cell) return 0;
  const below = cell.below === undefined ? 0 : heightOf(sheet, cell.below, { width, size: BELOW });
  return heightOf(sheet, cell.text, { width }) + below;
}

/** Columns over the whole width: the first takes what the others leave. */
export function columnsOf(first: string, others: readonly Column[]): Column[] {
  const taken = others.reduce((sum, { width }) => sum + width, 0);
  return [{ title: first, width: RIGHT - LEFT - taken, align: 'left' }, ...others];
}
