import type { CreditGateway } from '../../domain/billing/gateways.ts';
import { createBalanceGateway } from './balance-gateway.ts';
import type { StripeConnection } from './client.ts';
import { createCreditNoteGateway } from './credit-note-gateway.ts';
import { createSubscriptionGateway } from './subscription-gateway.ts';

/** Corrections of what was billed, at Stripe. */
export function createCreditGateway(connection: StripeConnection): CreditGateway {
  return {
    ...createBalanceGateway(connection),
    ...createCreditNoteGateway(connection),
    ...createSubscriptionGateway(connection),
  };
}
