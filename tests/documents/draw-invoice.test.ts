import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getDocument } from 'pdfjs-dist/legacy/build/pdf.mjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { readBrand } from '../../src/documents/brand.ts';
import { drawInvoice, prepareStationery, type Stationery } from '../../src/documents/draw-invoice.ts';
import { roundAbove } from '../../src/documents/usage-parts.ts';
import { writeAmount } from '../../src/domain/billing/document/amounts.ts';
import { LANGUAGES } from '../../src/domain/billing/document/invoice-document.ts';
import { machineReadable } from '../../src/domain/billing/document/machine-readable.ts';
import { INVOICE_WORDS } from '../../src/domain/billing/document/words/index.ts';
import { projectRoot } from '../../src/lib/paths.ts';
import { exampleDocument } from '../domain/billing/document/example-document.ts';

const TEMPLATE = join(projectRoot(), 'templates/invoice');
let stationery: Stationery;
beforeAll(async () => {
  stationery = await prepareStationery(readBrand(TEMPLATE));
});

/** What another program reads out of the file. */
async function reread(pdf: Uint8Array) {
  const file = await getDocument({ data: new Uint8Array(pdf), verbosity: 0 }).promise;
  const pages = await Promise.all(
    Array.from({ length: file.numPages }, async (_, index) => {
      const page = await file.getPage(index + 1);
      const { items } = await page.getTextContent();
      return {
        text: items.map((item) => ('str' in item ? item.str : '')).join(' '),
        structure: JSON.stringify(await page.getStructTree()),
        links: (await page.getAnnotations()).flatMap((annotation) =>
          annotation.url ? [annotation.url] : [],
        ),
      };
    }),
  );
  const { info, metadata } = await file.getMetadata();
  const attachments: Record<string, { content: Uint8Array }> = (await file.getAttachments()) ?? {};
  return { pages, info, xmp: metadata?.getRaw() ?? '', attachments, marked: await file.getMarkInfo() };
}

const plain = (text: string) => text.replaceAll('\u00a0', ' ').replace(/\s+/g, ' ');

describe('an invoice as PDF', () => {
  it.each(LANGUAGES)('says in %s every line, tax and total of the document', async (language) => {
    const document = exampleDocument({ language });
    const { pages } = await reread(await drawInvoice(document, stationery));
    const text = plain(pages.map((page) => page.text).join(' '));
    const amounts = [
      ...document.lines.map((line) => line.amountMinor),
      ...document.taxes.map((tax) => tax.amountMinor),
      document.totals.subtotalMinor,
      document.totals.totalMinor,
      document.totals.dueMinor,
    ];
    for (const minor of amounts) expect(text).toContain(plain(writeAmount(minor, 'EUR', language)));
    for (const { name, detail } of document.lines) {
      expect(text).toContain(name);
      if (detail) expect(text).toContain(detail);
    }
    expect(text).toContain(document.buyer.name);
    expect(text).toContain(INVOICE_WORDS[language].title.invoice);
    expect(text).toContain('DE02 1203 0000 0000 2020 51');
  });

  it('leads to the portal, and says so to whoever cannot see the code', async () => {
    const { pages } = await reread(await drawInvoice(exampleDocument(), stationery));
    expect(pages.flatMap((page) => page.links)).toEqual(['https://pay.psizero.example/i/in_1QxYz8']);
    expect(pages[0]?.structure).toContain(INVOICE_WORDS.en.qrAlt);
  });

  it('is tagged: a heading, a table with header cells, figures with words', async () => {
    const { pages, marked } = await reread(await drawInvoice(exampleDocument(), stationery));
    const structure = pages.map((page) => page.structure).join('');
    expect(marked).toMatchObject({ Marked: true });
    for (const role of ['H1', 'H2', 'Table', 'TR', 'TH', 'TD', 'Figure', 'Link'])
      expect(structure).toContain(`"role":"${role}"`);
    expect(structure).toContain('Calls per day over 31 days');
  });

  it('carries the machine-readable copy and says what it claims to be', async () => {
    const document = exampleDocument();
    const { attachments, xmp } = await reread(await drawInvoice(document, stationery));
    expect(new TextDecoder().decode(attachments['factur-x.xml']?.content)).toBe(machineReadable(document));
    for (const claim of [
      '<pdfaid:part>3</pdfaid:part>',
      '<pdfaid:conformance>A</pdfaid:conformance>',
      '<pdfuaid:part>1</pdfuaid:part>',
      '<fx:ConformanceLevel>EN 16931</fx:ConformanceLevel>',
    ])
      expect(xmp).toContain(claim);
  });

  it('gives the same bytes for the same document, and others for another', async () => {
    const one = Buffer.from(await drawInvoice(exampleDocument(), stationery));
    const again = Buffer.from(await drawInvoice(exampleDocument(), stationery));
    const other = Buffer.from(await drawInvoice(exampleDocument({ number: 'PSI-2026-000124' }), stationery));
    expect(one.equals(again)).toBe(true);
    expect(one.equals(other)).toBe(false);
  });

  it('goes on over pages with the head of the table on each, losing no line', async () => {
    const [line] = exampleDocument().lines;
    if (!line) throw new Error('the example has lines');
    const lines = Array.from({ length: 90 }, (_, index) => ({
      ...line,
      name: `Item ${index + 1}.`,
      amountMinor: 100,
    }));
    const totals = {
      subtotalMinor: 9000,
      discountMinor: 0,
      taxMinor: 1710,
      totalMinor: 10710,
      creditedMinor: 0,
      paidMinor: 0,
      dueMinor: 10710,
    };
    const taxes = exampleDocument().taxes.map((tax) => ({ ...tax, baseMinor: 9000, amountMinor: 1710 }));
    const { pages } = await reread(
      await drawInvoice(exampleDocument({ lines, totals, taxes, discounts: [] }), stationery),
    );
    const text = pages.map((page) => page.text);
    expect(pages.length).toBeGreaterThan(2);
    for (let index = 1; index <= 90; index += 1)
      expect(text.join(' ')).toMatch(new RegExp(`Item ${index} ?\\.`));
    for (const page of text.slice(0, 2)) expect(page).toContain('Unit price');
    expect(text[1]).toContain(`Page 2 of ${pages.length}`);
  });

  it('has no number and no request to pay as a draft, nor a copy for machines', async () => {
    const { pages, attachments } = await reread(
      await drawInvoice(exampleDocument({ kind: 'draft', number: null }), stationery),
    );
    const text = pages.map((page) => page.text).join(' ');
    expect(text).toContain('Draft invoice');
    expect(text).toContain('not a request for payment');
    expect(text).not.toContain('PSI-2026-000123 ·');
    expect(Object.keys(attachments)).toEqual([]);
  });
});

describe('a template', () => {
  const folderWith = (yaml: string) => {
    const folder = mkdtempSync(join(tmpdir(), 'brand-'));
    writeFileSync(join(folder, 'brand.yml'), yaml);
    return folder;
  };
  const colours = 'ink: "#111111"\nquiet: "#555555"\nline: "#dddddd"\ntint: "#f0f0f0"\n';

  it.each([
    ['a colour nobody can read', `name: A\naccent: "#ffee88"\n${colours}`, 'accent'],
    ['a colour that is none', `name: A\naccent: blue\n${colours}`, 'accent'],
    ['a logo outside its folder', `name: A\naccent: "#123456"\nlogo: ../../etc/passwd\n${colours}`, 'logo'],
    ['a field it does not know', `name: A\naccent: "#123456"\nfont: Comic\n${colours}`, 'font'],
    ['no name', `accent: "#123456"\n${colours}`, 'name'],
  ])('with %s is refused, naming the field', (_name, yaml, field) => {
    expect(() => readBrand(folderWith(yaml))).toThrow(field);
  });

  it('that is not there is refused, naming the file', () => {
    expect(() => readBrand('/nowhere')).toThrow('/nowhere/brand.yml');
  });
});

it.each([
  [0, 2],
  [1, 2],
  [3, 4],
  [41, 50],
  [70_500, 80_000],
  [99, 100],
  [100, 100],
])('a scale for values up to %d ends at %d', (value, top) => {
  expect(roundAbove(value)).toBe(top);
});
