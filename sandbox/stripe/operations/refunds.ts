import type { ChargeRecord, RefundRecord, World } from '../../world/records.ts';

/** Gives money back; the caller has checked that the charge has it. Returns the refund. */
export function createRefund(
  world: World,
  charge: ChargeRecord,
  of: { amount: number; reason: string | null; metadata: Record<string, string> },
): RefundRecord {
  const at = world.now();
  const refund: RefundRecord = {
    id: world.newId('re'),
    chargeId: charge.id,
    customerId: charge.customerId,
    amount: of.amount,
    currency: charge.currency,
    status: 'succeeded',
    reason: of.reason,
    createdAt: at,
    metadata: of.metadata,
  };
  const amountRefunded = charge.amountRefunded + of.amount;
  world.put('refunds', refund);
  world.put('charges', { ...charge, amountRefunded });
  const previous = {
    amount_refunded: charge.amountRefunded,
    ...(amountRefunded === charge.amount ? { refunded: false } : {}),
  };
  world.emit({ at, type: 'charge.refunded', collection: 'charges', id: charge.id, previous });
  world.emit({ at, type: 'refund.created', collection: 'refunds', id: refund.id });
  return refund;
}
