import type { ServerResponse } from 'node:http';
import type { FastifyInstance } from 'fastify';

export interface LiveUpdates {
  /** Sends an event to every page that is open. */
  publish(event: 'slack' | 'effect' | 'mail' | 'clock' | 'reset', data: unknown): void;
  register(app: FastifyInstance, now: () => number): void;
  close(): void;
}

const HEARTBEAT_MS = 15_000;
/** A page that has not read this much is dropped; it reconnects and reads everything anew. */
const MOST_BUFFERED = 4_000_000;

/** Server-sent events at `GET /sandbox/stream`. */
export function createLiveUpdates(): LiveUpdates {
  const pages = new Set<ServerResponse>();

  function write(text: string): void {
    for (const page of pages) {
      if (page.writableLength > MOST_BUFFERED) {
        page.destroy();
        pages.delete(page);
      } else {
        page.write(text);
      }
    }
  }

  const heartbeat = setInterval(() => write(': still here\n\n'), HEARTBEAT_MS);
  heartbeat.unref();

  return {
    publish(event, data) {
      if (pages.size > 0) write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
    },
    register(app, now) {
      app.get('/sandbox/stream', (request, reply) => {
        reply.hijack();
        reply.raw.writeHead(200, {
          'content-type': 'text/event-stream; charset=utf-8',
          'cache-control': 'no-cache, no-transform',
        });
        reply.raw.write(
          `retry: 1000\nevent: hello\ndata: ${JSON.stringify({ now: new Date(now()).toISOString() })}\n\n`,
        );
        pages.add(reply.raw);
        request.raw.on('close', () => pages.delete(reply.raw));
      });
    },
    close() {
      clearInterval(heartbeat);
      for (const page of pages) page.end();
      pages.clear();
    },
  };
}
