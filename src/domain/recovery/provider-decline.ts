import type { Decline as ProviderDecline } from '../billing/gateways.ts';
import type { Decline } from './classify-decline.ts';

/**
 * What a provider answered to a charge, as it is classified. `networkCode` is the network's response code; Mastercard's
 * advice comes as `networkAdviceCode` where the connector reads it.
 */
export function declineFrom(
  said: Pick<ProviderDecline, 'code' | 'declineCode' | 'networkCode' | 'adviceCode'> & {
    networkAdviceCode?: string | null;
  },
  charged: { method: Decline['method']; network: string | null },
): Decline {
  return {
    ...charged,
    adviceCode: said.adviceCode,
    networkAdviceCode: said.networkAdviceCode ?? null,
    networkDeclineCode: said.networkCode,
    // `card_declined` says only that there is a decline code beside it; every other code is one.
    declineCode: said.declineCode ?? (said.code === 'card_declined' ? null : said.code),
  };
}
