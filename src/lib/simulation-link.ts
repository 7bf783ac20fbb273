import WebSocket from 'ws';
import { z } from 'zod';
import type { OffsetClock } from './clock.ts';
import { armFailpoint, FAILPOINTS } from './failpoints.ts';

/**
 * The bot's side of the simulated clock (PSI_CLOCK_URL). Absent in a real workspace.
 *
 * One WebSocket, JSON text messages. From the simulation:
 *   {type:'set', now, machine}   the time was `now` when this machine's own clock said `machine`, and ticks on
 *   {type:'step', id, now, machine}  set the time, run everything due at or before it, then answer `stepped`
 *   {type:'arm', failpoint|null} die at this failpoint
 *   {type:'model', base_url|null} use this OpenAI-compatible model instead of the configured one
 * From the bot: {type:'hello', failpoints, next_due}, {type:'stepped', id, next_due}. Instants are ISO UTC.
 */
const instant = z.iso.datetime({ offset: true }).transform((text) => Date.parse(text));
const messageSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('set'), now: instant, machine: instant }),
  z.object({ type: z.literal('step'), id: z.number(), now: instant, machine: instant }),
  z.object({ type: z.literal('arm'), failpoint: z.enum(FAILPOINTS).nullable() }),
  z.object({ type: z.literal('model'), base_url: z.url().nullable() }),
]);

export interface SimulationHandlers {
  /** Runs everything due at or before the clock's now. */
  runDue(): Promise<void>;
  /** The next instant at which something falls due, or null. */
  nextDueAt(): Promise<number | null>;
  useModel(baseUrl: string | null): void;
  onMalformed(text: string): void;
}

export interface SimulationLink {
  close(): void;
}

/** Connects and waits for the first `set`. Reconnects on its own for as long as it is open. */
export async function connectSimulation(
  url: string,
  clock: OffsetClock,
  handlers: SimulationHandlers,
): Promise<SimulationLink> {
  let open = true;
  let socket: WebSocket;
  let ready: () => void;
  const firstSet = new Promise<void>((resolve) => {
    ready = resolve;
  });

  const iso = (at: number | null) => (at === null ? null : new Date(at).toISOString());

  async function receive(text: string): Promise<void> {
    const parsed = messageSchema.safeParse(safeJson(text));
    if (!parsed.success) return handlers.onMalformed(text.slice(0, 200));
    const message = parsed.data;
    if (message.type === 'set') {
      clock.set(message.now, message.machine);
      ready();
    } else if (message.type === 'arm') {
      armFailpoint(message.failpoint);
    } else if (message.type === 'model') {
      handlers.useModel(message.base_url);
    } else {
      clock.set(message.now, message.machine);
      await handlers.runDue();
      socket.send(
        JSON.stringify({ type: 'stepped', id: message.id, next_due: iso(await handlers.nextDueAt()) }),
      );
    }
  }

  function connect(): void {
    socket = new WebSocket(url);
    socket.on('open', async () => {
      socket.send(
        JSON.stringify({ type: 'hello', failpoints: FAILPOINTS, next_due: iso(await handlers.nextDueAt()) }),
      );
    });
    socket.on('message', (data) => {
      receive(data.toString()).catch((error: unknown) => handlers.onMalformed(String(error)));
    });
    socket.on('error', () => undefined);
    socket.on('close', () => {
      if (open) setTimeout(connect, 200).unref();
    });
  }

  connect();
  await firstSet;
  return {
    close: () => {
      open = false;
      socket.close();
    },
  };
}

function safeJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
