import type { Server } from 'node:http';
import { type WebSocket, WebSocketServer } from 'ws';
import { z } from 'zod';
import { ControlError } from './errors.ts';

const instant = z.iso.datetime({ offset: true }).transform((text) => Date.parse(text));

const messageSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('hello'), failpoints: z.array(z.string()), next_due: instant.nullable() }),
  z.object({ type: z.literal('stepped'), id: z.number(), next_due: instant.nullable() }),
]);

export interface ClockLink {
  connected(): boolean;
  /** Names the bot told at its last connection; empty before the first. */
  failpoints(): readonly string[];
  /** The bot runs everything due up to `at`; answers the next due instant. Rejects when the bot goes away. */
  step(at: number): Promise<number | null>;
  /** Tells the bot the time, so that what is signed at `at` does not come to it from the future. */
  set(at: number): Promise<void>;
  /** Arms a failpoint; it is disarmed by the bot's next connection. */
  arm(name: string): Promise<void>;
  /** Which model the bot is to use from now on, also after it reconnects. */
  useModel(baseUrl: string | null): Promise<void>;
  /** Resolves once a bot is connected. Rejects after `timeoutMs`. */
  whenConnected(timeoutMs: number): Promise<void>;
  close(): void;
}

export class BotGone extends Error {
  override name = 'BotGone';
}

/**
 * The simulation's end of the bot's clock: a WebSocket at `/clock` of `server`. The newest connection counts.
 * `modelUrl` is what a bot that connects is told to use.
 */
export function createClockLink(
  server: Server,
  now: () => number,
  modelUrl: () => string | null,
  log: (line: string) => void,
): ClockLink {
  const sockets = new WebSocketServer({ noServer: true, maxPayload: 1_000_000 });
  const steps = new Map<number, { resolve(next: number | null): void; reject(error: Error): void }>();
  let waiting: (() => void)[] = [];
  let current: WebSocket | null = null;
  let greeted = false;
  let failpoints: readonly string[] = [];
  let lastStep = 0;

  server.on('upgrade', (request, socket, head) => {
    if (new URL(request.url ?? '/', 'http://localhost').pathname !== '/clock') return;
    sockets.handleUpgrade(request, socket, head, attach);
  });

  function attach(socket: WebSocket): void {
    current?.terminate();
    dropSteps();
    current = socket;
    greeted = false;
    socket.on('message', (data) => receive(socket, String(data)));
    socket.on('error', () => undefined);
    socket.on('close', () => {
      if (current !== socket) return;
      current = null;
      greeted = false;
      dropSteps();
    });
    send(socket, { type: 'set', ...time(now()) });
    send(socket, { type: 'arm', failpoint: null });
    const url = modelUrl();
    if (url !== null) send(socket, { type: 'model', base_url: url });
  }

  function receive(socket: WebSocket, text: string): void {
    if (socket !== current) return;
    const parsed = messageSchema.safeParse(parseJson(text));
    if (!parsed.success) {
      log(`clock: the bot sent something unreadable: ${text.slice(0, 200)}`);
      return;
    }
    const message = parsed.data;
    if (message.type === 'stepped') {
      steps.get(message.id)?.resolve(message.next_due);
      steps.delete(message.id);
      return;
    }
    failpoints = message.failpoints;
    greeted = true;
    for (const tell of waiting) tell();
    waiting = [];
  }

  function dropSteps(): void {
    for (const step of steps.values()) step.reject(new BotGone('The bot went away during a step.'));
    steps.clear();
  }

  /** Answers when the bot has handled everything sent so far: it pongs in order. */
  function handled(socket: WebSocket): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        socket.off('pong', done);
        socket.off('close', done);
        resolve();
      };
      const timer = setTimeout(done, 1_000);
      socket.once('pong', done);
      socket.once('close', done);
      socket.ping();
    });
  }

  return {
    connected: () => current !== null && greeted,
    failpoints: () => failpoints,
    step(at) {
      const socket = current;
      if (socket === null) return Promise.reject(new BotGone('No bot is connected to the clock.'));
      lastStep += 1;
      const id = lastStep;
      return new Promise((resolve, reject) => {
        steps.set(id, { resolve, reject });
        send(socket, { type: 'step', id, ...time(at) });
      });
    },
    async set(at) {
      const socket = current;
      if (socket === null) return;
      send(socket, { type: 'set', ...time(at) });
      await handled(socket);
    },
    async arm(name) {
      if (!failpoints.includes(name)) {
        const known = failpoints.length > 0 ? failpoints.join(', ') : 'none until a bot connects';
        throw new ControlError(400, 'unknown_failpoint', `There is no failpoint "${name}". Known: ${known}.`);
      }
      const socket = current;
      if (socket === null)
        throw new ControlError(409, 'bot_away', 'No bot is connected; try again in a moment.');
      send(socket, { type: 'arm', failpoint: name });
      await handled(socket);
    },
    async useModel(baseUrl) {
      const socket = current;
      if (socket === null) return;
      send(socket, { type: 'model', base_url: baseUrl });
      await handled(socket);
    },
    whenConnected(timeoutMs) {
      if (current !== null && greeted) return Promise.resolve();
      return new Promise((resolve, reject) => {
        const timer = setTimeout(
          () => reject(new BotGone(`No bot connected to the clock within ${timeoutMs} ms.`)),
          timeoutMs,
        );
        waiting.push(() => {
          clearTimeout(timer);
          resolve();
        });
      });
    },
    close() {
      dropSteps();
      for (const socket of sockets.clients) socket.terminate();
      sockets.close();
    },
  };
}

function send(socket: WebSocket, message: unknown): void {
  socket.send(JSON.stringify(message), () => undefined);
}

/** The simulated time beside the machine's own, so that it is right however long the message takes. */
const time = (at: number) => ({ now: iso(at), machine: iso(Date.now()) });

const iso = (at: number) => new Date(at).toISOString();

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
