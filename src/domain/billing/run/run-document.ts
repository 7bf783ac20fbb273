import { divide, exact, toDecimal } from '../../money/exact.ts';
import { exponentOf } from '../../money/exponents.ts';
import { dateAt } from '../../periods/calendar.ts';
import { allocate } from '../apportion.ts';
import type { InvoiceOutcome } from '../calculate-invoice.ts';
import type { InvoiceDocument, Language, TaxCategory } from '../document/invoice-document.ts';
import type { InvoiceLine } from '../invoice.ts';
import type { TaxTreatment } from '../tax/tax-rates.ts';
import { lateUsageOf, type UsageBasis } from './basis.ts';
import type { LegalEntity } from './settings.ts';

const CATEGORIES: Readonly<Record<TaxTreatment, TaxCategory>> = {
  standard: 'S',
  reduced: 'S',
  zero_rated: 'Z',
  exempt: 'E',
  reverse_charge: 'AE',
  out_of_scope: 'O',
};

export interface DocumentRequest {
  basis: UsageBasis;
  invoice: InvoiceOutcome;
  entity: LegalEntity;
  buyer: { name: string; email: string; country: string };
  /** Null: a draft. */
  number: string | null;
  issuedAt: number;
  dueAt: number | null;
  /** The payment provider's page and number of it; null where it has none yet. */
  payUrl: string | null;
  reference: string | null;
  /** What is asked for where the customer's balance paid a part of the total; null: the total. */
  dueMinor: number | null;
  /** Calls a day of the period. */
  daily: readonly { on: string; quantity: number }[];
  /** Said below the totals. */
  note: string | null;
}

/** An invoice of a run as it is printed. The same request gives the same document. */
export function runDocument(request: DocumentRequest): InvoiceDocument {
  const { basis, invoice, entity, buyer, number, note } = request;
  const key = taxKey(basis);
  const totalMinor = Number(invoice.totalMinor);
  // What is owed from before and asked for together is no part of this invoice.
  const due = request.dueMinor === null ? totalMinor : Math.min(totalMinor, request.dueMinor);
  const startsOn = day(basis.startAt, basis.tz);
  const endsOn = day(basis.endAt - 1, basis.tz);
  const language = entity.languages.countries[buyer.country] ?? entity.languages.default;
  return {
    kind: number === null ? 'draft' : 'invoice',
    number,
    corrects: null,
    language,
    currency: basis.currency,
    issuedOn: day(request.issuedAt, basis.tz),
    dueOn: request.dueAt === null ? null : day(request.dueAt, basis.tz),
    startsOn,
    endsOn,
    seller: {
      name: entity.name,
      street: [...entity.street],
      city: entity.city,
      postcode: entity.postcode,
      country: entity.country,
      vatId: entity.vat_id,
      taxNumber: entity.tax_number,
      email: entity.email,
    },
    buyer: {
      name: buyer.name,
      street: [],
      city: '',
      postcode: '',
      country: buyer.country,
      vatId: entity.tax.buyers[basis.customerId]?.tax_id ?? null,
      taxNumber: null,
      email: buyer.email,
    },
    buyerReference: null,
    taxIncluded: invoice.inclusiveTaxMinor !== 0n,
    lines: invoice.lines.map((line) => ({
      name: line.name,
      ...wording(line),
      unit: UNITS[language],
      startsOn: day(line.period.startAt, basis.tz),
      endsOn: day(line.period.endAt - 1, basis.tz),
      amountMinor: Number(line.amountMinor),
      ...key,
    })),
    discounts: [],
    taxes: invoice.taxes.map((tax) => ({
      name: tax.name,
      ...key,
      baseMinor: Number(tax.baseMinor),
      amountMinor: Number(tax.amountMinor),
      note: tax.note ?? NOTES[key.category] ?? null,
    })),
    usage: usageRows(basis, UNITS[language]),
    daily: [...request.daily],
    totals: {
      subtotalMinor: Number(invoice.subtotalMinor),
      discountMinor: Number(invoice.discountMinor),
      taxMinor: Number(invoice.taxMinor),
      totalMinor: Number(invoice.totalMinor),
      creditedMinor: Number(invoice.totalMinor) - due,
      paidMinor: 0,
      dueMinor: due,
    },
    payment: { url: request.payUrl, iban: entity.iban, bic: entity.bic, reference: request.reference },
    notes: note === null ? [] : [note],
  };

  function wording(line: InvoiceLine) {
    const late = lateUsageOf(basis, line);
    if (late === null) {
      const quantity = String(Math.max(0, basis.calls - basis.included));
      return { detail: LINE_WORDS[language](basis), quantity, unitPrice: unitPrice(line, basis.currency) };
    }
    const before = late.billed.at(-1) ?? { calls: 0, included: 0 };
    const beyond = (of: { calls: number; included: number }) => Math.max(0, of.calls - of.included);
    const detail = LATE_WORDS[language](day(late.now.startAt, basis.tz), day(late.now.endAt - 1, basis.tz));
    // Calls of two rated months, at prices that need not be the same: the amount has no one price.
    return { detail, quantity: String(beyond(late.now) - beyond(before)), unitPrice: null };
  }

  function unitPrice(line: InvoiceLine, currency: string): string | null {
    const step = line.steps.find(({ rule }) => rule === 'unit');
    if (!step?.unitAmount) return null;
    return toDecimal(divide(step.unitAmount, exact(10n ** BigInt(exponentOf(currency)))), 8);
  }
}

/** The plan contains calls of any category: what is billed is shared out by what was used. */
function usageRows({ categories, calls, included }: UsageBasis, unit: string): InvoiceDocument['usage'] {
  const beyond = BigInt(Math.max(0, calls - included));
  const billed = allocate(
    beyond,
    categories.map((one) => BigInt(one.calls)),
  );
  return categories.map((one, index) => {
    const ofIt = billed[index] ?? 0n;
    return {
      category: one.category,
      unit,
      quantity: String(one.calls),
      included: String(BigInt(one.calls) - ofIt),
      billed: String(ofIt),
    };
  });
}

/** Every line of these invoices is taxed alike. */
function taxKey({ rates }: UsageBasis): { category: TaxCategory; ratePercent: string } {
  const [rate] = rates;
  return { category: rate ? CATEGORIES[rate.treatment] : 'O', ratePercent: rate?.ratePercent ?? '0' };
}

const NOTES: Partial<Record<TaxCategory, string>> = { O: 'Not subject to VAT', E: 'Exempt from VAT' };

const UNITS: Readonly<Record<Language, string>> = {
  en: 'calls',
  de: 'Aufrufe',
  fr: 'appels',
  es: 'llamadas',
};

const LINE_WORDS: Readonly<Record<Language, (basis: UsageBasis) => string>> = {
  en: ({ calls, included, plan }) => `${calls} calls, ${included} included in ${plan}`,
  de: ({ calls, included, plan }) => `${calls} Aufrufe, ${included} in ${plan} enthalten`,
  fr: ({ calls, included, plan }) => `${calls} appels, ${included} inclus dans ${plan}`,
  es: ({ calls, included, plan }) => `${calls} llamadas, ${included} incluidas en ${plan}`,
};

const LATE_WORDS: Readonly<Record<Language, (from: string, to: string) => string>> = {
  en: (from, to) => `Usage of ${from} to ${to} that arrived after its invoice`,
  de: (from, to) => `Nutzung vom ${from} bis ${to}, nach deren Rechnung eingegangen`,
  fr: (from, to) => `Utilisation du ${from} au ${to}, reçue après sa facture`,
  es: (from, to) => `Uso del ${from} al ${to}, recibido después de su factura`,
};

function day(at: number, tz: string): string {
  return dateAt(at, tz).toString();
}
