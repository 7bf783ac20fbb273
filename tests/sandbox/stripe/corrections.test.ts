import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openInvoice, type Served, serveFew } from './served-stripe.ts';

let served: Served;
beforeEach(async () => {
  served = await serveFew();
});
afterEach(() => served.close());

describe('credit notes over lines', () => {
  it('take no more off a line than is left of it, and preview makes nothing', async () => {
    const { stripe } = served;
    const invoice = await openInvoice(served, 'cus_acme');
    const line = invoice.lines.data[0];
    if (!line) throw new Error('no line');
    const part = (amount: number) => ({
      invoice: invoice.id ?? '',
      lines: [{ type: 'invoice_line_item' as const, invoice_line_item: line.id, amount }],
    });
    const preview = await stripe.creditNotes.preview(part(100));
    expect(preview).toMatchObject({ total: 100, subtotal: 100 });
    expect((await stripe.creditNotes.list({ invoice: invoice.id ?? '' })).data).toEqual([]);
    const note = await stripe.creditNotes.create(part(100));
    expect(note.lines.data[0]).toMatchObject({
      type: 'invoice_line_item',
      invoice_line_item: line.id,
      amount: 100,
    });
    expect((await stripe.invoices.retrieve(invoice.id ?? '')).amount_remaining).toBe(invoice.total - 100);
    await expect(stripe.creditNotes.create(part(line.amount))).rejects.toMatchObject({
      message: expect.stringContaining('more than what is left to credit of the invoice line'),
    });
    await expect(stripe.creditNotes.create({ ...part(1), amount: 1 })).rejects.toMatchObject({
      message: expect.stringContaining('amount, lines'),
    });
  });
});

describe('a preview of a change', () => {
  const preview = (over: object) =>
    served.stripe.invoices.createPreview({
      subscription: 'sub_acme',
      subscription_details: { items: [{ price: 'price_growth', quantity: 1 }], ...over },
    });

  it('gives the unused time back and bills the remaining, by the second, and changes nothing', async () => {
    const before = await served.stripe.subscriptions.retrieve('sub_acme');
    const item = before.items.data[0];
    if (!item) throw new Error('no item');
    const { current_period_start: start, current_period_end: end } = item;
    const at = start + Math.floor((end - start) / 3);
    const { lines, total } = await preview({ proration_behavior: 'always_invoice', proration_date: at });
    const share = (amount: number) => Math.round((amount * (end - at)) / (end - start));
    const amounts = lines.data.map((line) => line.amount);
    expect(amounts).toEqual([-share(4_900 * (item.quantity ?? 1)), share(19_900)]);
    expect(total).toBe(amounts.reduce((sum, amount) => sum + amount, 0));
    expect(await served.stripe.subscriptions.retrieve('sub_acme')).toEqual(before);
  });

  it('bills nothing without proration, and takes no instant outside the period', async () => {
    expect((await preview({ proration_behavior: 'none' })).total).toBe(0);
    await expect(preview({ proration_date: 1_000 })).rejects.toMatchObject({ param: 'proration_date' });
  });
});
