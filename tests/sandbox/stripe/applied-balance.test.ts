import { afterEach, beforeEach, expect, it } from 'vitest';
import { type Served, serveFew } from './served-stripe.ts';

let served: Served;
beforeEach(async () => {
  served = await serveFew();
});
afterEach(() => served.close());

/** An invoice of so many cents beside the subscription's, finalised. */
async function finalised(amount: number) {
  const { stripe } = served;
  const draft = await stripe.invoices.create({
    customer: 'cus_acme',
    collection_method: 'send_invoice',
    days_until_due: 14,
  });
  await stripe.invoiceItems.create({
    customer: 'cus_acme',
    invoice: draft.id ?? '',
    amount,
    currency: 'usd',
  });
  return stripe.invoices.finalizeInvoice(draft.id ?? '', { auto_advance: false });
}

const credit = (amount: number) =>
  served.stripe.customers.createBalanceTransaction('cus_acme', { amount: -amount, currency: 'usd' });
const balance = async () => {
  const customer = await served.stripe.customers.retrieve('cus_acme');
  return customer.deleted ? null : customer.balance;
};

it('credit pays a part of an invoice when it is finalised, and comes back when it is voided', async () => {
  await credit(300);
  const invoice = await finalised(500);
  expect(invoice).toMatchObject({ total: 500, amount_due: 200, amount_remaining: 200, status: 'open' });
  expect(invoice).toMatchObject({ starting_balance: -300, ending_balance: 0 });
  expect(await balance()).toBe(0);
  const { data } = await served.stripe.customers.listBalanceTransactions('cus_acme');
  expect(data[0]).toMatchObject({ type: 'applied_to_invoice', amount: 300, invoice: invoice.id });
  await served.stripe.invoices.voidInvoice(invoice.id ?? '');
  expect(await balance()).toBe(-300);
});

it('credit larger than the invoice leaves it paid, and stays for the next', async () => {
  await credit(700);
  expect(await finalised(500)).toMatchObject({ amount_due: 0, status: 'paid', ending_balance: -200 });
  expect(await finalised(500)).toMatchObject({ amount_due: 300, starting_balance: -200, ending_balance: 0 });
});
