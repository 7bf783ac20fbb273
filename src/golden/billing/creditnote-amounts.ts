import { z } from 'zod';
import { percentOf } from '../../domain/billing/apportion.ts';
import {
  type CreditNote,
  creditUnused,
  planCreditNote,
} from '../../domain/billing/credit-notes/plan-credit-note.ts';
import { creditLines, creditTotal } from '../../domain/billing/discounts/credits.ts';
import { roundTo } from '../../domain/money/exact.ts';
import type { Json } from '../../domain/types.ts';
import { Decimal, Minor, minorJson, settingsOf, taxKeys } from './case-values.ts';
import { rule } from './rule.ts';

const AT = Date.UTC(2026, 0, 15);
const CONTEXT = { currency: 'USD', at: AT };

/** An invoice that credit from an earlier credit note pays a part of. */
export const creditedTotal = rule(
  z.object({ fees_minor: Minor, credit_note_minor: Minor }).catchall(z.json()),
  (input, golden) => {
    const taxes = taxKeys(golden.input);
    const known = new Set(['fees_minor', 'credit_note_minor', ...taxes.map(({ key }) => key)]);
    const other = Object.keys(golden.input).find((key) => !known.has(key));
    if (other !== undefined) return { unsupported: `what "${other}" means for a credit note` };
    const { credits, rounding } = settingsOf(golden);
    const grant = {
      id: 'note',
      name: 'Credit note',
      currency: 'USD',
      remainingMinor: input.credit_note_minor,
      grantedAt: AT,
      expiresAt: null,
      priority: 0,
      priceIds: null,
    };
    const taxOn = (amount: bigint) =>
      taxes.reduce((sum, { percent }) => sum + roundTo(percentOf(percent, amount), 0, rounding.line), 0n);
    if (credits.apply === 'before_tax') {
      const line = { key: 'fees', priceId: 'any', amountMinor: input.fees_minor };
      const left = creditLines([line], [grant], CONTEXT).leftMinor.get('fees') ?? 0n;
      return { got: { invoice_total_minor: minorJson(left + taxOn(left)) } };
    }
    // The tax as the invoice states it: its own rounding is not what is asked here.
    const taxMinor = taxes.reduce((sum, { value }) => sum + Minor.parse(value), 0n);
    const { leftMinor } = creditTotal(input.fees_minor + taxMinor, [grant], CONTEXT);
    return { got: { invoice_total_minor: minorJson(leftMinor) } };
  },
);

/** The unused days of a paid fee, given back with tax. */
export const unusedFee = rule(
  z.strictObject({
    paid_fee_minor: Minor,
    tax_percent: Decimal,
    used_days: z.number().int().nonnegative(),
    period_days: z.number().int().positive(),
  }),
  (input, golden) => {
    if (input.used_days > input.period_days) return { unsupported: 'more days used than the period has' };
    const { creditNotes, rounding } = settingsOf(golden);
    const unused = {
      numerator: BigInt(input.period_days - input.used_days),
      denominator: BigInt(input.period_days),
    };
    const note = creditUnused(
      { paidMinor: input.paid_fee_minor, taxPercent: input.tax_percent, unused },
      { total: creditNotes.total, rounding: rounding.line },
    );
    return {
      got: {
        net_minor: minorJson(note.netMinor),
        tax_minor: minorJson(note.taxMinor),
        total_minor: minorJson(note.totalMinor),
        credit_minor: minorJson(note.totalMinor),
      },
    };
  },
);

const ORDINALS = ['first', 'second', 'third', 'fourth', 'fifth'] as const;

/** Several credit notes over one invoice, in order. */
export const severalNotes = rule(
  z.object({ invoice_minor: z.record(z.string(), Minor), first_cn_net_minor: Minor }).catchall(Minor),
  (input, golden) => {
    const { invoice_minor } = input;
    const rates = Object.entries(invoice_minor).filter(([key]) => /^tax\d/.test(key));
    const netMinor = invoice_minor.net;
    if (netMinor === undefined) return { unsupported: 'an invoice without its net amount' };
    const taxes = rates.map(([name, amountMinor]) => ({ name, amountMinor }));
    const invoice = [{ lineKey: 'invoice', netMinor, taxes }];
    const notes: CreditNote[] = [];
    const got: Record<string, Json> = {};
    for (const ordinal of ORDINALS) {
      const wanted = Minor.safeParse(golden.input[`${ordinal}_cn_net_minor`]);
      if (!wanted.success) break;
      const note = planCreditNote(
        invoice,
        notes,
        new Map([['invoice', wanted.data]]),
        settingsOf(golden).rounding.line,
      );
      notes.push(note);
      got[ordinal] = { tax: minorJson(note.taxMinor), total: minorJson(note.totalMinor) };
    }
    return { got };
  },
);
