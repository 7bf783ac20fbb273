import type { InvoiceDocument, TaxCategory } from './invoice-document.ts';

/** A rule a document breaks; `rule` is the number in EN 16931-1 where the standard has it. */
export interface BrokenRule {
  rule: string;
  words: string;
}

/** Categories under which no tax is charged, and the standard's rule for each. */
const UNTAXED: ReadonlySet<TaxCategory> = new Set(['Z', 'E', 'AE', 'K', 'G', 'O']);
const NEEDS_REASON: ReadonlySet<TaxCategory> = new Set(['E', 'AE', 'K', 'G', 'O']);
const NEEDS_BUYER_VAT: ReadonlySet<TaxCategory> = new Set(['AE', 'K']);

/**
 * What of the arithmetic and the business rules of EN 16931-1:2017 (section 6.4) a document breaks; none for a sound
 * one. Documents whose prices include tax are checked for their sums only.
 */
export function checkDocument(document: InvoiceDocument): BrokenRule[] {
  return [
    ...brokenSums(document),
    ...(document.taxIncluded ? [] : brokenTaxes(document)),
    ...missing(document),
  ];
}

function brokenSums({ lines, discounts, taxes, totals, taxIncluded }: InvoiceDocument): BrokenRule[] {
  const { subtotalMinor, discountMinor, taxMinor, totalMinor, creditedMinor, paidMinor, dueMinor } = totals;
  const net = subtotalMinor - discountMinor;
  return broken([
    ['BR-CO-10', sum(lines) === subtotalMinor, 'The lines do not sum to the subtotal.'],
    ['BR-CO-11', sum(discounts) === discountMinor, 'The discounts do not sum to their total.'],
    ['BR-CO-14', sum(taxes) === taxMinor, 'The taxes do not sum to their total.'],
    [
      'BR-CO-15',
      (taxIncluded ? net : net + taxMinor) === totalMinor,
      'Subtotal, discounts and tax do not give the total.',
    ],
    [
      'BR-CO-16',
      totalMinor - creditedMinor - paidMinor === dueMinor,
      'What is due is not the total less credits and payments.',
    ],
  ]);
}

function brokenTaxes({ lines, discounts, taxes }: InvoiceDocument): BrokenRule[] {
  const bases = new Map<string, number>();
  for (const line of lines) bases.set(keyOf(line), (bases.get(keyOf(line)) ?? 0) + line.amountMinor);
  for (const { amountMinor, ...key } of discounts)
    bases.set(keyOf(key), (bases.get(keyOf(key)) ?? 0) - amountMinor);
  const said = new Map(taxes.map((tax) => [keyOf(tax), tax]));
  const unlisted = [...bases].filter(([key]) => !said.has(key));
  return [
    ...unlisted.map(([key]) => ({
      rule: 'BR-CO-18',
      words: `The rate ${key} of a line has no row of its own.`,
    })),
    ...taxes.flatMap((tax) =>
      broken([
        [
          'BR-S-08',
          bases.get(keyOf(tax)) === tax.baseMinor,
          `The base of ${tax.name} is not what its lines leave.`,
        ],
        [
          'BR-AE-09',
          !UNTAXED.has(tax.category) || tax.amountMinor === 0,
          `${tax.name} charges tax where none is owed.`,
        ],
        [
          'BR-AE-10',
          !NEEDS_REASON.has(tax.category) || tax.note !== null,
          `${tax.name} does not say why no tax is charged.`,
        ],
      ]),
    ),
  ];
}

function missing({
  kind,
  number,
  corrects,
  seller,
  buyer,
  taxes,
  startsOn,
  endsOn,
}: InvoiceDocument): BrokenRule[] {
  const foreign = taxes.some(({ category }) => NEEDS_BUYER_VAT.has(category));
  return broken([
    ['BR-02', kind === 'draft' || number !== null, 'It has no number.'],
    ['BR-55', kind !== 'credit_note' || corrects !== null, 'A credit note names the invoice it corrects.'],
    [
      'BR-CO-26',
      seller.vatId !== null || seller.taxNumber !== null,
      'The seller has neither VAT id nor tax number.',
    ],
    ['BR-AE-02', !foreign || buyer.vatId !== null, "A reverse charge needs the buyer's VAT id."],
    ['BR-29', startsOn <= endsOn, 'The period ends before it begins.'],
  ]);
}

/** "S 19": the group of lines one row of tax is for. */
export function keyOf({ category, ratePercent }: { category: TaxCategory; ratePercent: string }): string {
  return `${category} ${ratePercent}`;
}

function sum(items: readonly { amountMinor: number }[]): number {
  return items.reduce((total, { amountMinor }) => total + amountMinor, 0);
}

function broken(rules: readonly (readonly [rule: string, holds: boolean, words: string])[]): BrokenRule[] {
  return rules.filter(([, holds]) => !holds).map(([rule, , words]) => ({ rule, words }));
}
