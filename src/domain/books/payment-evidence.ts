/** Money that came in, from a bank line or a provider. Amounts in minor units. */
export interface IncomingPayment {
  id: string;
  at: number;
  amountMinor: bigint;
  currency: string;
  /** The text that came with it. */
  reference: string;
  /** The name of who paid, as the bank writes it. */
  payer: string | null;
  /** Where the provider knows the customer. */
  customerId: string | null;
}

export interface OpenInvoice {
  id: string;
  number: string;
  customerId: string;
  customerName: string;
  currency: string;
  remainingMinor: bigint;
  issuedAt: number;
  dueAt: number;
}

const COMPANY_FORMS = new Set([
  'inc',
  'llc',
  'ltd',
  'limited',
  'gmbh',
  'ag',
  'sa',
  'sas',
  'sarl',
  'bv',
  'nv',
  'co',
  'corp',
  'corporation',
  'company',
  'plc',
  'the',
  'kg',
  'ug',
  'oy',
  'ab',
  'srl',
  'spa',
  'pty',
]);

function wordsOf(text: string): Set<string> {
  const plain = text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
  return new Set(
    plain.split(/[^\p{L}\p{N}]+/u).filter((word) => word.length > 0 && !COMPANY_FORMS.has(word)),
  );
}

/** How much of the shorter name is in the other, 0 to 1; legal forms do not count. */
export function nameLikeness(one: string, other: string): number {
  const [first, second] = [wordsOf(one), wordsOf(other)];
  const least = Math.min(first.size, second.size);
  if (least === 0) return 0;
  return [...first].filter((word) => second.has(word)).length / least;
}

/** Invoices whose number stands in a text, however it is spaced or punctuated: "inv 2026/0042" names INV-2026-0042. */
export function namedIn<T extends { number: string }>(text: string, invoices: readonly T[]): T[] {
  return invoices.filter(({ number }) => numberPattern(number)?.test(text) === true);
}

/** Null for a number too short to be told from any other figure. */
function numberPattern(number: string): RegExp | null {
  const parts = number.match(/\p{L}+|\d+/gu) ?? [];
  if (parts.join('').length < 4) return null;
  return new RegExp(`(?<![\\p{L}\\p{N}])${parts.join('[\\s\\-_/.#:]*')}(?!\\p{N})`, 'iu');
}

export type Identity = 'provider' | 'name' | 'none';

/** How a payment points to a customer: by the provider's id, by a name, or not at all. */
export function identityOf(
  payment: Pick<IncomingPayment, 'customerId' | 'payer' | 'reference'>,
  invoice: Pick<OpenInvoice, 'customerId' | 'customerName'>,
): Identity {
  if (payment.customerId !== null) return payment.customerId === invoice.customerId ? 'provider' : 'none';
  const likeness = Math.max(
    nameLikeness(payment.payer ?? '', invoice.customerName),
    containsName(payment.reference, invoice.customerName) ? 1 : 0,
  );
  return likeness >= 0.67 ? 'name' : 'none';
}

function containsName(text: string, name: string): boolean {
  const [inText, ofName] = [wordsOf(text), wordsOf(name)];
  return ofName.size > 0 && [...ofName].every((word) => inText.has(word));
}
