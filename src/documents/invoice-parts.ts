import { writeAmount, writeDay, writeDecimal } from '../domain/billing/document/amounts.ts';
import type { DocumentParty, InvoiceDocument } from '../domain/billing/document/invoice-document.ts';
import { INVOICE_WORDS } from '../domain/billing/document/words/index.ts';
import { adorn, ensure, heightOf, LEFT, open, RIGHT, rule, type Sheet, say, WIDTH } from './sheet.ts';
import { type Cell, columnsOf, table } from './table.ts';

const HALF = WIDTH / 2 - 12;

/** Title, number, days and the two parties. */
export function drawHead(sheet: Sheet, document: InvoiceDocument, logo: Uint8Array | null): void {
  const words = INVOICE_WORDS[document.language];
  const { brand, doc } = sheet;
  if (logo) adorn(sheet, () => void doc.image(Buffer.from(logo), LEFT, sheet.y, { height: 28 }));
  const x = logo ? LEFT + 38 : LEFT;
  say(sheet, sheet.root, 'P', brand.name, { x, y: sheet.y + 6, width: HALF, size: 14, weight: 'semibold' });
  say(sheet, sheet.root, 'H1', words.title[document.kind], {
    x: LEFT + WIDTH / 2,
    y: sheet.y + 2,
    width: WIDTH / 2,
    size: 19,
    weight: 'semibold',
    align: 'right',
    colour: brand.accent,
  });
  sheet.y += 52;
  const top = sheet.y;
  const parties = [
    drawParty(sheet, words.from, document.seller, LEFT, top, document),
    drawParty(sheet, words.to, document.buyer, LEFT + 158, top, document),
  ];
  const facts = drawFacts(sheet, document, top);
  sheet.y = Math.max(...parties, facts) + 14;
}

function drawParty(
  sheet: Sheet,
  title: string,
  party: DocumentParty,
  x: number,
  top: number,
  { language }: InvoiceDocument,
): number {
  const words = INVOICE_WORDS[language];
  const lines = [
    ...party.street,
    [party.postcode, party.city].filter((part) => part !== '').join(' '),
    party.country,
    party.vatId === null ? '' : `${words.vatId} ${party.vatId}`,
    party.taxNumber === null ? '' : `${words.taxNumber} ${party.taxNumber}`,
    party.email ?? '',
  ].filter((line) => line !== '');
  const width = 148;
  say(sheet, sheet.root, 'P', title, {
    x,
    y: top,
    width,
    size: 8,
    weight: 'semibold',
    colour: sheet.brand.quiet,
  });
  const name = { x, y: top + 14, width, weight: 'semibold' as const };
  say(sheet, sheet.root, 'P', party.name, name);
  let y = name.y + heightOf(sheet, party.name, name);
  for (const line of lines) {
    say(sheet, sheet.root, 'P', line, { x, y, width });
    y += heightOf(sheet, line, { width });
  }
  return y;
}

/** Number and days, as a list of two columns at the right. */
function drawFacts(sheet: Sheet, document: InvoiceDocument, top: number): number {
  const { language } = document;
  const words = INVOICE_WORDS[language];
  const facts: [string, string | null][] = [
    [words.number, document.number],
    [words.corrects, document.corrects],
    [words.issued, writeDay(document.issuedOn, language)],
    [words.due, document.dueOn === null ? null : writeDay(document.dueOn, language)],
    [words.period, `${writeDay(document.startsOn, language)} \u2013 ${writeDay(document.endsOn, language)}`],
    [words.order, document.buyerReference],
  ];
  const width = 180;
  const x = RIGHT - width;
  let y = top;
  for (const [name, value] of facts) {
    if (value === null) continue;
    say(sheet, sheet.root, 'P', name, {
      x,
      y,
      width: 78,
      size: 8,
      weight: 'semibold',
      colour: sheet.brand.quiet,
    });
    const look = { x: x + 78, y: y - 1, width: width - 78, size: 8.5, align: 'right' as const };
    say(sheet, sheet.root, 'P', value, look);
    y += heightOf(sheet, value, look) + 5;
  }
  return y;
}

/** What is billed, line by line. */
export function drawLines(sheet: Sheet, document: InvoiceDocument): void {
  const { language, currency } = document;
  const words = INVOICE_WORDS[language];
  const columns = columnsOf(words.description, [
    { title: words.quantity, width: 105, align: 'right' },
    { title: words.unitPrice, width: 85, align: 'right' },
    { title: words.amount, width: 85, align: 'right' },
  ]);
  const rows = document.lines.map((line): Cell[] => [
    {
      text: line.detail === null ? line.name : `${line.name}: ${line.detail}`,
      below: `${writeDay(line.startsOn, language)} \u2013 ${writeDay(line.endsOn, language)}`,
    },
    { text: `${writeDecimal(line.quantity, language)} ${line.unit}`.trim() },
    { text: line.unitPrice === null ? '' : writeDecimal(line.unitPrice, language) },
    { text: writeAmount(line.amountMinor, currency, language) },
  ]);
  table(sheet, columns, rows);
  sheet.y += 8;
}

/** From the subtotal to what is due. */
export function drawTotals(sheet: Sheet, document: InvoiceDocument): void {
  const { language, currency, totals, kind } = document;
  const words = INVOICE_WORDS[language];
  const money = (minor: number) => writeAmount(minor, currency, language);
  const rows: [string, number][] = [
    [words.subtotal, totals.subtotalMinor],
    ...discountRows(document),
    ...document.taxes.map((tax): [string, number] => [
      `${tax.name} ${writeDecimal(tax.ratePercent, language)}\u00a0% ${words.of} ${money(tax.baseMinor)}`,
      tax.amountMinor,
    ]),
    [words.total, totals.totalMinor],
    ...(totals.creditedMinor === 0 ? [] : [[words.credited, -totals.creditedMinor] as [string, number]]),
    ...(totals.paidMinor === 0 ? [] : [[words.paid, -totals.paidMinor] as [string, number]]),
  ];
  ensure(sheet, rows.length * 16 + 50);
  const list = open(sheet, 'Table');
  for (const [name, minor] of rows) totalRow(sheet, list, name, money(minor), 'regular');
  rule(sheet, sheet.y + 1, LEFT + WIDTH / 2);
  sheet.y += 6;
  totalRow(
    sheet,
    list,
    kind === 'credit_note' ? words.toReceive : words.toPay,
    money(totals.dueMinor),
    'semibold',
  );
  list.end();
  const notes = [...(document.taxIncluded ? [words.taxIncluded] : []), ...taxNotes(document)];
  for (const note of notes) paragraph(sheet, note);
  sheet.y += 10;
}

/** Discounts of the same name are one row, however many rates they fell on. */
function discountRows({ discounts, language }: InvoiceDocument): [string, number][] {
  const sums = new Map<string, number>();
  for (const { name, amountMinor } of discounts) sums.set(name, (sums.get(name) ?? 0) + amountMinor);
  return [...sums].map(([name, minor]) => [`${INVOICE_WORDS[language].discount}: ${name}`, -minor]);
}

function taxNotes({ taxes }: InvoiceDocument): string[] {
  return [...new Set(taxes.flatMap(({ note }) => (note === null ? [] : [note])))];
}

function totalRow(
  sheet: Sheet,
  list: PDFKit.PDFStructureElement,
  name: string,
  value: string,
  weight: 'regular' | 'semibold',
): void {
  const row = open(sheet, 'TR', list);
  const size = weight === 'semibold' ? 11 : 9;
  const nameLook = { x: LEFT + WIDTH / 2, y: sheet.y, width: WIDTH / 2 - 95, size, weight };
  say(sheet, row, 'TD', name, nameLook);
  say(sheet, row, 'TD', value, {
    x: RIGHT - 95,
    y: sheet.y,
    width: 95,
    size,
    weight,
    align: 'right',
    tabular: true,
  });
  row.end();
  sheet.y += Math.max(heightOf(sheet, name, nameLook), size + 3) + 3;
}

/** Text over the whole width. */
export function paragraph(sheet: Sheet, text: string): void {
  const look = { width: WIDTH, size: 8.5 };
  ensure(sheet, heightOf(sheet, text, look));
  say(sheet, sheet.root, 'P', text, { ...look, x: LEFT, y: sheet.y, colour: sheet.brand.quiet });
  sheet.y += heightOf(sheet, text, look) + 4;
}

/** A heading, kept with at least `height` of what follows it. */
export function heading(sheet: Sheet, text: string, height: number): void {
  ensure(sheet, height);
  sheet.y += 6;
  say(sheet, sheet.root, 'H2', text, { x: LEFT, y: sheet.y, width: WIDTH, size: 11, weight: 'semibold' });
  sheet.y += 20;
}
