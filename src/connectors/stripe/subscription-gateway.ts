import { z } from 'zod';
import type {
  OfferedCoupon,
  OutsideSubscription,
  SubscriptionChange,
  SubscriptionGateway,
} from '../../domain/billing/gateways.ts';
import { SystemError, UserError } from '../../lib/errors.ts';
import { OutsideError } from '../resilience.ts';
import { isoMinor } from './amounts.ts';
import type { StripeConnection } from './client.ts';
import { keyedWrite } from './keyed-write.ts';
import { EFFECT_KEY } from './write-doubt.ts';

const currency = z
  .string()
  .length(3)
  .transform((code) => code.toUpperCase());
const seconds = z.int().nonnegative();
const recurring = z.object({ interval: z.string(), interval_count: z.int().positive() });

const subscriptionSchema = z.object({
  id: z.string().min(1),
  customer: z.union([z.string(), z.object({ id: z.string() }).transform(({ id }) => id)]),
  status: z.string(),
  currency,
  trial_end: seconds.nullish(),
  cancel_at: seconds.nullish(),
  ended_at: seconds.nullish(),
  metadata: z.record(z.string(), z.string()).nullish(),
  discounts: z
    .array(z.union([z.string(), z.object({ source: z.object({ coupon: z.string().nullish() }).nullish() })]))
    .nullish(),
  items: z.object({
    data: z.array(
      z.object({
        id: z.string(),
        quantity: z.int().nonnegative().optional(),
        current_period_start: seconds,
        current_period_end: seconds,
        price: z.object({ id: z.string(), unit_amount: z.int().nullish(), recurring }),
      }),
    ),
  }),
});

const couponSchema = z.object({
  id: z.string().min(1),
  name: z.string().nullish(),
  percent_off: z.number().nullish(),
  amount_off: z.int().nullish(),
  currency: currency.nullish(),
  duration: z.enum(['once', 'repeating', 'forever']),
  duration_in_months: z.int().nullish(),
  valid: z.boolean(),
});

const priceSchema = z.object({
  id: z.string().min(1),
  nickname: z.string().nullish(),
  currency,
  unit_amount: z.int().nullish(),
  recurring: recurring.nullish(),
});

const previewSchema = z.object({
  currency,
  lines: z.object({
    data: z.array(
      z.object({
        amount: z.int(),
        description: z.string().nullish(),
        parent: z
          .object({
            subscription_item_details: z.object({ proration: z.boolean() }).nullish(),
            invoice_item_details: z.object({ proration: z.boolean() }).nullish(),
          })
          .nullish(),
      }),
    ),
  }),
});

const REFUSALS: Readonly<Record<string, string>> = {
  resource_missing: 'Stripe does not know this subscription, price or coupon.',
  coupon_expired: 'That coupon is over.',
};

/** Subscriptions at Stripe: live reads, previews and keyed changes. */
export function createSubscriptionGateway({ client, call }: StripeConnection): SubscriptionGateway {
  return {
    async getSubscription(id) {
      const answer = await call(() => client.subscriptions.retrieve(id, { expand: ['discounts'] })).catch(
        (error: unknown) => {
          throw error instanceof OutsideError && error.status === 404
            ? new UserError('not_found', `Stripe has no subscription ${id}.`)
            : error;
        },
      );
      return subscriptionOf(readable(subscriptionSchema, answer, `subscription ${id}`));
    },
    async listCoupons() {
      const all = await everyPage((cursor) => call(() => client.coupons.list({ limit: 100, ...cursor })));
      return all.map((coupon) => couponOf(readable(couponSchema, coupon, `coupon ${coupon.id}`)));
    },
    async listPrices() {
      const all = await everyPage((cursor) =>
        call(() => client.prices.list({ limit: 100, active: true, ...cursor })),
      );
      return all.flatMap((answer) => {
        const price = readable(priceSchema, answer, `price ${answer.id}`);
        if (price.recurring == null || price.unit_amount == null) return [];
        return [
          {
            id: price.id,
            name: price.nickname ?? price.id,
            unitAmount: money(price.unit_amount, price.currency),
            interval: price.recurring.interval,
            intervalCount: price.recurring.interval_count,
          },
        ];
      });
    },
    async applyCoupon({ stripeSubscriptionId, couponId, idempotencyKey }) {
      const changed = await keyedWrite(call, {
        what: `the coupon for ${stripeSubscriptionId}`,
        refusals: REFUSALS,
        answer: subscriptionSchema,
        send: () =>
          client.subscriptions.update(
            stripeSubscriptionId,
            { discounts: [{ coupon: couponId }], metadata: { [EFFECT_KEY]: idempotencyKey } },
            { idempotencyKey },
          ),
      });
      return subscriptionOf(changed);
    },
    async previewChange(change) {
      const answer = await call(() =>
        client.invoices.createPreview({
          subscription: change.stripeSubscriptionId,
          subscription_details: detailsOf(change),
        }),
      );
      const preview = readable(previewSchema, answer, 'preview of a change');
      return preview.lines.data
        .filter(
          ({ parent }) =>
            parent?.subscription_item_details?.proration || parent?.invoice_item_details?.proration,
        )
        .map((line) => ({
          description: line.description ?? '',
          amount: money(line.amount, preview.currency),
        }));
    },
    async changeSubscription({ idempotencyKey, ...change }) {
      const changed = await keyedWrite(call, {
        what: `the change of ${change.stripeSubscriptionId}`,
        refusals: REFUSALS,
        answer: subscriptionSchema,
        send: () =>
          client.subscriptions.update(
            change.stripeSubscriptionId,
            { ...detailsOf(change), metadata: { [EFFECT_KEY]: idempotencyKey } },
            { idempotencyKey },
          ),
      });
      return subscriptionOf(changed);
    },
  };
}

function detailsOf(change: SubscriptionChange) {
  return {
    items: [
      {
        id: change.itemId,
        ...(change.priceId === null ? {} : { price: change.priceId }),
        quantity: change.quantity,
      },
    ],
    ...(change.proration === 'none'
      ? { proration_behavior: 'none' as const }
      : {
          proration_behavior: 'always_invoice' as const,
          proration_date: Math.floor(change.prorateAt / 1000),
        }),
  };
}

async function everyPage<T extends { id: string }>(
  read: (cursor: { starting_after?: string }) => Promise<{ data: T[]; has_more: boolean }>,
): Promise<T[]> {
  const all: T[] = [];
  for (let after: string | null = null; ; ) {
    const page = await read(after === null ? {} : { starting_after: after });
    all.push(...page.data);
    after = page.has_more ? (page.data.at(-1)?.id ?? null) : null;
    if (after === null) return all;
  }
}

function subscriptionOf(answer: z.output<typeof subscriptionSchema>): OutsideSubscription {
  const [item, another] = answer.items.data;
  if (item === undefined || another !== undefined) {
    throw new UserError('conflict', `Subscription ${answer.id} has several prices: change it at Stripe.`);
  }
  return {
    id: answer.id,
    stripeCustomerId: answer.customer,
    status: answer.status,
    itemId: item.id,
    priceId: item.price.id,
    unitAmount: money(item.price.unit_amount ?? 0, answer.currency),
    quantity: item.quantity ?? 1,
    interval: item.price.recurring.interval,
    intervalCount: item.price.recurring.interval_count,
    period: { startAt: item.current_period_start * 1000, endAt: item.current_period_end * 1000 },
    trialEndAt: answer.trial_end == null ? null : answer.trial_end * 1000,
    endsAt: inMs(answer.ended_at ?? answer.cancel_at ?? null),
    couponIds: (answer.discounts ?? []).flatMap((one) =>
      typeof one === 'string' ? [] : (one.source?.coupon ?? []),
    ),
    lastChangeKey: answer.metadata?.[EFFECT_KEY] ?? null,
  };
}

function couponOf(coupon: z.output<typeof couponSchema>): OfferedCoupon {
  return {
    id: coupon.id,
    name: coupon.name ?? null,
    percentOff: coupon.percent_off == null ? null : String(coupon.percent_off),
    amountOff:
      coupon.amount_off == null || coupon.currency == null ? null : money(coupon.amount_off, coupon.currency),
    duration: coupon.duration,
    months: coupon.duration_in_months ?? null,
    valid: coupon.valid,
  };
}

const inMs = (at: number | null): number | null => (at === null ? null : at * 1000);

function money(stripeAmount: number, inCurrency: string) {
  return { minor: isoMinor(stripeAmount, inCurrency), currency: inCurrency };
}

function readable<T>(schema: z.ZodType<T>, answer: unknown, what: string): T {
  const read = schema.safeParse(answer);
  if (read.success) return read.data;
  throw new SystemError('source_malformed', `Stripe's ${what} cannot be read`);
}
