import { UserError } from '../../../lib/errors.ts';
import { majorUnits } from '../../money/format.ts';
import { checkDocument } from './check-document.ts';
import type {
  DocumentLine,
  DocumentParty,
  DocumentTax,
  InvoiceDocument,
  TaxCategory,
} from './invoice-document.ts';
import { leaf, node, printXml, type XmlNode } from './xml.ts';

/** The profile of Factur-X 1.0 and ZUGFeRD 2 that is EN 16931 itself. */
export const PROFILE = 'urn:cen.eu:en16931:2017';
export const XML_NAME = 'factur-x.xml';

const NAMESPACES = {
  'xmlns:rsm': 'urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100',
  'xmlns:ram': 'urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100',
  'xmlns:qdt': 'urn:un:unece:uncefact:data:standard:QualifiedDataType:100',
  'xmlns:udt': 'urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100',
};

/** UNTDID 1001: commercial invoice, credit note. */
const TYPE_CODES = { invoice: '380', credit_note: '381' };
/** UNTDID 4461: to be paid by credit transfer; instrument not defined (a card through the portal). */
const MEANS = { transfer: '58', portal: '1' };
/** UN/ECE Recommendation 20: one. */
const ONE = 'C62';
/** The VATEX codes of the reasons why no tax is charged; exempt and out of scope carry words only. */
const REASON_CODES: Partial<Record<TaxCategory, string>> = {
  AE: 'VATEX-EU-AE',
  K: 'VATEX-EU-IC',
  G: 'VATEX-EU-G',
  O: 'VATEX-EU-O',
};

/**
 * The invoice as UN/CEFACT Cross Industry Invoice D16B in the EN 16931 profile, the copy machines read. Elements stand
 * in the order of the schema. Null for what the standard has no form for: drafts, and prices that include tax.
 * Throws `invalid_input` naming the broken rule when the document contradicts itself.
 */
export function machineReadable(document: InvoiceDocument): string | null {
  if (document.kind === 'draft' || document.number === null || document.taxIncluded) return null;
  const [broken] = checkDocument(document);
  if (broken) throw new UserError('invalid_input', `The invoice breaks rule ${broken.rule}: ${broken.words}`);
  const root = node(
    'rsm:CrossIndustryInvoice',
    node(
      'rsm:ExchangedDocumentContext',
      node('ram:GuidelineSpecifiedDocumentContextParameter', leaf('ram:ID', PROFILE)),
    ),
    node(
      'rsm:ExchangedDocument',
      leaf('ram:ID', document.number),
      leaf('ram:TypeCode', TYPE_CODES[document.kind]),
      day('ram:IssueDateTime', document.issuedOn),
      document.notes.map((note) => node('ram:IncludedNote', leaf('ram:Content', note))),
    ),
    node(
      'rsm:SupplyChainTradeTransaction',
      document.lines.map((line, index) => lineItem(line, index + 1, document.currency)),
      agreement(document),
      node('ram:ApplicableHeaderTradeDelivery'),
      settlement(document),
    ),
  );
  return printXml({ ...root, attributes: NAMESPACES });
}

/**
 * A line whose amount is not its quantity times one price (tiers, packages, prorations) is one of that amount: the
 * standard wants price times quantity, and a price never below 0 (BR-27).
 */
function lineItem(line: DocumentLine, number: number, currency: string): XmlNode {
  const negative = line.amountMinor < 0;
  const amount = majorUnits(line.amountMinor, currency);
  const name = line.detail === null ? line.name : `${line.name}: ${line.detail}`;
  return node(
    'ram:IncludedSupplyChainTradeLineItem',
    node('ram:AssociatedDocumentLineDocument', leaf('ram:LineID', String(number))),
    node(
      'ram:SpecifiedTradeProduct',
      leaf('ram:Name', name),
      leaf('ram:Description', `${line.quantity} ${line.unit}`.trim()),
    ),
    node(
      'ram:SpecifiedLineTradeAgreement',
      node('ram:NetPriceProductTradePrice', leaf('ram:ChargeAmount', negative ? amount.slice(1) : amount)),
    ),
    node(
      'ram:SpecifiedLineTradeDelivery',
      leaf('ram:BilledQuantity', negative ? '-1' : '1', { unitCode: ONE }),
    ),
    node(
      'ram:SpecifiedLineTradeSettlement',
      node('ram:ApplicableTradeTax', ...taxKey(line)),
      period(line.startsOn, line.endsOn),
      node('ram:SpecifiedTradeSettlementLineMonetarySummation', leaf('ram:LineTotalAmount', amount)),
    ),
  );
}

function agreement({ seller, buyer, buyerReference }: InvoiceDocument): XmlNode {
  return node(
    'ram:ApplicableHeaderTradeAgreement',
    party('ram:SellerTradeParty', seller),
    party('ram:BuyerTradeParty', buyer),
    buyerReference === null
      ? null
      : node('ram:BuyerOrderReferencedDocument', leaf('ram:IssuerAssignedID', buyerReference)),
  );
}

function party(
  name: string,
  { name: called, street, city, postcode, country, vatId, taxNumber, email }: DocumentParty,
): XmlNode {
  const lines = ['ram:LineOne', 'ram:LineTwo', 'ram:LineThree'];
  return node(
    name,
    leaf('ram:Name', called),
    node(
      'ram:PostalTradeAddress',
      postcode === '' ? null : leaf('ram:PostcodeCode', postcode),
      street.map((text, index) => leaf(lines[index] ?? 'ram:LineThree', text)),
      city === '' ? null : leaf('ram:CityName', city),
      leaf('ram:CountryID', country),
    ),
    email === null
      ? null
      : node('ram:URIUniversalCommunication', leaf('ram:URIID', email, { schemeID: 'EM' })),
    taxNumber === null
      ? null
      : node('ram:SpecifiedTaxRegistration', leaf('ram:ID', taxNumber, { schemeID: 'FC' })),
    vatId === null ? null : node('ram:SpecifiedTaxRegistration', leaf('ram:ID', vatId, { schemeID: 'VA' })),
  );
}

function settlement(document: InvoiceDocument): XmlNode {
  const { currency, taxes, discounts, payment, dueOn, corrects } = document;
  return node(
    'ram:ApplicableHeaderTradeSettlement',
    payment.reference === null ? null : leaf('ram:PaymentReference', payment.reference),
    leaf('ram:InvoiceCurrencyCode', currency),
    paymentMeans(payment),
    taxes.map((tax) => taxRow(tax, currency)),
    period(document.startsOn, document.endsOn),
    discounts.map((discount) =>
      node(
        'ram:SpecifiedTradeAllowanceCharge',
        node('ram:ChargeIndicator', leaf('udt:Indicator', 'false')),
        leaf('ram:ActualAmount', majorUnits(discount.amountMinor, currency)),
        leaf('ram:Reason', discount.name),
        node('ram:CategoryTradeTax', ...taxKey(discount)),
      ),
    ),
    dueOn === null ? null : node('ram:SpecifiedTradePaymentTerms', day('ram:DueDateDateTime', dueOn)),
    summation(document),
    corrects === null ? null : node('ram:InvoiceReferencedDocument', leaf('ram:IssuerAssignedID', corrects)),
  );
}

function paymentMeans({ iban, bic }: InvoiceDocument['payment']): XmlNode {
  return node(
    'ram:SpecifiedTradeSettlementPaymentMeans',
    leaf('ram:TypeCode', iban === null ? MEANS.portal : MEANS.transfer),
    iban === null
      ? null
      : node('ram:PayeePartyCreditorFinancialAccount', leaf('ram:IBANID', iban.replaceAll(' ', ''))),
    iban === null || bic === null
      ? null
      : node('ram:PayeeSpecifiedCreditorFinancialInstitution', leaf('ram:BICID', bic)),
  );
}

function taxRow(
  { category, ratePercent, baseMinor, amountMinor, note }: DocumentTax,
  currency: string,
): XmlNode {
  const code = REASON_CODES[category];
  return node(
    'ram:ApplicableTradeTax',
    leaf('ram:CalculatedAmount', majorUnits(amountMinor, currency)),
    leaf('ram:TypeCode', 'VAT'),
    note === null ? null : leaf('ram:ExemptionReason', note),
    leaf('ram:BasisAmount', majorUnits(baseMinor, currency)),
    leaf('ram:CategoryCode', category),
    code === undefined ? null : leaf('ram:ExemptionReasonCode', code),
    category === 'O' ? null : leaf('ram:RateApplicablePercent', ratePercent),
  );
}

function taxKey({
  category,
  ratePercent,
}: {
  category: TaxCategory;
  ratePercent: string;
}): (XmlNode | null)[] {
  return [
    leaf('ram:TypeCode', 'VAT'),
    leaf('ram:CategoryCode', category),
    category === 'O' ? null : leaf('ram:RateApplicablePercent', ratePercent),
  ];
}

/** Credits used stand with what was paid before: the standard has one place for both (BT-113). */
function summation({ totals, currency }: InvoiceDocument): XmlNode {
  const money = (minor: number) => majorUnits(minor, currency);
  return node(
    'ram:SpecifiedTradeSettlementHeaderMonetarySummation',
    leaf('ram:LineTotalAmount', money(totals.subtotalMinor)),
    leaf('ram:AllowanceTotalAmount', money(totals.discountMinor)),
    leaf('ram:TaxBasisTotalAmount', money(totals.subtotalMinor - totals.discountMinor)),
    leaf('ram:TaxTotalAmount', money(totals.taxMinor), { currencyID: currency }),
    leaf('ram:GrandTotalAmount', money(totals.totalMinor)),
    leaf('ram:TotalPrepaidAmount', money(totals.creditedMinor + totals.paidMinor)),
    leaf('ram:DuePayableAmount', money(totals.dueMinor)),
  );
}

function period(startsOn: string, endsOn: string): XmlNode {
  return node(
    'ram:BillingSpecifiedPeriod',
    day('ram:StartDateTime', startsOn),
    day('ram:EndDateTime', endsOn),
  );
}

/** UNTDID 2379 format 102: CCYYMMDD. */
function day(name: string, on: string): XmlNode {
  return node(name, leaf('udt:DateTimeString', on.replaceAll('-', ''), { format: '102' }));
}
