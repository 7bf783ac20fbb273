import type { BillingConventions } from './conventions.ts';
import type { InvoiceState } from './invoice.ts';

export const INVOICE_ACTIONS = [
  'finalize',
  'pay',
  'pay_fails',
  'void',
  'mark_uncollectible',
  'delete',
] as const;
export type InvoiceAction = (typeof INVOICE_ACTIONS)[number];

export type Transition =
  | { allowed: true; state: InvoiceState; needsCreditNote: boolean }
  | { allowed: false; because: string };

type Moves = Readonly<Partial<Record<InvoiceAction, InvoiceState>>>;

/** Stripe's transitions of invoices; void, deleted and (but for a credit note) paid are final. */
const MOVES: Readonly<Record<InvoiceState, Moves>> = {
  draft: { finalize: 'open', delete: 'deleted' },
  open: { pay: 'paid', pay_fails: 'open', void: 'void', mark_uncollectible: 'uncollectible' },
  uncollectible: { pay: 'paid', pay_fails: 'uncollectible', void: 'void' },
  paid: {},
  void: {},
  deleted: {},
};

const WORDS: Readonly<Record<InvoiceAction, string>> = {
  finalize: 'finalised',
  pay: 'paid',
  pay_fails: 'paid',
  void: 'voided',
  mark_uncollectible: 'marked uncollectible',
  delete: 'deleted',
};

/** What an action makes of an invoice. A paid one is voided only where the convention gives it a credit note (Lago). */
export function transition(
  state: InvoiceState,
  action: InvoiceAction,
  rule: BillingConventions['voiding'],
): Transition {
  if (state === 'paid' && action === 'void' && rule.paidInvoice === 'credit_note') {
    return { allowed: true, state: 'void', needsCreditNote: true };
  }
  const next = MOVES[state][action];
  if (next === undefined) {
    const article = /^[aeiou]/.test(state) ? 'An' : 'A';
    return { allowed: false, because: `${article} ${state} invoice cannot be ${WORDS[action]}.` };
  }
  return { allowed: true, state: next, needsCreditNote: false };
}

/** The parts of an invoice that anyone can ask to change. */
export const INVOICE_FIELDS = [
  'lines',
  'amounts',
  'tax',
  'discounts',
  'currency',
  'period',
  'number',
  'customer',
  'customer_address',
  'customer_tax_id',
  'due_date',
  'description',
  'payment_method',
  'delivery',
  'metadata',
] as const;
export type InvoiceField = (typeof INVOICE_FIELDS)[number];

/** What a finalised invoice does not say to its customer, and so may still change. */
const NEVER_FROZEN: ReadonlySet<InvoiceField> = new Set(['payment_method', 'delivery', 'metadata']);

/** The fields among `changed` that are frozen in a state. A draft's number is given, never chosen. */
export function frozenFields(state: InvoiceState, changed: readonly InvoiceField[]): InvoiceField[] {
  if (state === 'draft') return changed.filter((field) => field === 'number');
  return changed.filter((field) => !NEVER_FROZEN.has(field));
}
