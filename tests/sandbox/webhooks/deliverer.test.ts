import Fastify from 'fastify';
import Stripe from 'stripe';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createWebhookDeliverer, type WebhookOptions } from '../../../sandbox/webhooks/deliverer.ts';
import { keptInMemory, plannedFaults } from '../stripe/served-stripe.ts';

const NOW = Date.UTC(2024, 1, 29, 12);
const secrets = { stripe: 'whsec_simulated', psizero: 'psz_whsec_simulated', mail: 'mail_whsec_simulated' };

interface Received {
  path: string;
  body: string;
  signature: string;
}

interface Bot {
  url: string;
  received: Received[];
  /** The answers to come; 200 when there are none left. */
  answers: number[];
  close(): Promise<void>;
}

async function startBot(port = 0): Promise<Bot> {
  const received: Received[] = [];
  const answers: number[] = [];
  const app = Fastify();
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body));
  app.post('/webhooks/:system', async (request, reply) => {
    const signature = request.headers['stripe-signature'] ?? request.headers['psizero-signature'];
    received.push({ path: request.url, body: String(request.body), signature: String(signature) });
    return reply.code(answers.shift() ?? 200).send({});
  });
  return { url: await app.listen({ port, host: '127.0.0.1' }), received, answers, close: () => app.close() };
}

let bot: Bot;
let faults: ReturnType<typeof plannedFaults>;
const opened: { close(): void }[] = [];

function deliverer(more: Partial<WebhookOptions> = {}) {
  const made = createWebhookDeliverer({
    botUrl: bot.url,
    secrets,
    faults,
    clock: { now: () => NOW },
    ...more,
  });
  opened.push(made);
  return made;
}

const webhook = (id: string, system: 'stripe' | 'psizero' = 'stripe') => ({
  system,
  path: `/webhooks/${system}`,
  id,
  body: JSON.stringify({ id, object: 'event', type: 'invoice.paid', data: { object: {} } }),
});

async function settled(of: { pending(): number }): Promise<void> {
  for (let waited = 0; of.pending() > 0 && waited < 5_000; waited += 10)
    await new Promise((resolve) => setTimeout(resolve, 10));
  expect(of.pending()).toBe(0);
}

const idsReceived = () => bot.received.map(({ body }) => /evt_\d+/.exec(body)?.[0]);

beforeEach(async () => {
  faults = plannedFaults();
  bot = await startBot();
});
afterEach(async () => {
  for (const { close } of opened.splice(0)) close();
  await bot.close();
});

const { webhooks } = new Stripe('sk_test_x');
const receivedAt = Math.floor(NOW / 1000);

describe('webhooks', () => {
  it("is signed as of the simulated time, by Stripe's own check", async () => {
    const made = deliverer();
    made.deliver(webhook('evt_1'));
    await settled(made);
    const [{ body, signature } = { body: '', signature: '' }] = bot.received;
    const check = (text: string, secret: string, at: number) =>
      webhooks.constructEvent(text, signature, secret, 300, undefined, at * 1000);
    expect(check(body, secrets.stripe, receivedAt).id).toBe('evt_1');
    expect(() => check(`${body} `, secrets.stripe, receivedAt)).toThrow(
      Stripe.errors.StripeSignatureVerificationError,
    );
    expect(() => check(body, 'whsec_other', receivedAt)).toThrow(
      Stripe.errors.StripeSignatureVerificationError,
    );
    expect(() => check(body, secrets.stripe, receivedAt + 301)).toThrow(/tolerance/i);
  });

  it('signs for PsiZero with its own secret and header', async () => {
    const made = deliverer();
    made.deliver(webhook('evt_1', 'psizero'));
    await settled(made);
    const [{ path, body, signature } = { path: '', body: '', signature: '' }] = bot.received;
    expect(path).toBe('/webhooks/psizero');
    expect(webhooks.constructEvent(body, signature, secrets.psizero, 300, undefined, NOW).id).toBe('evt_1');
  });

  it('keeps the order, also when the bot is down for a moment', async () => {
    const port = Number(new URL(bot.url).port);
    await bot.close();
    const made = deliverer();
    const wanted = [1, 2, 3, 4, 5].map((number) => `evt_${number}`);
    for (const id of wanted) made.deliver(webhook(id));
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(made.pending()).toBe(5);
    bot = await startBot(port);
    await settled(made);
    expect(idsReceived()).toEqual(wanted);
  });

  it.each([500, 503, 429, 409, 408])('tries again after %i', async (status) => {
    bot.answers.push(status);
    const made = deliverer();
    made.deliver(webhook('evt_1'));
    await settled(made);
    expect(idsReceived()).toEqual(['evt_1', 'evt_1']);
  });

  it.each([400, 401, 404])('gives up after %i and goes on with the next', async (status) => {
    bot.answers.push(status);
    const made = deliverer();
    made.deliver(webhook('evt_1'));
    made.deliver(webhook('evt_2'));
    await settled(made);
    expect(idsReceived()).toEqual(['evt_1', 'evt_2']);
  });

  const misbehaviours: ['duplicate' | 'drop_response' | 'out_of_order', string[]][] = [
    ['duplicate', ['evt_1', 'evt_1', 'evt_2']],
    ['drop_response', ['evt_1', 'evt_1', 'evt_2']],
    ['out_of_order', ['evt_2', 'evt_1']],
  ];
  it.each(misbehaviours)('with the fault %s delivers %j', async (kind, wanted) => {
    faults.plan(kind, 'invoice.paid');
    const made = deliverer();
    made.deliver(webhook('evt_1'));
    made.deliver(webhook('evt_2'));
    await settled(made);
    expect(idsReceived()).toEqual(wanted);
  });

  it('with the fault malformed sends one that is found out, then the true one', async () => {
    faults.plan('malformed');
    bot.answers.push(400);
    const made = deliverer();
    made.deliver(webhook('evt_1'));
    await settled(made);
    const results = bot.received.map(({ body, signature }) => {
      try {
        return webhooks.constructEvent(body, signature, secrets.stripe, 300, undefined, NOW).id;
      } catch (error) {
        return error instanceof Error ? error.constructor.name : 'unknown';
      }
    });
    expect(results).toEqual(['StripeSignatureVerificationError', 'evt_1']);
  });

  it('with the fault replay sends it under an hour-old signature first, with disconnect never', async () => {
    const { deliver, pending } = deliverer();
    faults.add({ system: 'stripe', kind: 'replay', match: 'evt_1', count: 1, ms: 0 });
    faults.add({ system: 'stripe', kind: 'disconnect', match: 'evt_2', count: 1, ms: 0 });
    bot.answers.push(400);
    for (const id of ['evt_1', 'evt_2', 'evt_3']) deliver(webhook(id));
    await expect.poll(pending).toBe(0);
    const times = bot.received.map(({ signature }) => Number(/t=(\d+)/.exec(signature)?.[1]) * 1000);
    expect(times).toEqual([NOW - 3_600_000, NOW, NOW]);
    expect(bot.received.map(({ body }) => JSON.parse(body).id)).toEqual(['evt_1', 'evt_1', 'evt_3']);
  });

  it('with a drift changes one field of its object, rightly signed', async () => {
    const { deliver, pending } = deliverer();
    const drift = { field: 'status', how: 'unknown_value' as const };
    faults.add({ system: 'stripe', kind: 'malformed', match: null, count: 1, ms: 0, drift });
    const body = JSON.stringify({ object: 'event', type: 'x', data: { object: { status: 'paid' } } });
    deliver({ ...webhook('evt_1'), body });
    await expect.poll(pending).toBe(0);
    const [sent] = bot.received;
    const event = Stripe.webhooks.constructEvent(
      sent?.body ?? '',
      sent?.signature ?? '',
      secrets.stripe,
      300,
      undefined,
      NOW,
    );
    expect(event.data.object).toEqual({ status: 'unheard_of' });
  });

  it('delivers after a restart what was not acknowledged before', async () => {
    const keep = keptInMemory();
    const port = Number(new URL(bot.url).port);
    await bot.close();
    const made = deliverer({ keep });
    made.deliver(webhook('evt_1'));
    made.deliver(webhook('evt_2'));
    made.close();
    bot = await startBot(port);
    await settled(deliverer({ keep }));
    expect(idsReceived()).toEqual(['evt_1', 'evt_2']);
    expect(keep.all('webhooks.pending')).toEqual([]);
  });

  it('drops everything at a reset and is ready for the new world', async () => {
    const resets: (() => void)[] = [];
    const port = Number(new URL(bot.url).port);
    await bot.close();
    const made = deliverer({ onReset: (handler) => resets.push(handler) });
    made.deliver(webhook('evt_1'));
    for (const handler of resets) handler();
    expect(made.pending()).toBe(0);
    bot = await startBot(port);
    made.deliver(webhook('evt_2'));
    await settled(made);
    expect(idsReceived()).toEqual(['evt_2']);
  });
});
