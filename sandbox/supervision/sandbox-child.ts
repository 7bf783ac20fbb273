import { type ChildProcess, fork } from 'node:child_process';
import { StartError } from '../core/errors.ts';
import type { Environment } from '../core/simulated-environment.ts';
import { type ToSandbox, type ToSupervisor, toSupervisorSchema } from '../core/supervised-bot.ts';

export interface SandboxRequests {
  kill(): Promise<void>;
  stop(): Promise<void>;
  /** On an empty store, or on the copy in this folder. */
  startFresh(store: string | null): Promise<void>;
}

export interface SandboxChild {
  url: string;
  smtpUrl: string;
  tellPid(pid: number | null): void;
  /** Called when it ends without having been asked to. */
  onUnexpectedEnd(listener: (how: string) => void): void;
  shutdown(graceMs: number): Promise<void>;
}

/** Starts the sandbox's process and waits until it listens. Throws StartError with its own reason. */
export async function startSandboxChild(
  entry: string,
  env: Environment,
  requests: SandboxRequests,
): Promise<SandboxChild> {
  const child = fork(entry, [], {
    env: { ...env },
    execArgv: ['--enable-source-maps'],
    stdio: ['ignore', process.stderr.fd, process.stderr.fd, 'ipc'],
  });
  let leaving = false;
  const { url, smtpUrl } = await listening(child);
  child.on('message', (raw) => {
    const parsed = toSupervisorSchema.safeParse(raw);
    if (!parsed.success || !('id' in parsed.data)) return;
    void serve(child, requests, parsed.data);
  });
  return {
    url,
    smtpUrl,
    tellPid: (pid) => tell(child, { type: 'bot', pid }),
    onUnexpectedEnd: (listener) => {
      child.on('exit', (code, signal) => {
        if (!leaving) listener(signal ?? `status ${code}`);
      });
    },
    async shutdown(graceMs) {
      leaving = true;
      if (child.exitCode !== null || child.signalCode !== null) return;
      const force = setTimeout(() => child.kill('SIGKILL'), graceMs);
      const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
      child.kill('SIGTERM');
      await gone;
      clearTimeout(force);
    },
  };
}

function listening(child: ChildProcess): Promise<{ url: string; smtpUrl: string }> {
  return new Promise((resolve, reject) => {
    const onExit = (code: number | null) =>
      reject(new StartError(`The sandbox ended with status ${code} before it was ready.`));
    child.once('error', reject);
    child.once('exit', onExit);
    child.on('message', function first(raw) {
      const parsed = toSupervisorSchema.safeParse(raw);
      if (!parsed.success) return;
      if (parsed.data.type === 'failed') reject(new StartError(parsed.data.message));
      if (parsed.data.type === 'listening') {
        child.off('exit', onExit);
        child.off('message', first);
        resolve({ url: parsed.data.url, smtpUrl: parsed.data.smtp_url });
      }
    });
  });
}

async function serve(
  child: ChildProcess,
  requests: SandboxRequests,
  asked: Extract<ToSupervisor, { id: number }>,
): Promise<void> {
  try {
    if (asked.type === 'start_fresh') await requests.startFresh(asked.store);
    else await requests[asked.type]();
    tell(child, { type: 'done', id: asked.id, error: null });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    tell(child, { type: 'done', id: asked.id, error: message });
  }
}

function tell(child: ChildProcess, message: ToSandbox): void {
  if (child.connected) child.send(message, () => undefined);
}
