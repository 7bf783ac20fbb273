import { writeDay, writeDecimal } from '../domain/billing/document/amounts.ts';
import type { InvoiceDocument } from '../domain/billing/document/invoice-document.ts';
import { INVOICE_WORDS } from '../domain/billing/document/words/index.ts';
import { heading } from './invoice-parts.ts';
import { adorn, figure, LEFT, type Sheet, WIDTH, write } from './sheet.ts';
import { type Cell, columnsOf, table } from './table.ts';

const CHART = { height: 60, axis: 34 };

/** What was used of each category, what the plan includes of it and what is billed. */
export function drawUsage(sheet: Sheet, { usage, language }: InvoiceDocument): void {
  if (usage.length === 0) return;
  const words = INVOICE_WORDS[language];
  heading(sheet, words.usage, 90);
  const numbers = [words.used, words.included, words.billed].map((title) => ({
    title,
    width: 100,
    align: 'right' as const,
  }));
  const rows = usage.map(({ category, unit, quantity, included, billed }): Cell[] => [
    { text: category },
    { text: `${writeDecimal(quantity, language)} ${unit}`.trim() },
    { text: writeDecimal(included, language) },
    { text: writeDecimal(billed, language) },
  ]);
  table(sheet, columnsOf(words.category, numbers), rows);
  sheet.y += 8;
}

/** A bar a day. The scale begins at 0 and its top is a round number. */
export function drawDays(sheet: Sheet, { daily, language }: InvoiceDocument): void {
  const [first] = daily;
  const last = daily.at(-1);
  if (!first || !last) return;
  const words = INVOICE_WORDS[language];
  heading(sheet, words.daily, CHART.height + 40);
  const top = roundAbove(Math.max(...daily.map(({ quantity }) => quantity)));
  const box = { x: LEFT + CHART.axis, y: sheet.y, width: WIDTH - CHART.axis, height: CHART.height };
  const number = (value: number) => writeDecimal(String(value), language);
  adorn(sheet, () => {
    grid(sheet, box);
    for (const share of [0, 0.5, 1]) {
      const y = box.y + box.height * (1 - share) - 4;
      write(sheet, number(top * share), {
        x: LEFT,
        y,
        width: CHART.axis - 6,
        size: 7,
        align: 'right',
        colour: sheet.brand.quiet,
      });
    }
    const below = { y: box.y + box.height + 4, width: 80, size: 7, colour: sheet.brand.quiet };
    write(sheet, writeDay(first.on, language), { ...below, x: box.x });
    write(sheet, writeDay(last.on, language), { ...below, x: box.x + box.width - 80, align: 'right' });
  });
  figure(sheet, altOf(daily, language), box, () => bars(sheet, box, daily, top));
  sheet.y += CHART.height + 16;
}

type Box = { x: number; y: number; width: number; height: number };

function grid({ doc, brand }: Sheet, box: Box): void {
  for (const share of [0, 0.5, 1]) {
    const y = box.y + box.height * (1 - share);
    doc
      .moveTo(box.x, y)
      .lineTo(box.x + box.width, y)
      .lineWidth(0.4)
      .strokeColor(brand.line)
      .stroke();
  }
}

function bars({ doc, brand }: Sheet, box: Box, daily: InvoiceDocument['daily'], top: number): void {
  const step = box.width / daily.length;
  const width = Math.max(step * 0.72, 0.4);
  daily.forEach(({ quantity }, index) => {
    const height = (quantity / top) * box.height;
    if (height > 0)
      doc.rect(box.x + step * index + (step - width) / 2, box.y + box.height - height, width, height);
  });
  doc.fillColor(brand.accent).fill();
}

function altOf(daily: InvoiceDocument['daily'], language: InvoiceDocument['language']): string {
  const total = daily.reduce((sum, { quantity }) => sum + quantity, 0);
  const most = daily.reduce(
    (best, day) => (day.quantity > best.quantity ? day : best),
    daily[0] ?? { on: '', quantity: 0 },
  );
  const number = (value: number) => writeDecimal(String(value), language);
  return INVOICE_WORDS[language].dailyAlt({
    days: daily.length,
    total: number(total),
    mostOn: writeDay(most.on, language),
    most: number(most.quantity),
  });
}

/** The next of 1, 2, 4, 5, 8, 10 times a power of ten; halves of it are round too. */
export function roundAbove(value: number): number {
  if (value <= 0) return 2;
  const power = 10 ** Math.floor(Math.log10(value));
  const step = [1, 2, 4, 5, 8, 10].find((candidate) => candidate * power >= value) ?? 10;
  return Math.max(step * power, 2);
}
