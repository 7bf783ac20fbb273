import { WorldError } from './errors.ts';
import type { CollectionName, Collections, World } from './records.ts';

const ONE: Record<CollectionName, string> = {
  customers: 'customer',
  paymentMethods: 'payment method',
  products: 'product',
  prices: 'price',
  subscriptions: 'subscription',
  subscriptionVersions: 'subscription version',
  invoices: 'invoice',
  paymentIntents: 'payment intent',
  charges: 'charge',
  refunds: 'refund',
  creditNotes: 'credit note',
  disputes: 'dispute',
  userProfiles: 'user profile',
  tickets: 'ticket',
  incidents: 'incident',
  services: 'service',
};

/** The record, or WorldError `resource_missing` naming it. */
export function mustGet<C extends CollectionName>(world: World, collection: C, id: string): Collections[C] {
  const record = world.get(collection, id);
  if (!record) throw new WorldError('resource_missing', `No such ${ONE[collection]}: '${id}'`);
  return record;
}
