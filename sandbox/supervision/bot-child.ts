import { type ChildProcess, fork } from 'node:child_process';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { StartError } from '../core/errors.ts';
import type { Environment } from '../core/simulated-environment.ts';

export interface BotChildOptions {
  /** The bot's main file, compiled. */
  entry: string;
  env: Environment;
  /** `http://127.0.0.1:3000`. */
  url: string;
  log(line: string): void;
  onPid(pid: number | null): void;
  readyWithinMs: number;
  /** Modules (file URLs) a bot standing by has loaded; none keeps no bot standing by. */
  modules: readonly string[];
}

const healthSchema = z.object({ ready: z.boolean(), mode: z.string() });

const FIRST_BACKOFF_MS = 100;
const LONGEST_BACKOFF_MS = 5_000;
const HEALTHY_AFTER_MS = 30_000;
const POLL_MS = 20;
/** The next bot loads while this one reads its sources: both cores have work, and a reset right after finds it ready. */
const STANDBY_AFTER_MS = 100;

/** Left alone, V8 lets garbage grow with the machine's memory; the bot lives well within this. */
const HEAP_LIMITS = ['--max-old-space-size=192', '--min-semi-space-size=8'];

/** The bot's process: started, watched, restarted when it dies unless it was told to stay down. */
export class BotChild {
  readonly #options: BotChildOptions;
  #child: ChildProcess | null = null;
  /** Loaded and waiting for the word to begin. */
  #standby: ChildProcess | null = null;
  #standbySoon: NodeJS.Timeout | null = null;
  #wanted = false;
  #wasReady = false;
  #startedAt = 0;
  #backoffMs = FIRST_BACKOFF_MS;
  #restart: NodeJS.Timeout | null = null;

  constructor(options: BotChildOptions) {
    this.#options = options;
  }

  /** Starts it and answers its mode once it is ready. Throws StartError when it ends before that. */
  async start(): Promise<string> {
    this.#wanted = true;
    this.#wasReady = false;
    this.#backoffMs = FIRST_BACKOFF_MS;
    const child = this.#spawn();
    const until = performance.now() + this.#options.readyWithinMs;
    while (performance.now() < until) {
      const mode = await this.#health();
      if (mode !== null && this.#child === child) {
        this.#wasReady = true;
        return mode;
      }
      if (this.#child !== child || child.exitCode !== null || child.signalCode !== null) {
        this.#giveUp();
        throw new StartError('The bot ended before it was ready; its reason stands above.');
      }
      await wait(POLL_MS);
    }
    await this.stop();
    throw new StartError(
      `The bot was not ready at ${this.#options.url}/healthz within ${this.#options.readyWithinMs / 1000} s.`,
    );
  }

  /** kill -9; it comes back by itself. Resolves once the process is gone. */
  async kill(): Promise<void> {
    await this.#end('SIGKILL');
  }

  /** kill -9 without a restart, for a bot whose store goes with it. */
  async stop(): Promise<void> {
    this.#giveUp();
    await this.#end('SIGKILL');
  }

  /** Asks it to end; after `graceMs` it has to. */
  async shutdown(graceMs: number): Promise<void> {
    this.#giveUp();
    if (this.#standbySoon !== null) clearTimeout(this.#standbySoon);
    this.#standby?.kill('SIGKILL');
    const child = this.#child;
    if (child === null) return;
    const force = setTimeout(() => child.kill('SIGKILL'), graceMs);
    await this.#end('SIGTERM');
    clearTimeout(force);
  }

  #giveUp(): void {
    this.#wanted = false;
    if (this.#restart !== null) clearTimeout(this.#restart);
    this.#restart = null;
  }

  async #end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    const child = this.#child;
    if (child === null || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    child.kill(signal);
    await gone;
  }

  #spawn(): ChildProcess {
    const { onPid } = this.#options;
    const child = this.#standby ?? this.#fork();
    this.#standby = null;
    child.removeAllListeners('exit');
    child.send('begin');
    this.#standByIn(STANDBY_AFTER_MS);
    this.#child = child;
    this.#startedAt = performance.now();
    onPid(child.pid ?? null);
    child.on('exit', (code, signal) => {
      if (this.#child !== child) return;
      this.#child = null;
      onPid(null);
      if (this.#wanted && this.#wasReady) this.#restartLater(code, signal);
    });
    return child;
  }

  #fork(): ChildProcess {
    const { entry, env, log, modules } = this.#options;
    const preload = import.meta.url.endsWith('.ts') ? './bot-preload.ts' : './bot-preload.js';
    const child = fork(entry, [], {
      env: { ...env, SANDBOX_BOT_MODULES: modules.join(',') },
      execArgv: [...HEAP_LIMITS, '--import', fileURLToPath(new URL(preload, import.meta.url))],
      stdio: ['ignore', process.stderr.fd, process.stderr.fd, 'ipc'],
    });
    child.on('error', (error) => log(`bot: ${error.message}`));
    return child;
  }

  /** The next bot loads its code while nobody waits for it. */
  #standByIn(delayMs: number): void {
    if (this.#options.modules.length === 0) return;
    if (this.#standbySoon !== null) clearTimeout(this.#standbySoon);
    this.#standbySoon = setTimeout(() => {
      if (!this.#wanted || this.#standby !== null) return;
      const standby = this.#fork();
      this.#standby = standby;
      standby.once('exit', () => {
        if (this.#standby === standby) this.#standby = null;
      });
    }, delayMs);
  }

  /** A healthy bot that was killed comes back at once; one that keeps falling over is given time. */
  #restartLater(code: number | null, signal: NodeJS.Signals | null): void {
    const upMs = performance.now() - this.#startedAt;
    if (upMs > HEALTHY_AFTER_MS || signal === 'SIGKILL') this.#backoffMs = FIRST_BACKOFF_MS;
    const delay = this.#backoffMs;
    this.#backoffMs = Math.min(delay * 2, LONGEST_BACKOFF_MS);
    const how = signal === null ? `ended with status ${code}` : `was ended by ${signal}`;
    this.#options.log(`The bot ${how}; it is started again in ${delay} ms.`);
    this.#restart = setTimeout(() => {
      this.#restart = null;
      if (this.#wanted) this.#spawn();
    }, delay);
  }

  async #health(): Promise<string | null> {
    try {
      const response = await fetch(`${this.#options.url}/healthz`, { signal: AbortSignal.timeout(1_000) });
      const health = healthSchema.parse(await response.json());
      return health.ready ? health.mode : null;
    } catch {
      return null;
    }
  }
}
