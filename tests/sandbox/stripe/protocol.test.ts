import Stripe from 'stripe';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openInvoice, SECRET_KEY, type Served, serveFew, serveStripe } from './served-stripe.ts';

let served: Served;

beforeEach(async () => {
  served = await serveFew();
});
afterEach(() => served.close());

const failure = (promise: Promise<unknown>): Promise<unknown> => promise.catch((reason: unknown) => reason);

describe('who may ask', () => {
  it('refuses another key as Stripe does', async () => {
    const error = await failure(served.client('sk_test_someone_else').customers.list());
    expect(error).toBeInstanceOf(Stripe.errors.StripeAuthenticationError);
    expect(error).toMatchObject({
      statusCode: 401,
      message: expect.stringContaining('Invalid API Key provided'),
    });
  });

  it('takes the key by basic authentication too, and no key is refused', async () => {
    const basic = Buffer.from(`${SECRET_KEY}:`).toString('base64');
    const given = await fetch(`${served.origin}/v1/balance`, {
      headers: { authorization: `Basic ${basic}` },
    });
    expect(given.status).toBe(200);
    expect(given.headers.get('request-id')).toMatch(/^req_/);
    expect(given.headers.get('stripe-version')).toBe('2026-10-28.endive');
    expect((await fetch(`${served.origin}/v1/balance`)).status).toBe(401);
  });
});

describe('what is wrong with a request', () => {
  const raw = (method: string, path: string, body?: string) =>
    fetch(`${served.origin}${path}`, {
      method,
      headers: { authorization: `Bearer ${SECRET_KEY}`, 'content-type': 'application/x-www-form-urlencoded' },
      ...(body === undefined ? {} : { body }),
    });

  const cases: [string, string, string, string | undefined, number, Record<string, unknown>][] = [
    [
      'an unknown path',
      'GET',
      '/v1/nothing',
      undefined,
      404,
      { message: expect.stringContaining('Unrecognized request URL (GET: /v1/nothing)') },
    ],
    ['the wrong method', 'POST', '/v1/balance', '', 404, { type: 'invalid_request_error' }],
    [
      'an unknown parameter',
      'GET',
      '/v1/charges?colour=red',
      undefined,
      400,
      { code: 'parameter_unknown', param: 'colour', message: 'Received unknown parameter: colour' },
    ],
    [
      'an unknown nested parameter',
      'GET',
      '/v1/charges?created[after]=1',
      undefined,
      400,
      { param: expect.stringContaining('created') },
    ],
    [
      'a limit that is no number',
      'GET',
      '/v1/charges?limit=ten',
      undefined,
      400,
      { code: 'parameter_invalid_integer', param: 'limit', message: 'Invalid integer: ten' },
    ],
    [
      'a limit above a hundred',
      'GET',
      '/v1/charges?limit=101',
      undefined,
      400,
      { code: 'parameter_invalid_integer', param: 'limit' },
    ],
    ['a limit of nothing', 'GET', '/v1/charges?limit=0', undefined, 400, { param: 'limit' }],
    [
      'a cursor that does not exist',
      'GET',
      '/v1/charges?starting_after=ch_none',
      undefined,
      400,
      { code: 'resource_missing', param: 'starting_after' },
    ],
    [
      'both cursors',
      'GET',
      '/v1/charges?starting_after=ch_001&ending_before=ch_002',
      undefined,
      400,
      { code: 'parameters_exclusive' },
    ],
    [
      'an empty value',
      'POST',
      '/v1/refunds',
      'charge=',
      400,
      { code: 'parameter_invalid_empty', param: 'charge' },
    ],
    [
      'a value outside the list',
      'POST',
      '/v1/refunds',
      'charge=ch_001&reason=boredom',
      400,
      {
        param: 'reason',
        message: 'Invalid reason: must be one of duplicate, fraudulent, or requested_by_customer',
      },
    ],
    ['an object where text belongs', 'POST', '/v1/refunds', 'charge[id]=ch_001', 400, { param: 'charge' }],
    [
      'a name that is a value and a level',
      'POST',
      '/v1/refunds',
      'metadata=x&metadata[a]=b',
      400,
      { param: 'metadata[a]' },
    ],
    [
      'brackets that do not close',
      'POST',
      '/v1/refunds',
      'metadata[a=b',
      400,
      { type: 'invalid_request_error' },
    ],
    ['the prototype', 'POST', '/v1/refunds', '__proto__[amount]=1', 400, { code: 'parameter_unknown' }],
    [
      'a deep well of brackets',
      'POST',
      '/v1/refunds',
      `m${'[a]'.repeat(40)}=1`,
      400,
      { type: 'invalid_request_error' },
    ],
    ['a JSON body', 'POST', '/v1/refunds', '{"charge":"ch_001"}', 400, { type: 'invalid_request_error' }],
    [
      'nothing there',
      'GET',
      '/v1/invoices/in_none',
      undefined,
      404,
      { code: 'resource_missing', param: 'id', message: "No such invoice: 'in_none'" },
    ],
    [
      'an expansion that does not exist',
      'GET',
      '/v1/charges/ch_001?expand[]=amount',
      undefined,
      400,
      { message: expect.stringContaining('cannot be expanded (amount)') },
    ],
  ];
  it.each(cases)('names %s', async (_name, method, path, body, status, error) => {
    const response = await raw(method, path, body);
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({
      error: { type: 'invalid_request_error', request_log_url: expect.any(String), ...error },
    });
    expect(served.effects).toEqual([]);
  });

  it('refuses a body beyond measure in its own words', async () => {
    const response = await raw('POST', '/v1/refunds', `charge=${'x'.repeat(2_000_000)}`);
    expect(response.status).toBe(413);
    expect(await response.json()).toMatchObject({ error: { type: 'invalid_request_error' } });
  });

  it('is an error object of the client, also for a path nobody knows', async () => {
    const error = await failure(served.stripe.accounts.retrieve('acct_1'));
    expect(error).toBeInstanceOf(Stripe.errors.StripeInvalidRequestError);
  });
});

describe('idempotency keys', () => {
  it('answers the same request again without doing it again', async () => {
    const params = { charge: 'ch_001', amount: 100 };
    const first = await served.stripe.refunds.create(params, { idempotencyKey: 'k' });
    const again = await served.stripe.refunds.create(params, { idempotencyKey: 'k' });
    expect(again.id).toBe(first.id);
    expect(again.lastResponse.headers['idempotent-replayed']).toBe('true');
    expect(first.lastResponse.headers['idempotent-replayed']).toBeUndefined();
    expect(served.effects).toHaveLength(1);
  });

  it('refuses the key with other parameters, and with another path', async () => {
    await served.stripe.refunds.create({ charge: 'ch_001', amount: 100 }, { idempotencyKey: 'k' });
    for (const other of [
      served.stripe.refunds.create({ charge: 'ch_001', amount: 101 }, { idempotencyKey: 'k' }),
      served.stripe.customers.create({ name: 'x' }, { idempotencyKey: 'k' }),
    ]) {
      const error = await failure(other);
      expect(error).toBeInstanceOf(Stripe.errors.StripeIdempotencyError);
      expect(error).toMatchObject({ statusCode: 400 });
    }
    expect(served.effects).toHaveLength(1);
  });

  it('gives a decline again instead of charging the card again', async () => {
    const invoice = await openInvoice(served, 'cus_broke');
    for (const attempt of [1, 2]) {
      const error = await failure(served.stripe.invoices.pay(invoice.id, {}, { idempotencyKey: 'pay' }));
      expect(error, `attempt ${attempt}`).toBeInstanceOf(Stripe.errors.StripeCardError);
    }
    expect((await served.stripe.charges.list({ customer: 'cus_broke' })).data).toHaveLength(1);
  });

  it('does not hold on to a request whose parameters were wrong', async () => {
    await failure(served.stripe.refunds.create({ charge: 'ch_001', amount: -1 }, { idempotencyKey: 'k' }));
    const refund = await served.stripe.refunds.create(
      { charge: 'ch_001', amount: 1 },
      { idempotencyKey: 'k' },
    );
    expect(refund.amount).toBe(1);
  });

  it('refuses a second request while the first is under way', async () => {
    served.faults.plan('slow', '/v1/refunds', 150);
    const params = { charge: 'ch_001', amount: 100 };
    const first = served.stripe.refunds.create(params, { idempotencyKey: 'k' });
    await new Promise((resolve) => setTimeout(resolve, 40));
    expect(await failure(served.stripe.refunds.create(params, { idempotencyKey: 'k' }))).toMatchObject({
      statusCode: 409,
      code: 'idempotency_key_in_use',
    });
    await first;
    expect(served.effects).toHaveLength(1);
  });

  it('remembers a key through a restart, and for a day only', async () => {
    const params = { charge: 'ch_001', amount: 100 };
    const first = await served.stripe.refunds.create(params, { idempotencyKey: 'k' });
    const restarted = await serveStripe(served.world, served.keep);
    const again = await restarted.stripe.refunds.create(params, { idempotencyKey: 'k' });
    expect(again.id).toBe(first.id);
    served.world.moveTo(served.world.now() + 25 * 3_600_000);
    const later = await restarted.stripe.refunds.create(params, { idempotencyKey: 'k' });
    expect(later.id).not.toBe(first.id);
    await restarted.close();
  });
});

describe('when things go wrong outside', () => {
  it('does the work once when the answer is lost and the client retries', async () => {
    served.faults.plan('drop_response', 'POST /v1/refunds');
    const refund = await served.stripe.refunds.create(
      { charge: 'ch_001', amount: 100 },
      { idempotencyKey: 'k' },
    );
    expect(refund.lastResponse.headers['idempotent-replayed']).toBe('true');
    expect(served.effects).toHaveLength(1);
  });

  it.each([
    ['rate_limit', Stripe.errors.StripeRateLimitError],
    ['http_500', Stripe.errors.StripeAPIError],
    ['malformed', Stripe.errors.StripeAPIError],
  ] as const)('shows %s as its error', async (kind, type) => {
    served.faults.plan(kind);
    expect(await failure(served.stripe.balance.retrieve())).toBeInstanceOf(type);
    expect((await served.stripe.balance.retrieve()).object).toBe('balance');
  });
});
