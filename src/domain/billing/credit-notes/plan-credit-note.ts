import { UserError } from '../../../lib/errors.ts';
import { add, exact, fraction, type Rounding, roundTo } from '../../money/exact.ts';
import { allocate, sumMinor } from '../apportion.ts';
import type { BillingConventions } from '../conventions.ts';
import type { AppliedTax, CalculatedInvoice } from '../invoice.ts';

/** A line as it can be credited: net of discounts and of credits before tax, without tax. */
export interface CreditableLine {
  lineKey: string;
  netMinor: bigint;
  /** Of the line, by tax: `name` and `jurisdiction` joined by "|". */
  taxes: readonly { name: string; amountMinor: bigint }[];
}

export interface CreditedLine {
  lineKey: string;
  netMinor: bigint;
  taxes: readonly { name: string; amountMinor: bigint }[];
}

export interface CreditNote {
  lines: readonly CreditedLine[];
  netMinor: bigint;
  taxMinor: bigint;
  totalMinor: bigint;
}

export interface CreditNoteRule {
  total: BillingConventions['creditNotes']['total'];
  rounding: Rounding;
}

/**
 * A credit note over some of the net amount of some lines, with their share of each tax. Tax is taken so that what is
 * credited in all is the rounded share of all credited so far: several notes that together cover a line give back its
 * tax to the cent. Signs follow the invoice, amounts above 0 give back.
 * Throws `invalid_input` for a line the invoice does not have, or for more than is left of it.
 */
export function planCreditNote(
  invoice: readonly CreditableLine[],
  earlier: readonly CreditNote[],
  wanted: ReadonlyMap<string, bigint>,
  rounding: Rounding,
): CreditNote {
  const lines = [...wanted].map(([lineKey, netMinor]) => {
    const line = invoice.find((one) => one.lineKey === lineKey);
    if (!line) throw new UserError('invalid_input', `The invoice has no line "${lineKey}".`);
    const before = earlier.flatMap((note) => note.lines).filter((one) => one.lineKey === lineKey);
    return creditLine(line, before, netMinor, rounding);
  });
  const netMinor = sumMinor(lines.map((line) => line.netMinor));
  const taxMinor = sumMinor(lines.flatMap((line) => line.taxes.map((tax) => tax.amountMinor)));
  return { lines, netMinor, taxMinor, totalMinor: netMinor + taxMinor };
}

function creditLine(
  line: CreditableLine,
  before: readonly CreditedLine[],
  netMinor: bigint,
  rounding: Rounding,
): CreditedLine {
  const creditedMinor = sumMinor(before.map((one) => one.netMinor));
  const nowMinor = creditedMinor + netMinor;
  const outside =
    line.netMinor >= 0n
      ? netMinor < 0n || nowMinor > line.netMinor
      : netMinor > 0n || nowMinor < line.netMinor;
  if (outside) {
    throw new UserError(
      'invalid_input',
      `Of line "${line.lineKey}" no more than what is left can be credited.`,
    );
  }
  const taxes = line.taxes.map((tax) => {
    const given = sumMinor(
      before
        .flatMap((one) => one.taxes.filter(({ name }) => name === tax.name))
        .map((one) => one.amountMinor),
    );
    const due =
      nowMinor === line.netMinor
        ? tax.amountMinor
        : roundTo(fraction(tax.amountMinor * nowMinor, line.netMinor), 0, rounding);
    return { name: tax.name, amountMinor: due - given };
  });
  return { lineKey: line.lineKey, netMinor, taxes };
}

/** The lines of an invoice as they can be credited. */
export function creditableLines(
  invoice: CalculatedInvoice & { credits?: readonly CreditsOfLines[] },
): CreditableLine[] {
  const reductions = [...invoice.discounts, ...(invoice.credits ?? [])].flatMap(({ shares }) => shares);
  return invoice.lines.map((line) => {
    const reduced = sumMinor(
      reductions.filter(({ lineKey }) => lineKey === line.key).map((one) => one.amountMinor),
    );
    const taxes = invoice.taxes.flatMap((tax) => taxOfLine(tax, line.key));
    const included = sumMinor(taxes.filter(({ inclusive }) => inclusive).map((one) => one.amountMinor));
    return {
      lineKey: line.key,
      netMinor: line.amountMinor - reduced - included,
      taxes: taxes.map(({ name, amountMinor }) => ({ name, amountMinor })),
    };
  });
}

interface CreditsOfLines {
  shares: readonly { lineKey: string; amountMinor: bigint }[];
}

function taxOfLine(
  tax: AppliedTax,
  lineKey: string,
): { name: string; amountMinor: bigint; inclusive: boolean }[] {
  const name = `${tax.name}|${tax.jurisdiction}`;
  return tax.shares
    .filter((share) => share.lineKey === lineKey)
    .map(({ amountMinor }) => ({ name, amountMinor, inclusive: tax.inclusive }));
}

/** A note over all that is not credited yet. */
export function creditTheRest(
  invoice: readonly CreditableLine[],
  earlier: readonly CreditNote[],
  rounding: Rounding,
): CreditNote {
  const credited = (lineKey: string) =>
    sumMinor(
      earlier
        .flatMap((note) => note.lines)
        .filter((line) => line.lineKey === lineKey)
        .map((line) => line.netMinor),
    );
  const wanted = new Map(invoice.map((line) => [line.lineKey, line.netMinor - credited(line.lineKey)]));
  return planCreditNote(invoice, earlier, wanted, rounding);
}

/** A net amount over lines by what is left of each, by largest remainder: what a note over "20 off" gives back where. */
export function spreadCredit(
  invoice: readonly CreditableLine[],
  earlier: readonly CreditNote[],
  netMinor: bigint,
): ReadonlyMap<string, bigint> {
  const left = invoice.map((line) => {
    const credited = earlier.flatMap((note) => note.lines).filter((one) => one.lineKey === line.lineKey);
    const rest = line.netMinor - sumMinor(credited.map((one) => one.netMinor));
    return rest > 0n ? rest : 0n;
  });
  if (netMinor > sumMinor(left))
    throw new UserError('invalid_input', 'No more than what is left can be credited.');
  const shares = allocate(netMinor, left);
  return new Map(invoice.map((line, index) => [line.lineKey, shares[index] ?? 0n]));
}

/**
 * What an unused part of a paid fee gives back with its tax: net and tax rounded each and added, or the exact sum
 * rounded once.
 */
export function creditUnused(
  given: { paidMinor: bigint; taxPercent: string; unused: { numerator: bigint; denominator: bigint } },
  rule: CreditNoteRule,
): Pick<CreditNote, 'netMinor' | 'taxMinor' | 'totalMinor'> {
  const { numerator, denominator } = given.unused;
  const exactNet = fraction(given.paidMinor * numerator, denominator);
  const percent = exact(given.taxPercent);
  const exactTax = fraction(
    exactNet.numerator * percent.numerator,
    exactNet.denominator * percent.denominator * 100n,
  );
  const netMinor = roundTo(exactNet, 0, rule.rounding);
  const taxMinor = roundTo(exactTax, 0, rule.rounding);
  const totalMinor =
    rule.total === 'exact_sum' ? roundTo(add(exactNet, exactTax), 0, rule.rounding) : netMinor + taxMinor;
  return { netMinor, taxMinor, totalMinor };
}
