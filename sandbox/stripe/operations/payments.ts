import type { ChargeRecord, PaymentIntentRecord, World } from '../../world/records.ts';
import { declineReason } from '../errors.ts';

/** Tries the card once: a charge, succeeded or failed, and the intent moved on. Announces both. */
export function attemptPayment(
  world: World,
  intent: PaymentIntentRecord,
  paymentMethodId: string | null,
): ChargeRecord {
  const at = world.now();
  const method = paymentMethodId === null ? undefined : world.get('paymentMethods', paymentMethodId);
  const declineCode = method ? method.declineCode : 'card_not_supported';
  const succeeded = declineCode === null;
  const charge: ChargeRecord = {
    id: world.newId('ch'),
    customerId: intent.customerId,
    invoiceId: intent.invoiceId,
    paymentIntentId: intent.id,
    paymentMethodId: method?.id ?? null,
    status: succeeded ? 'succeeded' : 'failed',
    amount: intent.amount,
    amountRefunded: 0,
    currency: intent.currency,
    declineCode,
    failureMessage: declineCode === null ? null : declineReason(declineCode).message,
    disputed: false,
    createdAt: at,
    metadata: {},
  };
  world.put('charges', charge);
  world.put('paymentIntents', {
    ...intent,
    status: succeeded ? 'succeeded' : 'requires_payment_method',
    latestChargeId: charge.id,
  });
  const outcome = succeeded ? 'succeeded' : 'failed';
  world.emit({ at, type: `charge.${outcome}`, collection: 'charges', id: charge.id });
  world.emit({
    at,
    type: succeeded ? 'payment_intent.succeeded' : 'payment_intent.payment_failed',
    collection: 'paymentIntents',
    id: intent.id,
  });
  return charge;
}

export function createPaymentIntent(
  world: World,
  of: Pick<PaymentIntentRecord, 'customerId' | 'invoiceId' | 'amount' | 'currency' | 'metadata'> & {
    confirmable: boolean;
  },
): PaymentIntentRecord {
  const { confirmable, ...fields } = of;
  const intent: PaymentIntentRecord = {
    ...fields,
    id: world.newId('pi'),
    status: confirmable ? 'requires_confirmation' : 'requires_payment_method',
    latestChargeId: null,
    createdAt: world.now(),
  };
  world.put('paymentIntents', intent);
  world.emit({
    at: intent.createdAt,
    type: 'payment_intent.created',
    collection: 'paymentIntents',
    id: intent.id,
  });
  return intent;
}
