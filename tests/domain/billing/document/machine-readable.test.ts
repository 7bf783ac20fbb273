import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { checkDocument } from '../../../../src/domain/billing/document/check-document.ts';
import type { InvoiceDocument } from '../../../../src/domain/billing/document/invoice-document.ts';
import { machineReadable } from '../../../../src/domain/billing/document/machine-readable.ts';
import { exampleDocument } from './example-document.ts';

const LineItem = z.object({
  SpecifiedLineTradeAgreement: z.object({
    NetPriceProductTradePrice: z.object({ ChargeAmount: z.string() }),
  }),
  SpecifiedLineTradeDelivery: z.object({ BilledQuantity: z.object({ '#text': z.string() }) }),
  SpecifiedLineTradeSettlement: z.object({
    SpecifiedTradeSettlementLineMonetarySummation: z.object({ LineTotalAmount: z.string() }),
  }),
});

const parser = new XMLParser({ ignoreAttributes: false, removeNSPrefix: true, parseTagValue: false });

function read(document: InvoiceDocument) {
  const xml = machineReadable(document);
  expect(xml).not.toBeNull();
  expect(XMLValidator.validate(xml ?? '')).toBe(true);
  return parser.parse(xml ?? '').CrossIndustryInvoice;
}

const reverse = exampleDocument({
  buyer: { ...exampleDocument().buyer, vatId: 'DE123456788' },
  lines: exampleDocument().lines.map((line) => ({ ...line, category: 'AE', ratePercent: '0' })),
  discounts: exampleDocument().discounts.map((item) => ({ ...item, category: 'AE', ratePercent: '0' })),
  taxes: [
    {
      name: 'VAT',
      category: 'AE',
      ratePercent: '0',
      baseMinor: 124125,
      amountMinor: 0,
      note: 'Reverse charge',
    },
  ],
  totals: { ...exampleDocument().totals, taxMinor: 0, totalMinor: 124125, dueMinor: 121625 },
});

describe('the machine-readable copy', () => {
  it('says every total of the page, and the sums hold', () => {
    const { SupplyChainTradeTransaction: trade } = read(exampleDocument());
    const settlement = trade.ApplicableHeaderTradeSettlement;
    const sums = settlement.SpecifiedTradeSettlementHeaderMonetarySummation;
    expect(sums).toMatchObject({
      LineTotalAmount: '1306.58',
      AllowanceTotalAmount: '65.33',
      TaxBasisTotalAmount: '1241.25',
      TaxTotalAmount: { '#text': '235.84', '@_currencyID': 'EUR' },
      GrandTotalAmount: '1477.09',
      TotalPrepaidAmount: '25.00',
      DuePayableAmount: '1452.09',
    });
  });

  it('has a line for each of the page, price times quantity being its amount', () => {
    const { SupplyChainTradeTransaction: trade } = read(exampleDocument());
    const lines = z.array(LineItem).parse(trade.IncludedSupplyChainTradeLineItem);
    const amounts = lines.map((line) => {
      const price = Number(line.SpecifiedLineTradeAgreement.NetPriceProductTradePrice.ChargeAmount);
      const quantity = Number(line.SpecifiedLineTradeDelivery.BilledQuantity['#text']);
      const { LineTotalAmount } =
        line.SpecifiedLineTradeSettlement.SpecifiedTradeSettlementLineMonetarySummation;
      expect(price).toBeGreaterThanOrEqual(0);
      expect(price * quantity).toBe(Number(LineTotalAmount));
      return LineTotalAmount;
    });
    expect(amounts).toEqual(['919.00', '301.08', '105.85', '-19.35']);
  });

  it('keeps the order of elements the schema asks for', () => {
    const xml = machineReadable(exampleDocument()) ?? '';
    const at = [
      'ExchangedDocumentContext',
      'ExchangedDocument>',
      'IncludedSupplyChainTradeLineItem',
      'ApplicableHeaderTradeAgreement',
      'ApplicableHeaderTradeDelivery',
      'ApplicableHeaderTradeSettlement',
      'PaymentReference',
      'InvoiceCurrencyCode',
      'SpecifiedTradeSettlementPaymentMeans',
      'SpecifiedTradeAllowanceCharge',
      'SpecifiedTradePaymentTerms',
      'SpecifiedTradeSettlementHeaderMonetarySummation',
    ].map((name) => xml.indexOf(`:${name}`));
    expect(at).not.toContain(-1);
    expect(at).toEqual([...at].sort((a, b) => a - b));
  });

  it('says why no tax is charged under a reverse charge', () => {
    const tax = read(reverse).SupplyChainTradeTransaction.ApplicableHeaderTradeSettlement.ApplicableTradeTax;
    expect(tax).toMatchObject({
      CategoryCode: 'AE',
      ExemptionReason: 'Reverse charge',
      ExemptionReasonCode: 'VATEX-EU-AE',
      CalculatedAmount: '0.00',
    });
  });

  it('writes amounts of a currency without decimals without decimals', () => {
    const totals = read(exampleDocument({ currency: 'JPY' })).SupplyChainTradeTransaction
      .ApplicableHeaderTradeSettlement.SpecifiedTradeSettlementHeaderMonetarySummation;
    expect(totals.DuePayableAmount).toBe('145209');
  });

  it('carries any name without breaking the document', () => {
    const document = exampleDocument();
    const { SupplyChainTradeTransaction: trade } = read({
      ...document,
      buyer: { ...document.buyer, name: 'A <b> & "C" ]]> \u0007 Ö' },
    });
    expect(trade.ApplicableHeaderTradeAgreement.BuyerTradeParty.Name).toBe('A <b> & "C" ]]>  Ö');
  });

  it.each([
    ['a draft', { kind: 'draft' as const }],
    ['prices that include tax', { taxIncluded: true }],
  ])('is left out for %s, which the standard has no form for', (_name, changes) => {
    expect(machineReadable(exampleDocument(changes))).toBeNull();
  });
});

describe('a document that contradicts itself', () => {
  const { totals, taxes, buyer, lines } = exampleDocument();
  const [tax] = taxes;
  it.each([
    ['BR-CO-10', { totals: { ...totals, subtotalMinor: totals.subtotalMinor + 1 } }],
    ['BR-CO-11', { totals: { ...totals, discountMinor: totals.discountMinor - 1 } }],
    ['BR-CO-14', { totals: { ...totals, taxMinor: totals.taxMinor + 1 } }],
    ['BR-CO-15', { totals: { ...totals, totalMinor: totals.totalMinor - 1 } }],
    ['BR-CO-16', { totals: { ...totals, dueMinor: totals.dueMinor + 1 } }],
    ['BR-S-08', { taxes: tax ? [{ ...tax, baseMinor: tax.baseMinor - 1 }] : [] }],
    ['BR-CO-18', { lines: lines.map((line, index) => (index === 0 ? { ...line, ratePercent: '7' } : line)) }],
    ['BR-AE-09', { taxes: tax ? [{ ...tax, category: 'AE' as const }] : [] }],
    ['BR-AE-02', { buyer: { ...buyer, vatId: null }, taxes: reverse.taxes }],
    ['BR-55', { kind: 'credit_note' as const }],
    ['BR-02', { number: null }],
    ['BR-29', { startsOn: '2026-11-01' }],
  ])('is told by rule %s and not written', (rule, changes) => {
    const document = exampleDocument(changes);
    expect(checkDocument(document).map((broken) => broken.rule)).toContain(rule);
    expect(() => machineReadable(document)).not.toThrow(TypeError);
  });

  it('throws, naming the rule', () => {
    expect(() =>
      machineReadable(exampleDocument({ totals: { ...totals, dueMinor: totals.dueMinor + 1 } })),
    ).toThrow('BR-CO-16');
  });
});

it('the examples are sound', () => {
  expect(checkDocument(exampleDocument())).toEqual([]);
  expect(checkDocument(reverse)).toEqual([]);
});
