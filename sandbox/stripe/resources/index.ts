import type { CollectionName } from '../../world/records.ts';
import type { Books } from '../books.ts';
import type { Expansions } from '../expand.ts';
import type { StripeObject } from '../json.ts';
import { listObject } from '../pagination.ts';
import type { Route } from '../route.ts';
import { balanceRoutes } from './balance.ts';
import { balanceTransactionRoutes } from './balance-transactions.ts';
import { chargeRoutes, renderCharge } from './charges.ts';
import { couponRoutes, findCoupon, renderCoupon } from './coupons.ts';
import { creditNoteRoutes, renderCreditNote } from './credit-notes.ts';
import { customerBalanceRoutes } from './customer-balance.ts';
import { customerRoutes, renderCustomer } from './customers.ts';
import { disputeRoutes, renderDispute } from './disputes.ts';
import { invoiceItemRoutes } from './invoice-items.ts';
import { invoicePaymentRoutes, paymentsOfInvoice } from './invoice-payments.ts';
import { invoicePreviewRoutes } from './invoice-preview.ts';
import { renderInvoice } from './invoice-render.ts';
import { invoiceRoutes } from './invoices.ts';
import { paymentIntentRoutes, renderPaymentIntent } from './payment-intents.ts';
import { paymentMethodRoutes, renderPaymentMethod } from './payment-methods.ts';
import { priceRoutes, renderPrice } from './prices.ts';
import { productRoutes, renderProduct } from './products.ts';
import { refundRoutes, renderRefund } from './refunds.ts';
import { renderDiscount, renderSubscription } from './subscription-render.ts';
import { subscriptionRoutes } from './subscriptions.ts';

/** The routes that need nothing but the books. */
export const resourceRoutes: Route[] = [
  ...balanceRoutes,
  ...balanceTransactionRoutes,
  ...chargeRoutes,
  ...couponRoutes,
  ...creditNoteRoutes,
  ...customerBalanceRoutes,
  ...customerRoutes,
  ...disputeRoutes,
  ...invoiceItemRoutes,
  ...invoicePaymentRoutes,
  ...invoicePreviewRoutes,
  ...invoiceRoutes,
  ...paymentIntentRoutes,
  ...paymentMethodRoutes,
  ...priceRoutes,
  ...productRoutes,
  ...refundRoutes,
  ...subscriptionRoutes,
];

type Look = (id: string, books: Books) => StripeObject | undefined;

/** A record of the books as Stripe's object; undefined for one that Stripe does not know. */
const byCollection: Partial<Record<CollectionName, Look>> = {
  charges: found('charges', renderCharge),
  creditNotes: found('creditNotes', renderCreditNote),
  customers: found('customers', renderCustomer),
  disputes: found('disputes', renderDispute),
  invoices: found('invoices', renderInvoice),
  paymentIntents: found('paymentIntents', renderPaymentIntent),
  paymentMethods: found('paymentMethods', renderPaymentMethod),
  prices: found('prices', renderPrice),
  products: found('products', renderProduct),
  refunds: found('refunds', renderRefund),
  subscriptions: found('subscriptions', renderSubscription),
};

function found<C extends CollectionName>(
  collection: C,
  render: (
    record: NonNullable<ReturnType<typeof Books.prototype.world.get<C>>>,
    books: Books,
  ) => StripeObject,
): Look {
  return (id, books) => {
    const record = books.world.get(collection, id);
    return record === undefined ? undefined : render(record, books);
  };
}

export function renderRecord(collection: CollectionName, id: string, books: Books): StripeObject | undefined {
  return byCollection[collection]?.(id, books);
}

const lookIn =
  (collection: CollectionName): Look =>
  (id, books) =>
    renderRecord(collection, id, books);

export const expansions: Expansions = {
  byField: {
    charge: lookIn('charges'),
    coupon: (id, books) => {
      const coupon = findCoupon(id, books);
      return coupon && renderCoupon(coupon);
    },
    customer: (id, books) => {
      const customer = books.findCustomer(id);
      return customer && renderCustomer(customer, books);
    },
    default_payment_method: lookIn('paymentMethods'),
    discounts: renderDiscount,
    invoice: lookIn('invoices'),
    latest_charge: lookIn('charges'),
    latest_invoice: lookIn('invoices'),
    payment_intent: lookIn('paymentIntents'),
    payment_method: lookIn('paymentMethods'),
    price: lookIn('prices'),
    product: lookIn('products'),
    subscription: lookIn('subscriptions'),
  },
  includes: {
    'charge.refunds': (charge, books) => refundsOf(String(charge.id), books),
    'customer.subscriptions': (customer, books) => subscriptionsOf(String(customer.id), books),
    'invoice.payments': (invoice, books) => paymentsOfInvoice(String(invoice.id), books),
  },
};

function refundsOf(chargeId: string, books: Books): StripeObject {
  const refunds = books.index.refunds
    .by('charge', chargeId)
    .map((entry) => renderRecord('refunds', entry.id, books))
    .filter((refund) => refund !== undefined)
    .reverse();
  return listObject(`/v1/charges/${chargeId}/refunds`, refunds, false);
}

function subscriptionsOf(stripeCustomer: string, books: Books): StripeObject {
  const customerId = books.findCustomer(stripeCustomer)?.id ?? stripeCustomer;
  const live = books.world
    .of('subscriptions', customerId)
    .filter((subscription) => subscription.status !== 'canceled')
    .map((subscription) => renderSubscription(subscription, books))
    .reverse();
  return listObject(`/v1/customers/${stripeCustomer}/subscriptions`, live, false);
}
