/** The fixed words of a page, one object a language. */
export interface InvoiceWords {
  title: { invoice: string; credit_note: string; draft: string };
  number: string;
  issued: string;
  due: string;
  period: string;
  corrects: string;
  order: string;
  from: string;
  to: string;
  vatId: string;
  taxNumber: string;
  description: string;
  quantity: string;
  unitPrice: string;
  amount: string;
  subtotal: string;
  discount: string;
  of: string;
  total: string;
  taxIncluded: string;
  credited: string;
  paid: string;
  toPay: string;
  toReceive: string;
  usage: string;
  category: string;
  used: string;
  included: string;
  billed: string;
  daily: string;
  /** Alt text of the day chart. */
  dailyAlt: (said: { days: number; total: string; mostOn: string; most: string }) => string;
  payOnline: string;
  transfer: string;
  reference: string;
  qrAlt: string;
  page: (number: number, of: number) => string;
  draftNote: string;
}
