import { App, type AppOptions, LogLevel } from '@slack/bolt';
import Fastify from 'fastify';
import type { Fault, Faults, KeyValueStore, Sandbox } from '../../../sandbox/core/types.ts';
import { isObject, type JsonObject, objectAt, objectsAt, textAt } from '../../../sandbox/slack/json.ts';
import { registerSlack } from '../../../sandbox/slack/register.ts';
import type { World } from '../../../sandbox/world/records.ts';

const START_AT = Date.UTC(2026, 10, 20, 17, 0, 0);

class MemoryKeep implements KeyValueStore {
  readonly #rows = new Map<string, Map<string, string>>();

  set(collection: string, id: string, value: unknown): void {
    const rows = this.#rows.get(collection) ?? new Map<string, string>();
    rows.set(id, JSON.stringify(value));
    this.#rows.set(collection, rows);
  }

  delete(collection: string, id: string): void {
    this.#rows.get(collection)?.delete(id);
  }

  all(collection: string): { id: string; value: unknown }[] {
    return [...(this.#rows.get(collection) ?? [])].map(([id, text]) => ({ id, value: JSON.parse(text) }));
  }
}

class PlannedFaults implements Faults {
  #faults: Fault[] = [];

  take(system: Fault['system'], target: string, kinds: readonly Fault['kind'][]): Fault | null {
    const fault = this.#faults.find(
      (each) =>
        each.system === system &&
        kinds.includes(each.kind) &&
        (each.match === null || target.includes(each.match)),
    );
    if (!fault) return null;
    fault.remaining -= 1;
    this.#faults = this.#faults.filter((each) => each.remaining > 0);
    return fault;
  }

  add(fault: Omit<Fault, 'id' | 'remaining'> & { count: number }): string {
    const { count, ...rest } = fault;
    this.#faults.push({ ...rest, id: 'fault', remaining: count });
    return 'fault';
  }

  list(): readonly Fault[] {
    return this.#faults;
  }

  clear(): void {
    this.#faults = [];
  }
}

/** A world that has a clock and nothing else: Slack asks no more of it. */
function clockWorld() {
  let offsetMs = START_AT - Date.now();
  const refuse = () => {
    throw new Error('Slack has no business with the books');
  };
  const world: World = {
    anchor: { seed: 7, now: START_AT, scale: 1 },
    now: () => Date.now() + offsetMs,
    get: refuse,
    all: refuse,
    of: refuse,
    put: refuse,
    emit: refuse,
    onChange: refuse,
    newId: refuse,
    advanceTo: (at) => {
      offsetMs = at - Date.now();
    },
    usage: refuse,
    usagePieces: refuse,
    performance: refuse,
    fxRate: refuse,
  };
  return world;
}

interface Answer {
  status: number;
  body: JsonObject;
}

export type Seen = JsonObject & { ts: string; plain: string };

function answerBody(body: unknown): JsonObject {
  if (!isObject(body)) throw new Error('the answer is not a JSON object');
  return body;
}

/** A text deep in an answer: `field(body, 'error.code')`. */
export function field(body: JsonObject, path: string): string {
  const keys = path.split('.');
  const last = keys.pop() ?? '';
  const parent = keys.reduce<JsonObject | null>((at, key) => objectAt(at, key), body);
  return textAt(parent, last) ?? '';
}

export type SlackWorld = Awaited<ReturnType<typeof startSlack>>;

/** The simulated Slack on a port of its own. Give `keep` to continue an earlier one, `http` to have events posted. */
export async function startSlack(
  keep: KeyValueStore = new MemoryKeep(),
  http: { botUrl: string } | null = null,
) {
  const resets: (() => void)[] = [];
  const faults = new PlannedFaults();
  const world = clockWorld();
  const sandbox: Sandbox = {
    config: {
      port: 0,
      dataDir: '',
      botUrl: http?.botUrl ?? '',
      slackBotToken: 'xoxb-test',
      slackAppToken: 'xapp-test',
      slackSigningSecret: 'signing-test',
      slackMode: http === null ? 'socket' : 'http',
      secondTeam: false,
      stripeSecretKey: '',
      stripeWebhookSecret: '',
      supabaseKey: '',
      psizeroToken: '',
      psizeroWebhookSecret: '',
    },
    world,
    faults,
    effects: { record: () => undefined },
    webhooks: { deliver: () => undefined, pending: () => 0 },
    keep,
    onReset: (handler) => resets.push(handler),
    onRestore: () => undefined,
  };
  const fastify = Fastify({ forceCloseConnections: true });
  const slack = registerSlack(fastify, sandbox);
  slack.attachSocket(fastify.server);
  await fastify.listen({ port: 0, host: '127.0.0.1' });
  const address = fastify.server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const origin = `http://127.0.0.1:${port}`;

  async function call(method: string, path: string, body?: unknown): Promise<Answer> {
    const response = await fetch(`${origin}${path}`, {
      method,
      ...(body === undefined
        ? {}
        : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });
    return { status: response.status, body: answerBody(await response.json()) };
  }

  return {
    origin,
    faults,
    keep,
    slack,
    world,
    get: async (path: string) => (await call('GET', path)).body,
    post: async (path: string, body: unknown) => (await call('POST', path, body)).body,
    call,
    /** A Web API call as the bot, with a JSON body. */
    async api(method: string, args: Record<string, unknown>, token = 'xoxb-test') {
      const response = await fetch(`${origin}/api/${method}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
        body: JSON.stringify(args),
      });
      return answerBody(await response.json());
    },
    /** What is to be seen; `query` as in the control API. */
    async messages(query: string): Promise<Seen[]> {
      const { body } = await call('GET', `/sandbox/messages?${query}`);
      return objectsAt(body, 'messages').map((message) => ({
        ...message,
        ts: textAt(message, 'ts') ?? '',
        plain: textAt(message, 'plain') ?? '',
      }));
    },
    reset: () => {
      for (const handler of resets) handler();
    },
    close: async () => {
      slack.close();
      await fastify.close();
    },
  };
}

/** An ordinary Bolt app in Socket Mode that knows nothing of the simulation but its address. */
export async function startBolt(origin: string, prepare: (app: App) => void, options: AppOptions = {}) {
  const app = new App({
    token: 'xoxb-test',
    appToken: 'xapp-test',
    socketMode: true,
    clientOptions: { slackApiUrl: `${origin}/api/` },
    logLevel: LogLevel.ERROR,
    ...options,
  });
  app.error(async () => undefined);
  prepare(app);
  await app.start();
  return app;
}

/** A workspace with one Bolt app in it; both end together. */
export async function startWithBolt(prepare: (app: App) => void) {
  const world = await startSlack();
  const app = await startBolt(world.origin, prepare);
  return {
    ...world,
    app,
    close: async () => {
      await app.stop();
      await until(() => world.slack.connections() === 0);
      await world.close();
    },
  };
}

/** Resolves as soon as the condition holds; fails after `withinMs`. */
export async function until(condition: () => boolean | Promise<boolean>, withinMs = 5000): Promise<void> {
  const last = performance.now() + withinMs;
  while (!(await condition())) {
    if (performance.now() > last) throw new Error('it did not come to pass in time');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
