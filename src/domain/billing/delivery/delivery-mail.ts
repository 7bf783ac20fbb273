import { writeAmount, writeDay } from '../document/amounts.ts';
import type { InvoiceDocument } from '../document/invoice-document.ts';
import { escapeXml } from '../document/xml.ts';
import { DELIVERY_WORDS } from './words/index.ts';

export interface DeliveryMail {
  subject: string;
  text: string;
  html: string;
}

const FONT = "font-family:-apple-system,'Segoe UI',Helvetica,Arial,sans-serif";
const INK = '#1d2433';
const LINK = '#1f4bb8';

/**
 * The mail that brings an invoice: the same words as text and as HTML that reads in order without its styles. The
 * document's language decides; names and numbers are escaped where they stand in HTML.
 */
export function deliveryMail(document: InvoiceDocument, recipient: { name: string }): DeliveryMail {
  const { language, currency, seller, payment, totals } = document;
  const words = DELIVERY_WORDS[language];
  const number = document.number ?? '';
  const amount = writeAmount(totals.dueMinor, currency, language);
  const day = (on: string) => writeDay(on, language);
  const greeting = words.greeting(recipient.name);
  const attached = words.attached({ number, from: day(document.startsOn), to: day(document.endsOn) });
  const todo =
    totals.dueMinor <= 0
      ? words.settled
      : document.dueOn === null
        ? words.charged
        : words.due(day(document.dueOn));
  const rows: [string, string][] = [
    [words.invoice, number],
    [words.period, `${day(document.startsOn)} – ${day(document.endsOn)}`],
    [words.amount, amount],
    ...(document.dueOn === null ? [] : [[words.dueOn, day(document.dueOn)] satisfies [string, string]]),
  ];
  const questions = words.questions(seller.email);
  const subject = words.subject({ number, seller: seller.name, amount });
  const text = [
    greeting,
    `${attached} ${todo}`,
    rows.map(([label, value]) => `${label}: ${value}`).join('\n'),
    ...(payment.url === null ? [] : [`${words.portal}:\n${payment.url}`]),
    questions,
    `${words.closing}\n${seller.name}`,
  ].join('\n\n');
  return {
    subject,
    text,
    html: page({
      language,
      subject,
      parts: [
        paragraph(greeting),
        paragraph(`${attached} ${todo}`),
        table(subject, rows),
        ...(payment.url === null ? [] : [link(words.portal, payment.url)]),
        paragraph(questions),
        `<p style="margin:0 0 16px">${escapeXml(words.closing)}<br>${escapeXml(seller.name)}</p>`,
      ],
    }),
  };
}

function page({ language, subject, parts }: { language: string; subject: string; parts: string[] }): string {
  return `<!doctype html>
<html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>${escapeXml(subject)}</title></head>
<body style="margin:0;padding:24px;background:#ffffff;color:${INK};${FONT};font-size:16px;line-height:24px">
<main style="max-width:560px">
${parts.join('\n')}
</main></body></html>
`;
}

const paragraph = (text: string): string => `<p style="margin:0 0 16px">${escapeXml(text)}</p>`;

/** A link says where it leads; its colour is not all that tells it from text. */
const link = (label: string, url: string): string =>
  `<p style="margin:0 0 16px"><a href="${escapeXml(url)}" style="color:${LINK};text-decoration:underline">${escapeXml(label)}</a></p>`;

function table(caption: string, rows: readonly [string, string][]): string {
  const cells = rows.map(
    ([label, value]) =>
      `<tr><th scope="row" style="padding:4px 16px 4px 0;text-align:left;font-weight:600">${escapeXml(label)}</th><td style="padding:4px 0">${escapeXml(value)}</td></tr>`,
  );
  return `<table aria-label="${escapeXml(caption)}" style="margin:0 0 16px;border-collapse:collapse">${cells.join('')}</table>`;
}
