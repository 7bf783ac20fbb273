import { createHmac } from 'node:crypto';
import Stripe from 'stripe';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { psizeroWebhooks } from '../../src/connectors/psizero/webhook.ts';
import { connectStripe } from '../../src/connectors/stripe/client.ts';
import { stripeWebhooks } from '../../src/connectors/stripe/webhook.ts';
import type { ResourceName, SyncedSources, WebhookReader } from '../../src/domain/sync.ts';
import { fixedClock } from '../../src/lib/clock.ts';
import { ConfigError } from '../../src/lib/errors.ts';
import { silentLogger } from '../../src/lib/logger.ts';
import { PendingWork } from '../../src/lib/pending-work.ts';
import { type BotServer, createServer } from '../../src/server/create-server.ts';
import { createWebhookIntake, type WebhookIntake } from '../../src/server/webhook-intake.ts';
import { openStore, type Store } from '../../src/store/open-store.ts';
import { createSyncMemory } from '../../src/store/sources.ts';
import { createWebhookEvents } from '../../src/store/webhook-events.ts';

const NOW = Date.parse('2026-11-20T18:30:00Z');
const STRIPE_SECRET = 'whsec_test';
const PSIZERO_SECRET = 'psizero_secret';

let store: Store;
let server: BotServer;
let origin: string;
let intake: WebhookIntake;
let bad: Map<string, number>;
let refreshed: ResourceName[];
let readNowFails: boolean;
const clock = fixedClock(NOW);
const pending = new PendingWork();

const sources: Pick<SyncedSources, 'accept' | 'readNow' | 'countBadSignature'> = {
  accept: () => undefined,
  readNow: async (names) => {
    if (readNowFails) throw new Error('the API is down');
    refreshed.push(...names);
  },
  countBadSignature: (source) => {
    bad.set(source, (bad.get(source) ?? 0) + 1);
  },
};

beforeEach(async () => {
  store = openStore(':memory:');
  bad = new Map();
  refreshed = [];
  readNowFails = false;
  clock.set(NOW);
  const stripe = connectStripe({ apiUrl: 'http://127.0.0.1:1', secretKey: 'sk_test_1' });
  const readers: WebhookReader[] = [
    stripeWebhooks(stripe, STRIPE_SECRET, createSyncMemory(store), clock),
    psizeroWebhooks(PSIZERO_SECRET),
  ];
  intake = createWebhookIntake({
    readers,
    events: createWebhookEvents(store),
    sources,
    pending,
    clock,
    logger: silentLogger,
  });
  server = createServer({
    doctor: async () => ['Stripe is connected.', 'The store is in memory.'],
    brief: async () => 'A briefing.',
    webhooks: intake,
    health: () => ({ ready: true, mode: 'rules', pending: pending.count }),
    logger: silentLogger,
  });
  origin = await server.listen(0);
});
afterEach(async () => {
  await server.close();
  await pending.drained();
  await store.close();
});

const psizeroBody = (over: object = {}) =>
  JSON.stringify({
    id: 'evt_1',
    type: 'customer.created',
    created_at: new Date(NOW).toISOString(),
    data: {},
    ...over,
  });
const sign = (body: string, at = NOW, secret = PSIZERO_SECRET) => {
  const t = Math.floor(at / 1000);
  return `t=${t},v1=${createHmac('sha256', secret).update(`${t}.${body}`).digest('hex')}`;
};
const post = (system: string, body: string, headers: Record<string, string>) =>
  fetch(`${origin}/webhooks/${system}`, { method: 'POST', body, headers });
const postPsizero = (body: string, signature: string) =>
  post('psizero', body, { 'psizero-signature': signature, 'content-type': 'application/json' });
const events = () => store.db.selectFrom('webhook_events').selectAll().execute();

describe('a signed PsiZero webhook', () => {
  it('is kept, answered and worked in', async () => {
    const body = psizeroBody();
    expect((await postPsizero(body, sign(body))).status).toBe(200);
    await pending.drained();
    expect(refreshed).toEqual([{ source: 'psizero', name: 'customers' }]);
    expect(await events()).toMatchObject([{ event_id: 'evt_1', processed_at: NOW, error: null }]);
  });

  it('delivered twice is worked in once', async () => {
    const body = psizeroBody();
    await postPsizero(body, sign(body));
    expect((await postPsizero(body, sign(body))).status).toBe(200);
    await pending.drained();
    expect(refreshed).toHaveLength(1);
  });

  it('that cannot be worked in is taken up again later', async () => {
    readNowFails = true;
    const body = psizeroBody();
    expect((await postPsizero(body, sign(body))).status).toBe(200);
    await pending.drained();
    expect(await events()).toMatchObject([{ processed_at: null }]);
    readNowFails = false;
    await intake.takeUp();
    expect(await events()).toMatchObject([{ processed_at: NOW, error: null }]);
  });
});

describe('a webhook that is not genuine or not readable', () => {
  const good = psizeroBody();
  it.each([
    ['no signature', good, ''],
    ['a signature by another secret', good, sign(good, NOW, 'guess')],
    ['a changed body', good.replace('customer', 'incident'), sign(good)],
    ['a signature from ten minutes ago', good, sign(good, NOW - 600_000)],
    ['a signature from the future', good, sign(good, NOW + 600_000)],
    ['a signature that is no hex', good, `t=${NOW / 1000},v1=${'z'.repeat(64)}`],
  ])('with %s is refused, counted and changes nothing', async (_what, body, signature) => {
    const answer = await postPsizero(body, signature);
    expect(answer.status).toBe(400);
    expect(bad.get('psizero')).toBe(1);
    expect(await events()).toEqual([]);
    expect(refreshed).toEqual([]);
  });

  it.each([
    ['no JSON', 'hello'],
    ['an empty body', ''],
    ['no id', psizeroBody({ id: undefined })],
    ['an instant that is none', psizeroBody({ created_at: 'yesterday' })],
    ['null', 'null'],
  ])('with a good signature over %s is refused and does not count as forged', async (_what, body) => {
    expect((await postPsizero(body, sign(body))).status).toBe(400);
    expect(bad.get('psizero')).toBeUndefined();
    expect(await events()).toEqual([]);
  });

  it('at Stripe: a forged signature is refused and counted, a stale one too', async () => {
    const body = JSON.stringify({
      id: 'evt_1',
      object: 'event',
      type: 'x',
      created: 1,
      data: { object: { object: 'x' } },
    });
    const header = (secret: string, at: number) =>
      new Stripe('sk_test_1').webhooks.generateTestHeaderString({
        payload: body,
        secret,
        timestamp: Math.floor(at / 1000),
      });
    expect((await post('stripe', body, { 'stripe-signature': header('whsec_other', NOW) })).status).toBe(400);
    expect(
      (await post('stripe', body, { 'stripe-signature': header(STRIPE_SECRET, NOW - 600_000) })).status,
    ).toBe(400);
    expect((await post('stripe', body, {})).status).toBe(400);
    expect(bad.get('stripe')).toBe(3);
    expect((await post('stripe', body, { 'stripe-signature': header(STRIPE_SECRET, NOW) })).status).toBe(200);
    expect(await events()).toHaveLength(1);
  });
});

describe('the server', () => {
  it('tells its health', async () => {
    const answer = await fetch(`${origin}/healthz`);
    expect(await answer.json()).toEqual({ ready: true, mode: 'rules', pending: 0 });
  });

  it('tells what the doctor finds, a line each', async () => {
    const answer = await fetch(`${origin}/doctor`);
    expect(await answer.text()).toBe('Stripe is connected.\nThe store is in memory.\n');
  });

  it.each(['/', '/webhooks/slack', '/webhooks/../etc/passwd'])('knows nothing at %s', async (path) => {
    expect((await fetch(`${origin}${path}`)).status).toBe(404);
  });

  it('refuses a body of many megabytes', async () => {
    const answer = await post('psizero', 'x'.repeat(3 * 1024 * 1024), {}).catch(() => null);
    expect(answer?.status ?? 413).toBe(413);
    expect(await events()).toEqual([]);
  });

  it('names the variable to set when its port is taken', async () => {
    const second = createServer({
      doctor: async () => ['Stripe is connected.', 'The store is in memory.'],
      brief: async () => 'A briefing.',
      webhooks: intake,
      health: () => ({ ready: false, mode: 'rules', pending: 0 }),
      logger: silentLogger,
    });
    const error = await second.listen(Number(new URL(origin).port)).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(ConfigError);
    expect(String(error)).toContain('PSI_HTTP_PORT');
    await second.close();
  });
});
