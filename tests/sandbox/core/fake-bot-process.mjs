// A bot process that does the least a bot must: it speaks the clock's protocol, answers /healthz and writes
// its store's file. FAKE_BOT_EXIT ends it at once, FAKE_BOT_DEAF makes it ignore SIGTERM.
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { WebSocket } from 'ws';

if (process.env.FAKE_BOT_EXIT) {
  process.stderr.write('PSI_SOMETHING is not valid.\n');
  process.exit(1);
}

writeFileSync(join(process.env.PSI_DATA_DIR, 'psi.db'), String(process.pid), { flag: 'a' });

if (process.env.PSI_CLOCK_URL) {
  let armed = null;
  const connect = () => {
    const socket = new WebSocket(process.env.PSI_CLOCK_URL);
    socket.on('open', () =>
      socket.send(JSON.stringify({ type: 'hello', failpoints: ['effect.sent'], next_due: null })),
    );
    socket.on('message', (data) => {
      const message = JSON.parse(String(data));
      if (message.type === 'arm') armed = message.failpoint;
      if (message.type !== 'step') return;
      if (armed !== null) process.kill(process.pid, 'SIGKILL');
      socket.send(JSON.stringify({ type: 'stepped', id: message.id, next_due: null }));
    });
    socket.on('error', () => undefined);
    socket.on('close', () => setTimeout(connect, 100));
  };
  connect();
}

createServer((_request, response) => {
  response.setHeader('content-type', 'application/json');
  response.end(
    JSON.stringify({ ready: true, mode: 'rules', pending: 0, stripe: process.env.STRIPE_API_URL ?? null }),
  );
}).listen(Number(process.env.PSI_HTTP_PORT), '127.0.0.1');

process.on('SIGTERM', () => {
  if (!process.env.FAKE_BOT_DEAF) process.exit(0);
});
