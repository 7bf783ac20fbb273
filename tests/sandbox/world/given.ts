import Fastify, { type FastifyInstance } from 'fastify';
import type { KeyValueStore, Sandbox } from '../../../sandbox/core/types.ts';
import type { SimulatedWorld } from '../../../sandbox/world/simulated-world.ts';
import { createWorld } from '../../../sandbox/world/world.ts';

export const NOW = Date.parse('2026-11-20T18:20:00Z');

/** A small company: everybody with a story and a few dozen others. */
export function smallWorld(
  options: { seed?: number; now?: number; saved?: KeyValueStore } = {},
): SimulatedWorld {
  return createWorld({ seed: 7, now: NOW, scale: 0.1, ...options });
}

/** Keeps values as JSON, as a database would. */
export function memoryStore(): KeyValueStore {
  const collections = new Map<string, Map<string, string>>();
  const collection = (name: string) => {
    const known = collections.get(name) ?? new Map<string, string>();
    collections.set(name, known);
    return known;
  };
  return {
    set: (name, id, value) => {
      collection(name).set(id, JSON.stringify(value));
    },
    delete: (name, id) => {
      collection(name).delete(id);
    },
    all: (name) => [...collection(name)].map(([id, value]) => ({ id, value: JSON.parse(value) })),
  };
}

export interface Delivered {
  system: string;
  path: string;
  id: string;
  body: string;
}

/** A sandbox of one world whose webhooks are only noted. */
export function sandboxOf(world: SimulatedWorld): { sandbox: Sandbox; delivered: Delivered[] } {
  const delivered: Delivered[] = [];
  const sandbox: Sandbox = {
    config: {
      port: 0,
      dataDir: '',
      botUrl: '',
      slackBotToken: '',
      slackAppToken: '',
      slackSigningSecret: '',
      slackMode: 'socket',
      secondTeam: false,
      stripeSecretKey: '',
      stripeWebhookSecret: '',
      supabaseKey: 'supabase-key',
      psizeroToken: 'psizero-token',
      psizeroWebhookSecret: '',
    },
    world,
    faults: { take: () => null, add: () => 'fault', list: () => [], clear: () => undefined },
    effects: { record: () => undefined },
    webhooks: {
      deliver: (webhook) => {
        delivered.push(webhook);
      },
      pending: () => 0,
    },
    keep: memoryStore(),
    onReset: () => undefined,
    onRestore: () => undefined,
  };
  return { sandbox, delivered };
}

/** An application with one stand-in mounted, as the sandbox mounts it. */
export function serving(
  register: (app: FastifyInstance, sandbox: Sandbox) => void,
  sandbox: Sandbox,
): FastifyInstance {
  const app = Fastify();
  register(app, sandbox);
  return app;
}
