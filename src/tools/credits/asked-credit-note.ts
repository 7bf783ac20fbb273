import { type CreditWish, creditNoteFor, grossOf } from '../../domain/billing/credit-notes/credit-wish.ts';
import { type CreditNote, creditTheRest } from '../../domain/billing/credit-notes/plan-credit-note.ts';
import { settleCreditNote } from '../../domain/billing/credit-notes/settle-credit-note.ts';
import type { AskedCreditNote, CreditableInvoice, CreditReason } from '../../domain/billing/gateways.ts';
import { formatMoney } from '../../domain/money/format.ts';
import type { Money } from '../../domain/types.ts';
import { UserError } from '../../lib/errors.ts';

/** Stripe's rounding of tax, which its preview is held against. */
const ROUNDING = 'half_away';

/** Where what was paid goes. */
export const PLACES = ['balance', 'card', 'outside'] as const;
export type CreditPlace = (typeof PLACES)[number];

export interface PlannedCreditNote {
  asked: AskedCreditNote;
  note: CreditNote;
  /** What of it lowers what is due, and what is given back. */
  lowers: Money;
  givenBack: Money;
  /** With tax, before and after this note. */
  creditable: Money;
  left: Money;
}

/** A credit note to the cent. Throws UserError where there is nothing to credit, or not that much. */
export function plannedCreditNote(
  invoice: CreditableInvoice,
  wanted: { wish: CreditWish; to: CreditPlace; reason: CreditReason | null; memo: string },
): PlannedCreditNote {
  const named = `Invoice ${invoice.number ?? invoice.id}`;
  if (invoice.status !== 'open' && invoice.status !== 'paid') {
    throw new UserError(
      'conflict',
      `${named} is ${invoice.status}: only open and paid ones can be credited.`,
    );
  }
  const { currency } = invoice.total;
  const money = (minor: bigint): Money => ({ minor: Number(minor), currency });
  const creditable = creditTheRest(invoice.lines, invoice.earlier, ROUNDING).totalMinor;
  if (creditable <= 0n) throw new UserError('conflict', `${named} has been credited in full already.`);
  const note = creditNoteFor(invoice.lines, invoice.earlier, wanted.wish, ROUNDING);
  if (note.totalMinor <= 0n)
    throw new UserError('conflict', `Nothing of that is left to credit on ${named}.`);
  const dueMinor = BigInt(invoice.amountRemaining.minor);
  const open = invoice.status === 'open' ? dueMinor : 0n;
  const lowers = note.totalMinor < open ? note.totalMinor : open;
  const given = note.totalMinor - lowers;
  const at = (place: CreditPlace) => (place === wanted.to ? given : 0n);
  const outcome = settleCreditNote(
    { state: invoice.status, dueMinor, paidMinor: BigInt(invoice.amountPaid.minor) },
    note.totalMinor,
    { refundMinor: at('card'), balanceMinor: at('balance'), outOfBandMinor: at('outside') },
  );
  if (!outcome.accepted) throw new UserError('conflict', `${named}: ${outcome.because}`);
  return {
    asked: {
      invoiceId: invoice.id,
      lines: note.lines.filter(({ netMinor }) => netMinor !== 0n).map((line) => askedLine(invoice, line)),
      refund: money(at('card')),
      balance: money(at('balance')),
      outOfBand: money(at('outside')),
      reason: wanted.reason,
      memo: wanted.memo,
    },
    note,
    lowers: money(lowers),
    givenBack: money(given),
    creditable: money(creditable),
    left: money(creditable - note.totalMinor),
  };
}

function askedLine(
  invoice: CreditableInvoice,
  credited: CreditNote['lines'][number],
): AskedCreditNote['lines'][number] {
  const line = invoice.lines.find(({ lineKey }) => lineKey === credited.lineKey);
  const { currency } = invoice.total;
  const money = (minor: bigint): Money => ({ minor: Number(minor), currency });
  const gross =
    line && grossOf({ ...line, discountMinor: line.grossMinor - line.netMinor }, credited.netMinor);
  if (gross === null || gross === undefined) {
    throw new UserError(
      'invalid_input',
      `After its discount, ${formatMoney(money(credited.netMinor))} of that line cannot be credited to the cent.`,
      'Ask for a cent more or less.',
    );
  }
  return {
    invoiceLineId: credited.lineKey,
    amount: money(gross),
    taxes: credited.taxes.map(({ name, amountMinor }) => ({
      rate: name,
      amount: money(amountMinor),
      taxable: money(credited.netMinor),
    })),
  };
}
