import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SandboxClient } from './client.ts';
import { projectRoot } from './core/paths.ts';

export interface Launched {
  client: SandboxClient;
  botUrl: string;
  mode: string;
  dataDir: string;
  /** From the start of the process to the ready line. */
  readyMs: number;
  process: ChildProcess;
  /** What it wrote to stderr so far. */
  logs(): string;
  /** Ends it as Ctrl-C would; `keepData` leaves the data directory for another start. */
  stop(options?: { keepData?: boolean }): Promise<void>;
}

export interface LaunchOptions {
  env?: Record<string, string>;
  dataDir?: string;
  timeoutMs?: number;
  /** The workspace ends with this process, however it ends, and does not keep it running. */
  endsWithUs?: boolean;
}

/**
 * Starts the whole local workspace (sandbox and bot, compiled) on free ports with a data directory of its own,
 * and waits for the ready line.
 */
export async function launch(options: LaunchOptions = {}): Promise<Launched> {
  const root = projectRoot();
  const supervisor = join(root, 'dist/sandbox/supervisor.js');
  if (!existsSync(supervisor)) throw new Error('not built: run `npm run build` first');
  const dataDir = options.dataDir ?? mkdtempSync(join(tmpdir(), 'psi-'));
  const [sandboxPort, botPort] = await freePorts(2);
  const startedAt = performance.now();
  const child = spawn(process.execPath, [supervisor], {
    cwd: root,
    env: {
      ...withoutPsi(process.env),
      SANDBOX_PORT: String(sandboxPort),
      PSI_HTTP_PORT: String(botPort),
      PSI_DATA_DIR: dataDir,
      ...options.env,
    },
    stdio: options.endsWithUs ? ['ignore', 'pipe', 'pipe', 'ipc'] : ['ignore', 'pipe', 'pipe'],
  });
  let errors = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    errors = (errors + chunk.toString()).slice(-200_000);
  });
  const line = await readyLine(child, options.timeoutMs ?? 60_000, () => errors);
  if (options.endsWithUs) letGo(child);
  const part = (name: string) => new RegExp(`${name}=(\\S+)`).exec(line)?.[1] ?? '';
  return {
    client: new SandboxClient(part('sandbox')),
    botUrl: part('bot'),
    mode: part('mode'),
    dataDir,
    readyMs: performance.now() - startedAt,
    process: child,
    logs: () => errors,
    async stop({ keepData = false } = {}) {
      if (child.exitCode === null && child.signalCode === null) {
        const gone = new Promise((resolve) => child.once('exit', resolve));
        child.kill('SIGTERM');
        await gone;
      }
      if (!keepData) rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

function letGo(child: ChildProcess): void {
  child.unref();
  child.channel?.unref();
  for (const stream of [child.stdout, child.stderr]) if (stream instanceof Socket) stream.unref();
}

function readyLine(child: ChildProcess, timeoutMs: number, errors: () => string): Promise<string> {
  return new Promise((resolve, reject) => {
    let out = '';
    const timer = setTimeout(() => {
      child.kill('SIGTERM');
      reject(new Error(`no ready line within ${timeoutMs} ms\n${errors().slice(-4000)}`));
    }, timeoutMs);
    child.stdout?.on('data', (chunk: Buffer) => {
      out += chunk.toString();
      const line = out.split('\n').find((candidate) => candidate.startsWith('ready '));
      if (!line) return;
      clearTimeout(timer);
      resolve(line);
    });
    child.once('exit', (code) => {
      clearTimeout(timer);
      reject(
        new Error(`the workspace ended with status ${code} before it was ready\n${errors().slice(-4000)}`),
      );
    });
  });
}

/** The surrounding environment less everything that would make this workspace another one. */
function withoutPsi(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const ours = /^(PSI|SANDBOX|SLACK|STRIPE|SUPABASE|PSIZERO|SMTP|OPENAI)_/;
  return Object.fromEntries(Object.entries(env).filter(([name]) => !ours.test(name)));
}

async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from(
      { length: count },
      () =>
        new Promise<ReturnType<typeof createServer>>((resolve) => {
          const server = createServer();
          server.listen(0, '127.0.0.1', () => resolve(server));
        }),
    ),
  );
  const ports = servers.map((server) => {
    const address = server.address();
    return typeof address === 'object' && address ? address.port : 0;
  });
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}
