import { execFileSync, spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const BIN = ['/usr/local/bin', '/usr/bin', '/usr/lib/postgresql/17/bin', '/usr/lib/postgresql/16/bin'].find(
  (folder) => ['initdb', 'postgres'].every((name) => existsSync(join(folder, name))),
);

/** Why no Postgres can be started here; null when one can. */
export function noPostgres(): string | null {
  if (BIN === undefined) return 'there is no initdb and postgres on this machine';
  if (process.getuid?.() === 0 && owner() === null)
    return 'Postgres does not run as root, and there is nobody else';
  return null;
}

/** Postgres refuses to run as root. */
function owner(): { uid: number; gid: number } | null {
  if (process.getuid?.() !== 0) return null;
  const id = (flag: string) => Number(spawnSync('id', [flag, 'nobody']).stdout.toString());
  const [uid, gid] = [id('-u'), id('-g')];
  return uid > 0 ? { uid, gid } : null;
}

/** A server of its own on a free port, with TLS under a CA made for it; its superuser is `psi` with password `secret`. */
export async function startPostgres() {
  const folder = mkdtempSync(join(tmpdir(), 'psi-pg-'));
  const nobody = owner();
  const as = nobody ?? {};
  const data = join(folder, 'data');
  mkdirSync(data, { mode: 0o700 });
  writeFileSync(join(folder, 'pw'), 'secret');
  certificates(folder);
  for (const path of [folder, data, ...readdirSync(folder).map((name) => join(folder, name))])
    if (nobody) chownSync(path, nobody.uid, nobody.gid);
  chmodSync(join(folder, 'server.key'), 0o600);
  const run = { ...as, env: { PATH: process.env.PATH, LANG: 'C.UTF-8', HOME: folder }, cwd: folder };
  execFileSync(
    join(BIN ?? '', 'initdb'),
    [
      '-D',
      data,
      '-U',
      'psi',
      '--auth=scram-sha-256',
      '--pwfile',
      join(folder, 'pw'),
      '-E',
      'UTF8',
      '--no-sync',
      '--no-instructions',
    ],
    { ...run, stdio: 'pipe' },
  );
  const port = await freePort();
  const settings = {
    listen_addresses: '127.0.0.1',
    port: String(port),
    unix_socket_directories: folder,
    ssl: 'on',
    ssl_cert_file: join(folder, 'server.crt'),
    ssl_key_file: join(folder, 'server.key'),
    fsync: 'off',
    shared_buffers: '16MB',
    max_connections: '20',
  };
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const server = spawn(join(BIN ?? '', 'postgres'), ['-D', data, ...flags], { ...run, stdio: 'pipe' });
  let log = '';
  server.stderr.on('data', (chunk: Buffer) => {
    log += chunk.toString();
  });
  for (let tries = 0; !log.includes('ready to accept connections'); tries += 1) {
    if (tries > 200 || server.exitCode !== null) throw new Error(`Postgres did not start: ${log}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return {
    ca: join(folder, 'ca.crt'),
    otherCa: join(folder, 'other.crt'),
    url: (query = 'sslmode=disable', host = '127.0.0.1', password = 'secret') =>
      `postgres://psi:${password}@${host}:${port}/postgres?${query}`,
    async stop() {
      const ended = new Promise((resolve) => server.once('exit', resolve));
      server.kill('SIGINT');
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A CA, a certificate it signed for "localhost" (not for 127.0.0.1), and another CA that signed nothing. */
function certificates(folder: string): void {
  const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' });
  const selfSigned = (name: string) =>
    openssl(
      'req',
      '-x509',
      '-newkey',
      'rsa:2048',
      '-nodes',
      '-days',
      '2',
      '-subj',
      `/CN=${name}`,
      '-keyout',
      `${name}.key`,
      '-out',
      `${name}.crt`,
    );
  selfSigned('ca');
  selfSigned('other');
  openssl(
    'req',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-subj',
    '/CN=localhost',
    '-keyout',
    'server.key',
    '-out',
    'server.csr',
  );
  writeFileSync(join(folder, 'san'), 'subjectAltName=DNS:localhost');
  openssl(
    'x509',
    '-req',
    '-in',
    'server.csr',
    '-CA',
    'ca.crt',
    '-CAkey',
    'ca.key',
    '-CAcreateserial',
    '-days',
    '2',
    '-extfile',
    'san',
    '-out',
    'server.crt',
  );
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      probe.close(() => resolve(port));
    });
  });
}
