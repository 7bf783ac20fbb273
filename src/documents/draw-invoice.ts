import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import PDFDocument from 'pdfkit';
import type { InvoiceDocument } from '../domain/billing/document/invoice-document.ts';
import { machineReadable, XML_NAME } from '../domain/billing/document/machine-readable.ts';
import { INVOICE_WORDS } from '../domain/billing/document/words/index.ts';
import { majorUnits } from '../domain/money/format.ts';
import { projectRoot } from '../lib/paths.ts';
import type { Brand } from './brand.ts';
import { drawHead, drawLines, drawTotals, paragraph } from './invoice-parts.ts';
import { drawPayment } from './payment-part.ts';
import { claims } from './pdf-claims.ts';
import { adorn, LEFT, PAGE, type Sheet, WIDTH, write } from './sheet.ts';
import { drawDays, drawUsage } from './usage-parts.ts';

/** What every invoice of a template shares, read once. */
export interface Stationery {
  brand: Brand;
  /** The logo as PNG. */
  logo: Uint8Array | null;
  fonts: { regular: Uint8Array; semibold: Uint8Array };
}

const FONTS = 'node_modules/@expo-google-fonts/inter';

/** Reads the fonts and draws the logo, four times as large as it is printed. */
export async function prepareStationery(brand: Brand): Promise<Stationery> {
  const font = (name: string) => readFileSync(join(projectRoot(), FONTS, name));
  const fonts = {
    regular: font('400Regular/Inter_400Regular.ttf'),
    semibold: font('600SemiBold/Inter_600SemiBold.ttf'),
  };
  return { brand, fonts, logo: brand.logoSvg === null ? null : await drawLogo(brand.logoSvg) };
}

async function drawLogo(svg: string): Promise<Uint8Array> {
  const { Resvg } = await import('@resvg/resvg-js');
  return new Resvg(svg, { fitTo: { mode: 'height', value: 112 }, font: { loadSystemFonts: false } })
    .render()
    .asPng();
}

/**
 * An invoice as a tagged PDF (PDF/A-3a, PDF/UA-1) with the machine-readable copy embedded where the standard has a form
 * for it. The same document and stationery give the same bytes: the only time in the file is the day of issue, UTC.
 * Throws `invalid_input` when the document contradicts itself.
 */
export async function drawInvoice(document: InvoiceDocument, stationery: Stationery): Promise<Uint8Array> {
  const xml = machineReadable(document);
  const words = INVOICE_WORDS[document.language];
  const title = `${words.title[document.kind]}${document.number === null ? '' : ` ${document.number}`}`;
  const issuedAt = new Date(`${document.issuedOn}T00:00:00Z`);
  const { brand, fonts } = stationery;
  const doc = new PDFDocument({
    size: [PAGE.width, PAGE.height],
    margins: { top: PAGE.margin, left: PAGE.margin, right: PAGE.margin, bottom: 0 },
    bufferPages: true,
    pdfVersion: '1.7',
    subset: 'PDF/A-3a',
    tagged: true,
    displayTitle: true,
    lang: document.language,
    autoFirstPage: false,
    info: {
      Title: plain(title),
      Author: plain(document.seller.name),
      Producer: 'Psi',
      Creator: 'Psi',
      CreationDate: issuedAt,
    },
  });
  const bytes = collect(doc);
  doc.registerFont('regular', Buffer.from(fonts.regular));
  doc.registerFont('semibold', Buffer.from(fonts.semibold));
  doc.appendXML(claims(xml !== null));
  doc.addPage();
  const root = doc.struct('Document');
  doc.addStructure(root);
  const sheet: Sheet = { doc, brand, root, y: PAGE.margin };
  drawHead(sheet, document, stationery.logo);
  drawLines(sheet, document);
  drawTotals(sheet, document);
  if (document.kind === 'draft') paragraph(sheet, words.draftNote);
  drawPayment(sheet, document);
  for (const note of document.notes) paragraph(sheet, note);
  drawUsage(sheet, document);
  drawDays(sheet, document);
  root.end();
  drawFeet(sheet, document);
  if (xml !== null) attach(doc, xml, issuedAt, majorUnits(document.totals.totalMinor, document.currency));
  doc.end();
  return bytes;
}

/** What stands at the foot of every page; readers for the blind pass over it. */
function drawFeet(sheet: Sheet, { language, number }: InvoiceDocument): void {
  const { doc, brand } = sheet;
  const { start, count } = doc.bufferedPageRange();
  for (let page = start; page < start + count; page += 1) {
    doc.switchToPage(page);
    adorn(sheet, () => {
      const look = { x: LEFT, width: WIDTH - 190, size: 7.5, colour: brand.quiet };
      for (const [index, line] of brand.footer.entries())
        write(sheet, line, { ...look, y: PAGE.height - 62 + index * 11 });
      const words = INVOICE_WORDS[language].page(page - start + 1, count);
      const right = {
        x: LEFT + WIDTH - 190,
        y: PAGE.height - 62,
        width: 190,
        size: 7.5,
        colour: brand.quiet,
        align: 'right' as const,
      };
      write(sheet, number === null ? words : `${number} · ${words}`, right);
    });
  }
}

function attach(doc: PDFKit.PDFDocument, xml: string, issuedAt: Date, total: string): void {
  doc.file(Buffer.from(xml, 'utf8'), {
    name: XML_NAME,
    type: 'text/xml',
    description: `Factur-X invoice over ${total}`,
    relationship: 'Alternative',
    creationDate: issuedAt,
    modifiedDate: issuedAt,
  });
}

/** The file's title goes into XML as it is. */
function plain(text: string): string {
  return text.replaceAll('&', '+').replaceAll(/[<>"]/g, '');
}

function collect(doc: PDFKit.PDFDocument): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const chunks: Uint8Array[] = [];
    doc.on('data', (chunk: Uint8Array) => chunks.push(chunk));
    doc.on('end', () => resolve(Buffer.concat(chunks)));
    doc.on('error', reject);
  });
}
