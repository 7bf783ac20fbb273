import Fastify from 'fastify';
import { httpFaults } from '../../sandbox/core/http-faults.ts';
import type { Faults, KeyValueStore, Sandbox } from '../../sandbox/core/types.ts';
import { registerPsizero } from '../../sandbox/psizero/register.ts';
import { registerStripe } from '../../sandbox/stripe/register.ts';
import { registerSupabase } from '../../sandbox/supabase/register.ts';
import { createWebhookDeliverer } from '../../sandbox/webhooks/deliverer.ts';
import { signatureHeader } from '../../sandbox/webhooks/signatures.ts';
import { createWorld } from '../../sandbox/world/world.ts';
import { connectPsizero } from '../../src/connectors/psizero/api.ts';
import { psizeroResources } from '../../src/connectors/psizero/resources.ts';
import { psizeroWebhooks } from '../../src/connectors/psizero/webhook.ts';
import { createResilience } from '../../src/connectors/resilience.ts';
import { stripeBalance } from '../../src/connectors/stripe/balance.ts';
import { connectStripe } from '../../src/connectors/stripe/client.ts';
import { stripeLedger } from '../../src/connectors/stripe/ledger.ts';
import { stripeWebhooks } from '../../src/connectors/stripe/webhook.ts';
import { connectSupabase } from '../../src/connectors/supabase/client.ts';
import { supabaseResources } from '../../src/connectors/supabase/resources.ts';
import { silentLogger } from '../../src/lib/logger.ts';
import { PendingWork } from '../../src/lib/pending-work.ts';
import { createServer } from '../../src/server/create-server.ts';
import { createWebhookIntake } from '../../src/server/webhook-intake.ts';
import { openStore } from '../../src/store/open-store.ts';
import { createQualityChecks } from '../../src/store/quality.ts';
import { createSources, createSyncMemory } from '../../src/store/sources.ts';
import { createWebhookEvents } from '../../src/store/webhook-events.ts';

const SECRETS = {
  stripeKey: 'sk_test_simulated_workspace',
  stripeWebhook: 'whsec_simulated',
  supabase: 'supabase_key',
  psizero: 'psizero_token',
  psizeroWebhook: 'psizero_webhook',
};

const noKeep: KeyValueStore = { set: () => undefined, delete: () => undefined, all: () => [] };

function plannedFaults(): Faults {
  let planned: ReturnType<Faults['list']>[number][] = [];
  return {
    add({ count, ...fault }) {
      const id = `fault_${planned.length}`;
      planned.push({ ...fault, id, remaining: count });
      return id;
    },
    take(system, target, kinds) {
      const found = planned.find(
        (fault) =>
          fault.system === system &&
          kinds.includes(fault.kind) &&
          fault.remaining > 0 &&
          (fault.match === null || target.includes(fault.match)),
      );
      if (found) found.remaining -= 1;
      return found ?? null;
    },
    list: () => planned,
    clear: () => {
      planned = [];
    },
  };
}

export const NOW = Date.parse('2026-11-20T18:30:00Z');

/** The company's stand-ins on one free port, and the bot's sources and server reading from them. */
export async function openWorkspace(
  scale: number,
  options: { storePath?: string; webhooks?: boolean; seed?: number; now?: number } = {},
) {
  const outside = await serveOutside(scale, options);
  const bot = await connectBot(outside, options.storePath ?? ':memory:');
  outside.deliverTo(options.webhooks === false ? null : bot.origin);
  return {
    ...outside,
    ...bot,
    async close() {
      outside.stopDelivering();
      await bot.close();
      await outside.close();
    },
  };
}

export async function serveOutside(scale: number, anchor: { seed?: number; now?: number } = {}) {
  const world = createWorld({ seed: anchor.seed ?? 7, now: anchor.now ?? NOW, scale });
  const faults = plannedFaults();
  const effects: unknown[] = [];
  let deliverer: ReturnType<typeof createWebhookDeliverer> | null = null;
  let captured: Parameters<Sandbox['webhooks']['deliver']>[0][] = [];
  const sandbox: Sandbox = {
    config: {
      port: 0,
      dataDir: '',
      botUrl: 'http://127.0.0.1:1',
      slackBotToken: '',
      slackAppToken: '',
      slackSigningSecret: '',
      slackMode: 'socket',
      secondTeam: false,
      stripeSecretKey: SECRETS.stripeKey,
      stripeWebhookSecret: SECRETS.stripeWebhook,
      supabaseKey: SECRETS.supabase,
      psizeroToken: SECRETS.psizero,
      psizeroWebhookSecret: SECRETS.psizeroWebhook,
    },
    world,
    faults,
    effects: { record: (effect) => effects.push(effect) },
    webhooks: {
      deliver: (webhook) => {
        captured.push(webhook);
        deliverer?.deliver(webhook);
      },
      pending: () => deliverer?.pending() ?? 0,
    },
    keep: noKeep,
    onReset: () => undefined,
    onRestore: () => undefined,
  };
  const app = Fastify({ forceCloseConnections: true });
  let seen: () => void = () => undefined;
  app.addHook('onRequest', async () => seen());
  await registerStripe(app, sandbox);
  await app.register(async (scope) => {
    httpFaults(scope, 'psizero', faults);
    registerPsizero(scope, sandbox);
  });
  await app.register(async (scope) => {
    httpFaults(scope, 'supabase', faults);
    registerSupabase(scope, sandbox);
  });
  const origin = await app.listen({ port: 0, host: '127.0.0.1' });
  return {
    world,
    faults,
    effects,
    sandbox,
    outsideOrigin: origin,
    onRequest(listener: () => void) {
      seen = listener;
    },
    deliverTo(botUrl: string | null) {
      deliverer?.close();
      deliverer =
        botUrl === null
          ? null
          : createWebhookDeliverer({
              botUrl,
              secrets: { stripe: SECRETS.stripeWebhook, psizero: SECRETS.psizeroWebhook, mail: 'unused' },
              faults,
              clock: world,
            });
    },
    /** Begins to note webhooks anew; what it gives signs, as of now, those that were sent since. */
    capture() {
      captured = [];
      return () =>
        captured.map(({ system, id, body }) => {
          const secret = system === 'stripe' ? SECRETS.stripeWebhook : SECRETS.psizeroWebhook;
          return { system, id, body, signature: signatureHeader(system, secret, body, world.now()).value };
        });
    },
    stopDelivering: () => deliverer?.close(),
    delivered: async () => {
      while (sandbox.webhooks.pending() > 0) await new Promise((resolve) => setTimeout(resolve, 5));
    },
    close: () => app.close(),
  };
}

export type Outside = Awaited<ReturnType<typeof serveOutside>>;

export async function connectBot(
  outside: Outside,
  storePath: string,
  options: { patienceMs?: number; firstPatienceMs?: number; supabaseKey?: string } = {},
) {
  const clock = { now: () => outside.world.now() };
  const store = openStore(storePath);
  const memory = createSyncMemory(store);
  const fast = (system: string) => createResilience({ system, initialDelayMs: 1, timeoutMs: 5_000 });
  const stripe = connectStripe({
    apiUrl: outside.outsideOrigin,
    secretKey: SECRETS.stripeKey,
    resilience: fast('Stripe'),
  });
  const supabase = connectSupabase({
    url: `${outside.outsideOrigin}/supabase`,
    key: options.supabaseKey ?? SECRETS.supabase,
    resilience: fast('Supabase'),
  });
  const psizero = connectPsizero({
    url: `${outside.outsideOrigin}/psizero/v1`,
    token: SECRETS.psizero,
    resilience: fast('the PsiZero API'),
  });
  const sources = createSources({
    store,
    connections: [
      {
        source: 'stripe',
        connected: true,
        resources: [stripeLedger(stripe, memory, clock), stripeBalance(stripe, clock)],
      },
      { source: 'supabase', connected: true, resources: supabaseResources(supabase, clock) },
      {
        source: 'psizero',
        connected: true,
        resources: psizeroResources(psizero, clock, 'America/Los_Angeles'),
      },
    ],
    clock,
    logger: silentLogger,
    patienceMs: options.patienceMs ?? 60_000,
    firstPatienceMs: options.firstPatienceMs ?? 60_000,
  });
  const quality = createQualityChecks({ store, sources, clock, tz: 'America/Los_Angeles' });
  const pending = new PendingWork();
  const intake = createWebhookIntake({
    readers: [
      stripeWebhooks(stripe, SECRETS.stripeWebhook, memory, clock),
      psizeroWebhooks(SECRETS.psizeroWebhook),
    ],
    events: createWebhookEvents(store),
    sources,
    pending,
    clock,
    logger: silentLogger,
  });
  const server = createServer({
    doctor: async () => [],
    brief: async () => 'A briefing.',
    webhooks: intake,
    health: () => ({ ready: true, mode: 'rules', pending: pending.count }),
    logger: silentLogger,
  });
  const origin = await server.listen(0);
  return {
    store,
    sources,
    quality,
    stripe,
    intake,
    pending,
    origin,
    async close() {
      await server.close();
      await pending.drained();
      await store.close();
    },
  };
}
