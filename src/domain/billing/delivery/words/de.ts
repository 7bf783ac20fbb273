import type { DeliveryWords } from './words.ts';

export const de: DeliveryWords = {
  subject: ({ number, seller, amount }) => `Rechnung ${number} von ${seller}: ${amount}`,
  greeting: (name) => `Guten Tag ${name},`,
  attached: ({ number, from, to }) =>
    `anbei erhalten Sie die Rechnung ${number} für die Zeit vom ${from} bis ${to} als PDF.`,
  due: (on) => `Bitte zahlen Sie bis ${on}.`,
  charged: 'Der Betrag wird über die hinterlegte Zahlungsart eingezogen; Sie müssen nichts tun.',
  settled: 'Es ist nichts mehr zu zahlen.',
  invoice: 'Rechnung',
  amount: 'Betrag',
  dueOn: 'Zahlbar bis',
  period: 'Zeitraum',
  portal: 'Rechnung online ansehen und bezahlen',
  questions: (address) =>
    address === null
      ? 'Wenn etwas nicht stimmt, antworten Sie einfach auf diese Nachricht.'
      : `Wenn etwas nicht stimmt, antworten Sie auf diese Nachricht oder schreiben Sie an ${address}.`,
  closing: 'Mit freundlichen Grüßen',
};
