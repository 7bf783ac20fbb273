import Fastify from 'fastify';
import Stripe from 'stripe';
import type {
  Effects,
  Fault,
  FaultKind,
  Faults,
  KeyValueStore,
  Sandbox,
} from '../../../sandbox/core/types.ts';
import { registerStripe } from '../../../sandbox/stripe/register.ts';
import type { World } from '../../../sandbox/world/records.ts';
import { memoryWorld } from './memory-world.ts';

export const SECRET_KEY = 'sk_test_simulated_workspace';

export type RecordedEffect = Parameters<Effects['record']>[0];

export function keptInMemory(): KeyValueStore {
  const rows = new Map<string, Map<string, string>>();
  return {
    set: (collection, id, value) => {
      const rowsOf = rows.get(collection) ?? new Map<string, string>();
      rows.set(collection, rowsOf.set(id, JSON.stringify(value)));
    },
    delete: (collection, id) => {
      rows.get(collection)?.delete(id);
    },
    all: (collection) =>
      [...(rows.get(collection) ?? [])].map(([id, value]) => ({ id, value: JSON.parse(value) })),
  };
}

export function plannedFaults(): Faults & { plan(kind: FaultKind, match?: string, ms?: number): void } {
  let planned: Fault[] = [];
  const add: Faults['add'] = ({ count, ...fault }) => {
    planned.push({ ...fault, id: `fault_${planned.length}`, remaining: count });
    return 'fault';
  };
  return {
    add,
    plan: (kind, match, ms = 0) => {
      add({ system: 'stripe', kind, match: match ?? null, count: 1, ms });
    },
    take: (system, target, kinds) => {
      const found = planned.find(
        (fault) =>
          fault.system === system &&
          kinds.includes(fault.kind) &&
          (fault.match === null || target.includes(fault.match)),
      );
      planned = planned.filter((fault) => fault !== found);
      return found ?? null;
    },
    list: () => planned,
    clear: () => {
      planned = [];
    },
  };
}

/** The stand-in on a free port, and Stripe's own client talking to it. */
export async function serveStripe<W extends World>(world: W, keep: KeyValueStore = keptInMemory()) {
  const effects: RecordedEffect[] = [];
  const webhooks: { id: string; body: string }[] = [];
  const faults = plannedFaults();
  const resets: (() => void)[] = [];
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
      stripeSecretKey: SECRET_KEY,
      stripeWebhookSecret: 'whsec_simulated',
      supabaseKey: '',
      psizeroToken: '',
      psizeroWebhookSecret: '',
    },
    world,
    faults,
    effects: { record: (effect) => effects.push(effect) },
    webhooks: { deliver: (webhook) => webhooks.push(webhook), pending: () => 0 },
    keep,
    onReset: (handler) => resets.push(handler),
    onRestore: () => undefined,
  };
  const app = Fastify();
  await registerStripe(app, sandbox);
  const origin = await app.listen({ port: 0, host: '127.0.0.1' });
  const client = (secretKey = SECRET_KEY) =>
    new Stripe(secretKey, {
      host: '127.0.0.1',
      port: new URL(origin).port,
      protocol: 'http',
      maxNetworkRetries: 0,
      telemetry: false,
    });
  return {
    app,
    origin,
    world,
    sandbox,
    effects,
    webhooks,
    faults,
    keep,
    stripe: client(),
    client,
    reset: () => {
      for (const handler of resets) handler();
    },
    close: () => app.close(),
  };
}

export const serveFew = () => serveStripe(memoryWorld());
export type Served = Awaited<ReturnType<typeof serveFew>>;

/** A finalised invoice over $50.00 that nobody has tried to collect. */
export async function openInvoice(on: Served, customer: string): Promise<Stripe.Invoice> {
  const draft = await on.stripe.invoices.create({ customer });
  await on.stripe.invoiceItems.create({ customer, invoice: draft.id, amount: 5_000, description: 'Setup' });
  return on.stripe.invoices.finalizeInvoice(draft.id);
}
