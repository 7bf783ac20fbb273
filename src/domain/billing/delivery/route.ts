import type { Customer } from '../../types.ts';
import type { LegalEntity } from '../run/settings.ts';
import { billingContact } from './billing-contact.ts';
import { zoneOfCountry } from './country-zones.ts';
import { type DeliveryWish, deliveryTimeWords } from './plan-delivery-time.ts';
import type { DeliveryRoute } from './ports.ts';
import type { DeliverySettings } from './settings.ts';

type Buyer = Pick<Customer, 'id' | 'name' | 'email' | 'country'>;

/** When a customer wants their invoices: as they chose, else as everybody, on the clock of their country. */
export function deliveryWish(buyer: Buyer, settings: DeliverySettings, companyTz: string): DeliveryWish {
  const chosen = settings.customers[buyer.id];
  return {
    at: chosen?.at ?? settings.at,
    tz: chosen?.tz ?? zoneOfCountry(buyer.country, companyTz),
    country: buyer.country,
  };
}

/** Where a customer's invoices go: what they chose, else by mail to whoever looks after bills there. */
export function planRoute(
  buyer: Buyer,
  known: {
    contacts: readonly { email: string; name: string; role: string }[];
    settings: DeliverySettings;
    languages: LegalEntity['languages'];
    companyTz: string;
  },
): DeliveryRoute {
  const chosen = known.settings.customers[buyer.id];
  const contact = billingContact(buyer, known.contacts);
  const channel = chosen?.channel ?? 'email';
  const email = chosen?.email ?? contact.email;
  const address =
    channel === 'email' ? email : channel === 'slack' ? (chosen?.slack_channel ?? '') : buyer.id;
  return {
    channel,
    address,
    name: chosen?.name ?? contact.name,
    language: chosen?.language ?? known.languages.countries[buyer.country] ?? known.languages.default,
    timeWords: deliveryTimeWords(deliveryWish(buyer, known.settings, known.companyTz)),
    hindrance: address.trim() === '' ? `no address of ${buyer.name} is known` : null,
  };
}

/** "billing@acme.example by mail", "#ext-acme in Slack". */
export function routeWords({ channel, address, name }: Pick<DeliveryRoute, 'channel' | 'address' | 'name'>) {
  if (channel === 'email') return `${name} <${address}> by mail`;
  return channel === 'slack' ? `#${address} in Slack` : `${address} through the API`;
}
