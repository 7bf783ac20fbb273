import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocket } from 'ws';

/** A bot that only keeps a timetable: it speaks the clock's protocol and answers `/healthz`. */
export interface FakeBot {
  url: string;
  pending: number;
  /** Instants at which something is due. */
  due: number[];
  /** What the clock sent, in order. */
  received: { type: string; now?: string; failpoint?: string | null; base_url?: string | null }[];
  connect(origin: string): Promise<void>;
  /** Goes away during the next step, as a killed process would. */
  dieOnNextStep: boolean;
  close(): Promise<void>;
}

export async function startFakeBot(): Promise<FakeBot> {
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ ready: true, mode: 'rules', pending: bot.pending }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address() as AddressInfo;
  let socket: WebSocket | null = null;

  const nextDue = () => {
    const first = [...bot.due].sort((a, b) => a - b)[0];
    return first === undefined ? null : new Date(first).toISOString();
  };
  const bot: FakeBot = {
    url: `http://127.0.0.1:${address.port}`,
    pending: 0,
    due: [],
    received: [],
    dieOnNextStep: false,
    async connect(origin) {
      const opened = new WebSocket(`${origin.replace('http', 'ws')}/clock`);
      socket = opened;
      opened.on('message', (data) => {
        const message = JSON.parse(String(data));
        bot.received.push(message);
        if (message.type !== 'step') return;
        if (bot.dieOnNextStep) {
          bot.dieOnNextStep = false;
          opened.terminate();
          setTimeout(() => void bot.connect(origin), 50);
          return;
        }
        const now = Date.parse(message.now);
        bot.due = bot.due.filter((at) => at > now);
        opened.send(JSON.stringify({ type: 'stepped', id: message.id, next_due: nextDue() }));
      });
      await new Promise<void>((resolve) => opened.once('open', () => resolve()));
      opened.send(
        JSON.stringify({ type: 'hello', failpoints: ['effect.sent', 'card.settled'], next_due: nextDue() }),
      );
    },
    async close() {
      socket?.terminate();
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
  return bot;
}
