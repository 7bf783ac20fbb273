import { randomUUID } from 'node:crypto';
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocket, WebSocketServer } from 'ws';
import type { Sandbox } from '../../core/types.ts';
import { BOT } from '../workspace.ts';

const SOCKET_PATH = '/slack/socket';
const MAX_CONNECTIONS = 10;
const PING_EVERY_MS = 5000;
const FAULT_POLL_MS = 250;
/** From the announcement of a disconnect to the end of the connection. A warning comes ten seconds before. */
const FAREWELL_MS = { refresh_requested: 1000, warning: 10_000 } as const;

export interface ConnectionListener {
  opened(): void;
  received(text: string): void;
  lost(connection: WebSocket): void;
}

/** Socket Mode's connections: single-use tickets, at most ten, kept alive by pings, closed by planned faults. */
export class Connections {
  readonly #sandbox: Sandbox;
  readonly #listener: ConnectionListener;
  readonly #server = new WebSocketServer({ noServer: true });
  readonly #tickets = new Set<string>();
  readonly #open: WebSocket[] = [];
  readonly #timers: NodeJS.Timeout[];
  #next = 0;
  #refreshing: NodeJS.Timeout | null = null;

  constructor(sandbox: Sandbox, listener: ConnectionListener) {
    this.#sandbox = sandbox;
    this.#listener = listener;
    this.#timers = [
      setInterval(() => this.#ping(), PING_EVERY_MS).unref(),
      setInterval(() => this.disconnectByFault(SOCKET_PATH), FAULT_POLL_MS).unref(),
    ];
  }

  get count(): number {
    return this.#open.length;
  }

  /** The path and query of a WebSocket URL that works once; null when there are ten connections already. */
  issueTicket(): string | null {
    if (this.#open.length >= MAX_CONNECTIONS) return null;
    const ticket = randomUUID();
    this.#tickets.add(ticket);
    return `${SOCKET_PATH}?ticket=${ticket}&app_id=${BOT.appId}`;
  }

  /** Takes the upgrades of its own path; others are left to whoever else listens. */
  attach(server: Server): void {
    server.on('upgrade', (request, socket, head) => {
      const url = new URL(request.url ?? '/', 'http://sandbox');
      if (url.pathname === SOCKET_PATH) this.#upgrade(request, socket, head, url);
    });
  }

  /** The next connection in turn, or null. */
  pick(): WebSocket | null {
    const open = this.#open.filter((each) => each.readyState === WebSocket.OPEN);
    this.#next += 1;
    return open[this.#next % Math.max(open.length, 1)] ?? null;
  }

  /** Ends one connection as Slack refreshes them, if that is planned for the target; `match: "warning"` warns. */
  disconnectByFault(target: string): void {
    if (this.#open.length === 0) return;
    const fault = this.#sandbox.faults.take('slack', `${target} refresh_requested warning`, ['disconnect']);
    if (fault) this.#refresh(fault.match === 'warning' ? 'warning' : 'refresh_requested');
  }

  /** Refreshes the oldest connection every so often, as Slack does about every hour; null for never. */
  refreshEvery(ms: number | null): void {
    if (this.#refreshing) clearInterval(this.#refreshing);
    this.#refreshing = ms === null ? null : setInterval(() => this.#refresh('refresh_requested'), ms).unref();
  }

  reset(): void {
    this.refreshEvery(null);
    this.#tickets.clear();
    for (const connection of this.#open.splice(0)) connection.terminate();
  }

  close(): void {
    for (const timer of this.#timers) clearInterval(timer);
    this.reset();
    this.#server.close();
  }

  /** A connection that was told to go gets no more deliveries; what it acknowledges meanwhile counts. */
  #refresh(reason: keyof typeof FAREWELL_MS): void {
    const connection = this.#open.shift();
    if (!connection) return;
    connection.send(JSON.stringify({ type: 'disconnect', reason, debug_info: { host: 'sandbox' } }));
    setTimeout(() => connection.close(), FAREWELL_MS[reason]).unref();
  }

  #ping(): void {
    for (const connection of this.#open) connection.ping();
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer, url: URL): void {
    if (!this.#tickets.delete(url.searchParams.get('ticket') ?? '')) {
      socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
      return;
    }
    this.#server.handleUpgrade(request, socket, head, (connection) => this.#welcome(connection));
  }

  #welcome(connection: WebSocket): void {
    this.#open.push(connection);
    connection.on('message', (data) => this.#listener.received(data.toString()));
    connection.on('error', () => connection.terminate());
    connection.on('close', () => {
      const at = this.#open.indexOf(connection);
      if (at >= 0) this.#open.splice(at, 1);
      this.#listener.lost(connection);
    });
    connection.send(
      JSON.stringify({
        type: 'hello',
        num_connections: this.#open.length,
        connection_info: { app_id: BOT.appId },
        debug_info: { host: 'sandbox', approximate_connection_time: 3600 },
      }),
    );
    this.#listener.opened();
  }
}
