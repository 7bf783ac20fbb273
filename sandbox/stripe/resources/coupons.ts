import type { DiscountRecord } from '../../world/records.ts';
import type { Books } from '../books.ts';
import { invalidRequest, noSuch } from '../errors.ts';
import { type StripeObject, seconds } from '../json.ts';
import {
  decimal,
  metadata,
  oneOf,
  pageParameters,
  parameters,
  positiveInteger,
  text,
} from '../parameters.ts';
import { listing, mergedMetadata, type Route, route } from '../route.ts';
import type { CouponRecord } from '../shelves.ts';

export function renderCoupon(coupon: CouponRecord): StripeObject {
  return {
    id: coupon.id,
    object: 'coupon',
    amount_off: coupon.amountOff,
    created: seconds(coupon.createdAt),
    currency: coupon.currency,
    duration: coupon.duration,
    duration_in_months: coupon.months,
    livemode: false,
    max_redemptions: null,
    metadata: coupon.metadata,
    name: coupon.name,
    percent_off: coupon.percentOff,
    redeem_by: null,
    times_redeemed: 0,
    valid: true,
  };
}

/** A coupon made here, or one that some subscription carries. */
export function findCoupon(id: string, books: Books): CouponRecord | undefined {
  const made = books.shelves.coupons.get(id);
  if (made) return made;
  const carrier = books.world.all('subscriptions').find((candidate) => candidate.discount?.couponId === id);
  return carrier?.discount ? fromDiscount(carrier.discount, carrier.currency) : undefined;
}

function fromDiscount(discount: DiscountRecord, currency: string): CouponRecord {
  return {
    id: discount.couponId,
    name: null,
    percentOff: discount.percentOff,
    amountOff: discount.amountOff,
    currency: discount.amountOff === null ? null : currency.toLowerCase(),
    duration: discount.duration,
    months: discount.months,
    createdAt: discount.startAt,
    metadata: {},
  };
}

/** Coupons that only a subscription carries so far are listed like any other. */
function keepCarried(books: Books): void {
  for (const { discount, currency } of books.world.all('subscriptions')) {
    if (discount === null || books.shelves.coupons.get(discount.couponId) !== undefined) continue;
    books.shelves.coupons.set(discount.couponId, fromDiscount(discount, currency));
  }
}

export const couponRoutes: Route[] = [
  route({
    method: 'GET',
    path: '/v1/coupons',
    params: parameters(pageParameters),
    run: ({ books, params }) => {
      keepCarried(books);
      return listing({
        index: books.index.coupons,
        url: '/v1/coupons',
        thing: 'coupon',
        page: params,
        read: (id) => books.shelves.coupons.get(id),
        render: renderCoupon,
      });
    },
  }),
  route({
    method: 'GET',
    path: '/v1/coupons/:id',
    params: parameters({}),
    run: ({ id, books }) => {
      const coupon = findCoupon(id, books);
      if (!coupon) throw noSuch('coupon', id);
      return renderCoupon(coupon);
    },
  }),
  route({
    method: 'POST',
    path: '/v1/coupons',
    params: parameters({
      id: text.optional(),
      name: text.optional(),
      percent_off: decimal.optional(),
      amount_off: positiveInteger.optional(),
      currency: text.optional(),
      duration: oneOf(['once', 'repeating', 'forever']).optional(),
      duration_in_months: positiveInteger.optional(),
      metadata: metadata.optional(),
    }),
    run: ({ books, params, effect }) => {
      if ((params.percent_off === undefined) === (params.amount_off === undefined))
        throw invalidRequest('You must pass either `percent_off` or `amount_off` (and not both).');
      if (params.percent_off !== undefined && (params.percent_off <= 0 || params.percent_off > 100))
        throw invalidRequest('Coupon percent_off must be between 0 and 100.', { param: 'percent_off' });
      if (params.id !== undefined && findCoupon(params.id, books))
        throw invalidRequest('Coupon already exists.', { code: 'resource_already_exists' });
      const coupon: CouponRecord = {
        id: params.id ?? books.world.newId('coupon').slice('coupon_'.length),
        name: params.name ?? null,
        percentOff: params.percent_off ?? null,
        amountOff: params.amount_off ?? null,
        currency: params.amount_off === undefined ? null : (params.currency ?? 'usd'),
        duration: params.duration ?? 'once',
        months: params.duration_in_months ?? null,
        createdAt: books.now(),
        metadata: mergedMetadata({}, params.metadata),
      };
      books.shelves.coupons.set(coupon.id, coupon);
      const rendered = renderCoupon(coupon);
      effect({ kind: 'coupon.created', customer: null, payload: rendered });
      return rendered;
    },
  }),
];
