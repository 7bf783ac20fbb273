import { createHash } from 'node:crypto';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Anchor } from './anchor.ts';
import { copyBotStore } from './bot-store.ts';
import type { Entry, SandboxDatabase } from './key-value.ts';

/** Both sides of a workspace as they stood when the bot's first start in a world was over. */
export interface KeptWorld {
  entries: readonly Entry[];
  /** The simulated instant it was taken at; time goes on from there. */
  takenAt: number;
  /** The folder with the bot's store. */
  botStore: string;
}

export interface KeptWorldsParts {
  dataDir: string;
  db: Pick<SandboxDatabase, 'dump'>;
  now(): number;
  /** Resolves when nothing is under way anywhere. */
  idle(): Promise<void>;
  log(line: string): void;
}

const FOLDER = 'kept-worlds';
/** A world is some twenty megabytes at scale 1; tests go back and forth between two at most. */
const KEPT_AT_MOST = 2;

/**
 * Remembers what a world and its bot were like right after the first start, so that the next reset to the same world
 * need not read all the sources and write all the briefings again: it puts the files back and starts the bot on them.
 * A world is kept when somebody waits for it to be idle and nobody has done anything in it yet. All of it is forgotten
 * with the process.
 */
export class KeptWorlds {
  readonly #parts: KeptWorldsParts;
  readonly #kept = new Map<string, KeptWorld>();
  /** The world that stands and could be kept; null once anybody did something in it. */
  #untouched: string | null = null;

  constructor(parts: KeptWorldsParts) {
    this.#parts = parts;
    this.close();
  }

  /** The world kept under this name; the one used longest ago is the first to go. */
  find(name: string): KeptWorld | null {
    const kept = this.#kept.get(name) ?? null;
    if (kept) {
      this.#kept.delete(name);
      this.#kept.set(name, kept);
    }
    return kept;
  }

  /** A new world has begun that may be kept under `name`; null: not worth keeping, or put back just now. */
  begun(name: string | null): void {
    this.#untouched = name;
  }

  /** Somebody did something: what stands now is no longer what a first start leaves. */
  touched(): void {
    this.#untouched = null;
  }

  /** What stands now is worth keeping and not kept yet. */
  isWanted(): boolean {
    return this.#untouched !== null && !this.#kept.has(this.#untouched);
  }

  /** To be called when all is idle, with the time of the world standing still. Whoever waits for that waits for the copy as well, and finds it undisturbed. */
  async keepIfUntouched(): Promise<void> {
    const name = this.#untouched;
    if (name !== null && !this.#kept.has(name)) await this.#take(name);
  }

  close(): void {
    this.#kept.clear();
    rmSync(join(this.#parts.dataDir, FOLDER), { recursive: true, force: true });
  }

  async #take(name: string): Promise<void> {
    const { dataDir, db, now, idle, log } = this.#parts;
    const botStore = join(dataDir, FOLDER, createHash('sha256').update(name).digest('hex').slice(0, 16));
    try {
      const entries = db.dump();
      const takenAt = now();
      await copyBotStore(dataDir, botStore);
      await idle();
      const same = JSON.stringify(db.dump()) === JSON.stringify(entries);
      if (this.#untouched === name && same) this.#keep(name, { entries, takenAt, botStore });
      else rmSync(botStore, { recursive: true, force: true });
    } catch (error) {
      log(`A world could not be kept for the next reset: ${error instanceof Error ? error.message : error}`);
      this.#untouched = null;
    }
  }

  #keep(name: string, kept: KeptWorld): void {
    this.#kept.set(name, kept);
    for (const [oldest, { botStore }] of this.#kept) {
      if (this.#kept.size <= KEPT_AT_MOST) return;
      this.#kept.delete(oldest);
      rmSync(botStore, { recursive: true, force: true });
    }
  }
}

/** Names a world by all it comes from: its anchor, and the policy the bot read at its first start. */
export function worldName({ seed, now, scale }: Anchor, policyFile: string): string {
  let policy = '';
  try {
    policy = readFileSync(policyFile, 'utf8');
  } catch {
    // A bot without a policy is a world of its own as well.
  }
  return JSON.stringify([seed, now, scale, policy]);
}

/** Looking does not touch. Opening somebody's home does: the bot is told. */
export function touches(method: string, url: string): boolean {
  const { pathname, searchParams } = new URL(url, 'http://sandbox');
  if (!pathname.startsWith('/sandbox/')) return false;
  return method !== 'GET' || searchParams.has('open');
}
