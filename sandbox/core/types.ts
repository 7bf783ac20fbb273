import type { World } from '../world/records.ts';

export type FaultSystem = 'slack' | 'stripe' | 'supabase' | 'psizero' | 'mail' | 'model' | 'web';
export type FaultKind =
  | 'duplicate'
  | 'drop_response'
  | 'rate_limit'
  | 'http_500'
  | 'slow'
  | 'disconnect'
  | 'stream_expired'
  | 'malformed'
  | 'out_of_order'
  | 'replay';

/** A `malformed` answer that is sound JSON but for one field of its rows. */
export interface Drift {
  field: string;
  how: 'missing' | 'renamed' | 'retyped' | 'unknown_value' | 'added';
}

export interface Fault {
  id: string;
  system: FaultSystem;
  kind: FaultKind;
  match: string | null;
  remaining: number;
  ms: number;
  drift?: Drift | undefined;
}

/** Planned misbehaviour. A system asks before it answers or delivers; asking uses one up. */
export interface Faults {
  /** The next fault of one of these kinds whose `match` is in `target` (a method or a path). */
  take(system: FaultSystem, target: string, kinds: readonly FaultKind[]): Fault | null;
  add(fault: Omit<Fault, 'id' | 'remaining'> & { count: number }): string;
  list(): readonly Fault[];
  clear(): void;
}

/** Every change the bot made outside itself, as the outside saw it. */
export interface Effects {
  record(effect: {
    system: string;
    kind: string;
    key: string | null;
    customer: string | null;
    amountMinor: number | null;
    currency: string | null;
    payload: unknown;
  }): void;
}

/** Signed delivery to the bot: retried until 2xx, counted as pending until then; faults apply. */
export interface WebhookDeliverer {
  deliver(webhook: { system: 'stripe' | 'psizero' | 'mail'; path: string; id: string; body: string }): void;
  /** Deliveries not acknowledged yet. */
  pending(): number;
}

export interface SandboxConfig {
  port: number;
  dataDir: string;
  botUrl: string;
  slackBotToken: string;
  slackAppToken: string;
  slackSigningSecret: string;
  /** How events reach the bot: over connections it opens, or as requests to its own server. */
  slackMode: 'socket' | 'http';
  /** A second, small workspace is there from the beginning. */
  secondTeam: boolean;
  stripeSecretKey: string;
  stripeWebhookSecret: string;
  supabaseKey: string;
  psizeroToken: string;
  psizeroWebhookSecret: string;
}

/** What every stand-in is given. A stand-in exports `register...(app, sandbox)`, a Fastify plugin body. */
export interface Sandbox {
  config: SandboxConfig;
  world: World;
  faults: Faults;
  effects: Effects;
  webhooks: WebhookDeliverer;
  /** Durable key-value of a stand-in's own state; written before the request is answered. */
  keep: KeyValueStore;
  /** Runs at every reset, before the new world is announced. */
  onReset(handler: () => void): void;
  /** Runs after the handlers of a reset where the world is one kept from before: what is in `keep` is read again. */
  onRestore(handler: () => void): void;
}

export interface KeyValueStore {
  set(collection: string, id: string, value: unknown): void;
  delete(collection: string, id: string): void;
  all(collection: string): { id: string; value: unknown }[];
}
