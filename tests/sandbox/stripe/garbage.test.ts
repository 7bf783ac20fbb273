import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SECRET_KEY, type Served, serveFew } from './served-stripe.ts';

let served: Served;

beforeAll(async () => {
  served = await serveFew();
});
afterAll(() => served.close());

const key = fc.oneof(
  fc.constantFrom('items', 'metadata', 'discounts', 'expand', 'cancel_at', 'limit', 'created', '__proto__'),
  fc.string({ maxLength: 6 }),
);
const name = fc
  .tuple(
    key,
    fc.array(fc.oneof(fc.constantFrom('', '0', 'gte', 'coupon', 'constructor'), key), { maxLength: 4 }),
  )
  .map(([first, rest]) => `${first}${rest.map((part) => `[${part}]`).join('')}`);
const form = fc
  .array(fc.tuple(name, fc.oneof(fc.constantFrom('', '-1', '1e9', 'NaN', 'true', 'sub_acme'), fc.string())), {
    maxLength: 5,
  })
  .map((pairs) => new URLSearchParams(pairs).toString());

describe('whatever is sent', () => {
  it("is answered in Stripe's shape and never breaks the server", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(
          '/v1/subscriptions/sub_acme',
          '/v1/refunds',
          '/v1/customers/cus_acme',
          '/v1/invoices',
          '/v1/nothing',
        ),
        fc.oneof(form, fc.string()),
        async (url, payload) => {
          const headers = {
            authorization: `Bearer ${SECRET_KEY}`,
            'content-type': 'application/x-www-form-urlencoded',
          };
          const response = await served.app.inject({ method: 'POST', url, headers, payload });
          expect(response.statusCode).toBeLessThan(500);
          const body = response.json();
          expect(response.statusCode === 200 ? body.object : body.error.type).toEqual(expect.any(String));
        },
      ),
      { numRuns: 300 },
    );
  });
});
