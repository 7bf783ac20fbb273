import { z } from 'zod';
import { invalidRequest } from '../errors.ts';
import { seconds } from '../json.ts';
import { integer, oneOf, parameters, positiveInteger, text } from '../parameters.ts';
import { type Route, route } from '../route.ts';
import { prorationAt, prorationLines } from './proration.ts';
import { changeAsked } from './subscriptions.ts';

const details = z.strictObject({
  items: z
    .array(
      z.strictObject({ id: text.optional(), price: text.optional(), quantity: positiveInteger.optional() }),
    )
    .length(1),
  proration_behavior: oneOf(['none', 'create_prorations', 'always_invoice']).optional(),
  proration_date: integer.optional(),
});

/** What a change of a subscription would bill at once; with the renewal, where Stripe would add it, left out. */
export const invoicePreviewRoutes: Route[] = [
  route({
    method: 'POST',
    path: '/v1/invoices/create_preview',
    params: parameters({ subscription: text, subscription_details: details }),
    run: ({ books, params }) => {
      const before = books.require('subscriptions', 'subscription', params.subscription, 'subscription');
      if (before.endedAt !== null)
        throw invalidRequest('You cannot preview an invoice of a canceled subscription.', {
          param: 'subscription',
        });
      const asked = params.subscription_details;
      const change = changeAsked(books, before, { items: asked.items });
      const at = prorationAt(books, before, asked.proration_date);
      const lines = asked.proration_behavior === 'none' ? [] : prorationLines(books, before, change, at);
      const total = lines.reduce((sum, line) => sum + line.amount, 0);
      return {
        id: `upcoming_in_${before.id.replace(/^sub_/, '')}`,
        object: 'invoice',
        amount_due: Math.max(0, total),
        currency: before.currency.toLowerCase(),
        customer: books.stripeIdOf(before.customerId),
        lines: {
          object: 'list',
          data: lines.map((line, index) => ({
            id: `il_tmp_${index + 1}`,
            object: 'line_item',
            amount: line.amount,
            currency: before.currency.toLowerCase(),
            description: line.description,
            parent: {
              invoice_item_details: null,
              subscription_item_details: {
                invoice_item: null,
                proration: true,
                proration_details: null,
                subscription: before.id,
                subscription_item: before.itemId,
              },
              type: 'subscription_item_details',
            },
            period: { end: seconds(line.periodEndAt), start: seconds(line.periodStartAt) },
            quantity: 1,
            subtotal: line.amount,
          })),
          has_more: false,
          total_count: lines.length,
          url: `/v1/invoices/upcoming/lines?subscription=${before.id}`,
        },
        status: 'draft',
        subtotal: total,
        total,
      };
    },
  }),
];
