import { z } from 'zod';
import { percentOf } from '../../domain/billing/apportion.ts';
import {
  mayVoidCreditNote,
  settleCreditNote,
  voidWithCredit,
} from '../../domain/billing/credit-notes/settle-credit-note.ts';
import { INVOICE_STATES, type InvoiceState } from '../../domain/billing/invoice.ts';
import {
  frozenFields,
  type InvoiceAction,
  type InvoiceField,
  transition,
} from '../../domain/billing/invoice-states.ts';
import { roundTo } from '../../domain/money/exact.ts';
import type { Json } from '../../domain/types.ts';
import { Decimal, Minor, minorJson, settingsOf } from './case-values.ts';
import { errorWord } from './error-words.ts';
import type { BillingCase } from './file.ts';
import { type Answer, rule } from './rule.ts';

const State = z.enum(INVOICE_STATES);

/** Any amount that pays an invoice in full, for cases that name none. */
const SOME_TOTAL = 1_000_000n;

/** An invoice voided together with a credit note. */
export const voidedInvoice = rule(
  z.strictObject({
    invoice_net_minor: Minor.optional(),
    tax_percent: Decimal.optional(),
    creditable_minor: Minor.optional(),
    paid_in_full: z.boolean().optional(),
    void_with: z.strictObject({
      credit_minor: z.union([Minor, z.literal('total')]),
      refund_minor: z.union([Minor, z.literal('total')]),
    }),
  }),
  (input, golden): Answer => {
    const { rounding, voiding } = settingsOf(golden);
    const net = input.invoice_net_minor;
    const tax = net === undefined ? 0n : roundTo(percentOf(input.tax_percent ?? '0', net), 0, rounding.line);
    const total = input.creditable_minor ?? (net === undefined ? SOME_TOTAL : net + tax);
    const amount = (given: bigint | 'total') => (given === 'total' ? total : given);
    const creditMinor = amount(input.void_with.credit_minor);
    const refundMinor = amount(input.void_with.refund_minor);
    // What is refunded was paid; a case that says nothing of payment asks about credit.
    const paidMinor = input.paid_in_full || refundMinor > 0n ? total : 0n;
    const state = input.paid_in_full ? 'paid' : 'open';
    const outcome = voidWithCredit(
      { state, creditableMinor: total, paidMinor },
      { creditMinor, refundMinor },
      voiding,
    );
    if (!outcome.accepted) return { got: { error: errorWord(outcome.code, golden) } };
    const words = (value: bigint, given: bigint | 'total') =>
      given === 'total' ? 'total' : minorJson(value);
    return {
      got: {
        invoice: 'voided',
        credit_note_minor: minorJson(outcome.creditNoteMinor),
        credit_note_credit_minor: words(outcome.creditMinor, input.void_with.credit_minor),
        credit_note_refund_minor: words(outcome.refundMinor, input.void_with.refund_minor),
        // A refund gives the money back; the payment itself stays a payment that succeeded.
        payment_status: input.paid_in_full ? 'succeeded' : 'pending',
      },
    };
  },
);

/** How a credit note on a paid invoice is split. */
export const noteSettlement = rule(
  z.strictObject({
    status: State,
    credit_minor: Minor,
    amount_due_minor: Minor.optional(),
    refund_minor: Minor.default(0n),
    customer_balance_minor: Minor.default(0n),
    out_of_band_minor: Minor.default(0n),
  }),
  (input, golden): Answer => {
    if (input.status !== 'paid' && input.amount_due_minor === undefined) {
      return { unsupported: 'what is due on an invoice that is not paid' };
    }
    const paid = input.status === 'paid';
    const outcome = settleCreditNote(
      {
        state: input.status,
        dueMinor: paid ? 0n : (input.amount_due_minor ?? 0n),
        paidMinor: paid ? SOME_TOTAL + input.credit_minor : 0n,
      },
      input.credit_minor,
      {
        refundMinor: input.refund_minor,
        balanceMinor: input.customer_balance_minor,
        outOfBandMinor: input.out_of_band_minor,
      },
    );
    if (!outcome.accepted) {
      if (outcome.code === 'split_differs') return { got: { sum_ok: false, amount_due_change: 0 } };
      return { got: { error: errorWord(outcome.code, golden) } };
    }
    const due = (input.amount_due_minor ?? 0n) + outcome.dueChangeMinor;
    return {
      got: {
        status: outcome.state,
        amount_due_minor: minorJson(due),
        amount_due_change: minorJson(outcome.dueChangeMinor),
        sum_ok: true,
      },
    };
  },
);

/** A credit note that is itself voided. */
export const noteVoided = rule(
  z.strictObject({ credit_note_on: z.string(), action: z.string() }),
  ({ credit_note_on, action }, golden): Answer => {
    const state = State.safeParse(credit_note_on.replace(/ invoice$/, ''));
    if (!state.success || !/^void(?: credit note)?$/i.test(action)) {
      return { unsupported: `"${action}" of a credit note on "${credit_note_on}"` };
    }
    if (mayVoidCreditNote(state.data)) return { got: { credit_note: 'voided', status: 'voided' } };
    return { got: { error: errorWord('not_open', golden) } };
  },
);

const ACTIONS: readonly [RegExp, InvoiceAction][] = [
  [/^finali[sz]e$/i, 'finalize'],
  [/^pay(?:ment)? fails$/i, 'pay_fails'],
  [/^pay(?:ment succeeds)?$/i, 'pay'],
  [/^void$/i, 'void'],
  [/^(?:mark (?:as )?)?uncollectible$/i, 'mark_uncollectible'],
  [/^delete$/i, 'delete'],
];

const FIELDS: readonly [RegExp, InvoiceField][] = [
  [/\btax id/i, 'customer_tax_id'],
  [/\baddress/i, 'customer_address'],
  [/\btax/i, 'tax'],
  [/\bdiscount|\bcoupon/i, 'discounts'],
  [/\bline/i, 'lines'],
  [/\bamount|\btotal/i, 'amounts'],
  [/\bcurrency/i, 'currency'],
  [/\bnumber/i, 'number'],
  [/\bdue date/i, 'due_date'],
  [/\bdescription|\bmemo|\bfooter/i, 'description'],
  [/\bpayment method/i, 'payment_method'],
  [/\bmetadata/i, 'metadata'],
  [/\bdelivery/i, 'delivery'],
  [/\bcustomer/i, 'customer'],
];

/** What an action, or a change of fields, makes of an invoice. */
export const stateChange = rule(
  z.strictObject({ status: State, action: z.string() }),
  ({ status, action }, golden): Answer => {
    const change = /^(?:change|edit|update) (.+)$/i.exec(action)?.[1];
    if (change !== undefined) return changeFields(status, change, golden);
    const wanted = ACTIONS.find(([words]) => words.test(action.trim()))?.[1];
    if (!wanted) return { unsupported: `the action "${action}" is not one this product has` };
    const outcome = transition(status, wanted, settingsOf(golden).voiding);
    return {
      got: outcome.allowed ? { status: outcome.state } : { error: errorWord('no_transition', golden) },
    };
  },
);

function changeFields(
  status: InvoiceState,
  words: string,
  golden: BillingCase,
): { got: Record<string, Json> } | { unsupported: string } {
  const fields: InvoiceField[] = [];
  for (const word of words.split(/,| and /)) {
    const field = FIELDS.find(([form]) => form.test(word))?.[1];
    if (!field) return { unsupported: `"${word.trim()}" is not a part of an invoice that I know` };
    fields.push(field);
  }
  if (frozenFields(status, fields).length > 0) return { got: { error: errorWord('immutable', golden) } };
  return { got: { status } };
}
