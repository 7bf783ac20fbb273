import qrcode from 'qrcode-generator';
import type { InvoiceDocument } from '../domain/billing/document/invoice-document.ts';
import { INVOICE_WORDS } from '../domain/billing/document/words/index.ts';
import { adorn, ensure, figure, heightOf, LEFT, open, type Sheet, say, WIDTH } from './sheet.ts';

const QR = 56;
const PADDING = 10;

/** How it is paid: the link, as text and as a code for a telephone, and the bank account. */
export function drawPayment(sheet: Sheet, { payment, language, kind, totals }: InvoiceDocument): void {
  if (kind !== 'invoice' || totals.dueMinor <= 0) return;
  const words = INVOICE_WORDS[language];
  const { url, iban, bic, reference } = payment;
  const bank = [
    iban === null ? '' : `${words.transfer}: IBAN ${iban}${bic === null ? '' : `, BIC ${bic}`}`,
    reference === null ? '' : `${words.reference}: ${reference}`,
  ]
    .filter((line) => line !== '')
    .join('\n');
  if (url === null && bank === '') return;
  const height = QR + 2 * PADDING;
  ensure(sheet, height);
  const top = sheet.y;
  adorn(
    sheet,
    () => void sheet.doc.roundedRect(LEFT, top, WIDTH, height, 6).fillColor(sheet.brand.tint).fill(),
  );
  const textX = url === null ? LEFT + PADDING : LEFT + PADDING + QR + 14;
  const width = LEFT + WIDTH - PADDING - textX;
  let y = top + PADDING;
  if (url !== null) {
    figure(sheet, words.qrAlt, { x: LEFT + PADDING, y, width: QR, height: QR }, () =>
      drawCode(sheet, url, LEFT + PADDING, top + PADDING),
    );
    say(sheet, sheet.root, 'P', words.payOnline, { x: textX, y, width, weight: 'semibold' });
    const look = { x: textX, y: y + 14, width, colour: sheet.brand.accent, link: url };
    const holder = open(sheet, 'P');
    say(sheet, holder, 'Link', url, look);
    holder.end();
    y = look.y + heightOf(sheet, url, look) + 6;
  }
  if (bank !== '') say(sheet, sheet.root, 'P', bank, { x: textX, y, width });
  sheet.y = top + height + 12;
}

/** Modules as squares on white, with the quiet zone the standard asks for (ISO/IEC 18004: four modules). */
function drawCode({ doc }: Sheet, url: string, x: number, y: number): void {
  const code = qrcode(0, 'M');
  code.addData(url);
  code.make();
  const count = code.getModuleCount();
  const size = QR / (count + 8);
  doc.rect(x, y, QR, QR).fillColor('#ffffff').fill();
  for (let row = 0; row < count; row += 1) {
    for (let column = 0; column < count; column += 1) {
      if (code.isDark(row, column)) doc.rect(x + (column + 4) * size, y + (row + 4) * size, size, size);
    }
  }
  doc.fillColor('#000000').fill();
}
