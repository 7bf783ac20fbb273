import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readBrand } from '../../src/documents/brand.ts';
import { drawInvoice, prepareStationery } from '../../src/documents/draw-invoice.ts';
import { createPrinter, renderInvoices } from '../../src/documents/render-pool.ts';
import { projectRoot } from '../../src/lib/paths.ts';
import { exampleDocument } from '../domain/billing/document/example-document.ts';

const template = join(projectRoot(), 'templates/invoice');

it('draws each document once, on threads, with the bytes one thread would give; a bad one stops no other', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'invoices-'));
  const documents = [1, 2, 3, 4].map((number) => exampleDocument({ number: `PSI-${number}` }));
  const bad = exampleDocument({ totals: { ...exampleDocument().totals, dueMinor: 1 } });
  const errors: string[] = [];
  await renderInvoices([...documents, bad], { template, threads: 2 }, ({ index, result }) => {
    if ('error' in result) errors.push(`${index}: ${result.error}`);
    else writeFileSync(join(folder, `${index}.pdf`), result.pdf, { flag: 'wx' });
  });
  const stationery = await prepareStationery(readBrand(template));
  for (const [index, document] of documents.entries()) {
    const alone = Buffer.from(await drawInvoice(document, stationery));
    expect(readFileSync(join(folder, `${index}.pdf`)).equals(alone)).toBe(true);
  }
  expect(errors).toEqual([expect.stringContaining('4: The invoice breaks rule BR-CO-16')]);
});

it('prints one after the other on one thread, in any order of asking, and goes on after one that cannot be drawn', async () => {
  const print = createPrinter({ template });
  const documents = [1, 2].map((number) => exampleDocument({ number: `PSI-${number}` }));
  const bad = exampleDocument({ totals: { ...exampleDocument().totals, dueMinor: 1 } });
  const [first, refused, second] = await Promise.allSettled(
    [documents[0], bad, documents[1]].map((one) => print(one ?? bad)),
  );
  expect(refused).toMatchObject({
    status: 'rejected',
    reason: { message: expect.stringMatching(/BR-CO-16/) },
  });
  const stationery = await prepareStationery(readBrand(template));
  for (const [index, printed] of [first, second].entries()) {
    const alone = Buffer.from(await drawInvoice(documents[index] ?? bad, stationery));
    expect(printed?.status === 'fulfilled' && alone.equals(printed.value)).toBe(true);
  }
});
