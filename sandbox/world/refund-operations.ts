import { WorldError } from './errors.ts';
import { mustGet } from './lookup.ts';
import type { CreditNoteRecord, DisputeRecord, RefundRecord, World } from './records.ts';

/** Gives money back. Throws WorldError when the charge is not a succeeded one or has not that much left. */
export function createRefund(
  world: World,
  wanted: { chargeId: string; amount?: number; reason?: string | null; metadata?: Record<string, string> },
): RefundRecord {
  const charge = mustGet(world, 'charges', wanted.chargeId);
  if (charge.status !== 'succeeded') {
    throw new WorldError(
      'charge_not_refundable',
      `Charge ${charge.id} has not succeeded and cannot be refunded.`,
    );
  }
  if (charge.disputed) {
    throw new WorldError(
      'charge_disputed',
      `Charge ${charge.id} has been charged back; it cannot be refunded.`,
    );
  }
  const left = charge.amount - charge.amountRefunded;
  const amount = wanted.amount ?? left;
  if (left === 0)
    throw new WorldError('charge_already_refunded', `Charge ${charge.id} has already been refunded.`);
  if (!Number.isSafeInteger(amount) || amount < 1) {
    throw new WorldError('parameter_invalid_integer', 'Refund amount must be a whole number of at least 1.');
  }
  if (amount > left) {
    throw new WorldError(
      'amount_too_large',
      `Refund amount (${amount}) is greater than unrefunded amount on charge (${left})`,
    );
  }
  const refund: RefundRecord = {
    id: world.newId('re'),
    chargeId: charge.id,
    customerId: charge.customerId,
    amount,
    currency: charge.currency,
    status: 'succeeded',
    reason: wanted.reason ?? null,
    createdAt: world.now(),
    metadata: wanted.metadata ?? {},
  };
  world.put('refunds', refund);
  world.put('charges', { ...charge, amountRefunded: charge.amountRefunded + amount });
  world.emit({ at: refund.createdAt, type: 'refund.created', collection: 'refunds', id: refund.id });
  world.emit({
    at: refund.createdAt,
    type: 'charge.refunded',
    collection: 'charges',
    id: charge.id,
    previous: { amount_refunded: charge.amountRefunded },
  });
  return refund;
}

/** Credits part of a finalised invoice: on an open one less is due, on a paid one the books owe it to the customer. */
export function issueCreditNote(
  world: World,
  wanted: { invoiceId: string; amount: number; reason?: string | null },
): CreditNoteRecord {
  const invoice = mustGet(world, 'invoices', wanted.invoiceId);
  if (invoice.status !== 'open' && invoice.status !== 'paid') {
    throw new WorldError(
      'invoice_not_open',
      `${invoice.id} is ${invoice.status}; only an open or paid invoice can be credited`,
    );
  }
  const earlier = world.of('creditNotes', invoice.customerId);
  const issued = earlier.filter((note) => note.invoiceId === invoice.id && note.status === 'issued');
  const left =
    invoice.status === 'open'
      ? invoice.amountRemaining
      : invoice.total - issued.reduce((sum, note) => sum + note.amount, 0);
  if (!Number.isSafeInteger(wanted.amount) || wanted.amount < 1 || wanted.amount > left) {
    throw new WorldError('amount_too_large', `A credit note on ${invoice.id} must be between 1 and ${left}`);
  }
  const note: CreditNoteRecord = {
    id: world.newId('cn'),
    number: `${invoice.number ?? invoice.id}-CN-${String(issued.length + 1).padStart(2, '0')}`,
    invoiceId: invoice.id,
    customerId: invoice.customerId,
    amount: wanted.amount,
    currency: invoice.currency,
    status: 'issued',
    reason: wanted.reason ?? null,
    createdAt: world.now(),
  };
  world.put('creditNotes', note);
  if (invoice.status === 'open') {
    const amountDue = invoice.amountDue - wanted.amount;
    const amountRemaining = invoice.amountRemaining - wanted.amount;
    const settled =
      amountRemaining === 0 ? { status: 'paid' as const, paidAt: note.createdAt, nextAttemptAt: null } : {};
    world.put('invoices', { ...invoice, amountDue, amountRemaining, ...settled });
  }
  world.emit({ at: note.createdAt, type: 'credit_note.created', collection: 'creditNotes', id: note.id });
  if (invoice.status === 'open') {
    const type = wanted.amount === invoice.amountRemaining ? 'invoice.paid' : 'invoice.updated';
    world.emit({ at: note.createdAt, type, collection: 'invoices', id: invoice.id });
  }
  return note;
}

/** The customer's bank takes a payment back. */
export function openDispute(world: World, chargeId: string): DisputeRecord {
  const charge = mustGet(world, 'charges', chargeId);
  if (charge.status !== 'succeeded')
    throw new WorldError('charge_not_disputable', `Charge ${chargeId} has not succeeded`);
  if (charge.disputed) throw new WorldError('charge_disputed', `Charge ${chargeId} is disputed already`);
  const dispute: DisputeRecord = {
    id: world.newId('dp'),
    chargeId,
    customerId: charge.customerId,
    amount: charge.amount - charge.amountRefunded,
    currency: charge.currency,
    status: 'needs_response',
    createdAt: world.now(),
  };
  world.put('disputes', dispute);
  world.put('charges', { ...charge, disputed: true });
  world.emit({
    at: dispute.createdAt,
    type: 'charge.dispute.created',
    collection: 'disputes',
    id: dispute.id,
  });
  return dispute;
}
