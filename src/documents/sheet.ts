import type { Brand } from './brand.ts';

type PdfDocument = PDFKit.PDFDocument;
type Element = PDFKit.PDFStructureElement;

/** A4 in points, and what is kept free around. */
export const PAGE = { width: 595.28, height: 841.89, margin: 48, foot: 76 } as const;
export const LEFT: number = PAGE.margin;
export const RIGHT: number = PAGE.width - PAGE.margin;
export const WIDTH = RIGHT - LEFT;

/** Figures of one width and unkerned, so that amounts stand under each other. */
const TABULAR: PDFKit.Mixins.OpenTypeFeatures[] = ['tnum'];
const LINE_GAP = 1.5;

export interface TextLook {
  x: number;
  y: number;
  width: number;
  size?: number;
  weight?: 'regular' | 'semibold';
  colour?: string;
  align?: 'left' | 'right';
  /** In a column of figures. */
  tabular?: boolean;
  /** A link to open; the text should say where it leads. */
  link?: string;
}

/** A page being filled from above. `y` is where the next thing goes. */
export interface Sheet {
  doc: PdfDocument;
  brand: Brand;
  root: Element;
  y: number;
}

/**
 * Begins a new page when less than `height` is left. To be asked before an element is tagged: what is tagged is not
 * torn.
 */
export function ensure(sheet: Sheet, height: number): boolean {
  if (sheet.y + height <= PAGE.height - PAGE.foot) return false;
  sheet.doc.addPage();
  sheet.y = PAGE.margin;
  return true;
}

/** Text in an element of its own (P, H1, TD ...), below `parent`. */
export function say(sheet: Sheet, parent: Element, tag: string, text: string, look: TextLook): void {
  const { doc } = sheet;
  const element = doc.struct(tag, tag === 'TH' ? { scope: 'Column' } : {});
  parent.add(element);
  element.add(() => write(sheet, text, look));
  element.end();
}

/** Text inside an element that is already open, or an artifact. */
export function write({ doc, brand }: Sheet, text: string, look: TextLook): void {
  const {
    x,
    y,
    width,
    size = 9,
    weight = 'regular',
    colour = brand.ink,
    align = 'left',
    tabular = false,
    link,
  } = look;
  doc.font(weight).fontSize(size).fillColor(colour);
  doc.text(text, x, y, {
    width,
    align,
    lineGap: LINE_GAP,
    ...(tabular ? { features: TABULAR } : {}),
    ...(link === undefined ? {} : { link, underline: false }),
  });
}

/** The height a text will take. */
export function heightOf(
  { doc }: Sheet,
  text: string,
  { width, size = 9, weight = 'regular' }: Pick<TextLook, 'width' | 'size' | 'weight'>,
): number {
  return doc.font(weight).fontSize(size).heightOfString(text, { width, lineGap: LINE_GAP });
}

/** What only pleases the eye: readers for the blind pass over it. */
export function adorn({ doc }: Sheet, draw: () => void): void {
  doc.markContent('Artifact', { type: 'Layout' });
  draw();
  doc.endMarkedContent();
}

/** A horizontal line over the width of the text. */
export function rule(sheet: Sheet, y: number, from = LEFT, to = RIGHT): void {
  adorn(sheet, () => {
    sheet.doc.moveTo(from, y).lineTo(to, y).lineWidth(0.6).strokeColor(sheet.brand.line).stroke();
  });
}

/** An element for others to go into. */
export function open(sheet: Sheet, tag: string, parent: Element = sheet.root): Element {
  const element = sheet.doc.struct(tag);
  parent.add(element);
  return element;
}

/** A picture drawn with `draw`, and its words. */
export function figure(
  sheet: Sheet,
  alt: string,
  box: { x: number; y: number; width: number; height: number },
  draw: () => void,
): void {
  const element = sheet.doc.struct('Figure', {
    alt,
    bbox: [box.x, box.y, box.x + box.width, box.y + box.height],
  });
  sheet.root.add(element);
  element.add(draw);
  element.end();
}
