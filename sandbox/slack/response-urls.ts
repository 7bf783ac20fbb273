import { randomBytes } from 'node:crypto';
import type { Message } from './records.ts';

const LIVES_MS = 30 * 60_000;
const USES = 5;

export interface ResponseTarget {
  channel: string;
  user: string;
  threadTs: string | null;
  /** The message whose button was pressed; null for a slash command. */
  messageTs: string | null;
}

interface Issued extends ResponseTarget {
  issuedAt: number;
  usesLeft: number;
  firstAnswer: ((message: Message | null) => void) | null;
}

/** The URLs that come with clicks and commands: five answers within half an hour. */
export class ResponseUrls {
  readonly #issued = new Map<string, Issued>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** The path of a fresh URL. */
  issue(target: ResponseTarget): string {
    const id = randomBytes(12).toString('hex');
    this.#issued.set(id, { ...target, issuedAt: this.#now(), usesLeft: USES, firstAnswer: null });
    return `/slack/respond/${id}`;
  }

  /** Where an answer goes, or null when the URL is unknown, used up or too old. */
  use(id: string): ResponseTarget | null {
    const issued = this.#issued.get(id);
    if (!issued || issued.usesLeft === 0 || this.#now() - issued.issuedAt > LIVES_MS) return null;
    issued.usesLeft -= 1;
    return issued;
  }

  /** Resolves to the first answer given through the URL, or to null after `withinMs` of real time. */
  firstAnswer(path: string, withinMs: number): Promise<Message | null> {
    const issued = this.#issued.get(path.slice(path.lastIndexOf('/') + 1));
    if (!issued) return Promise.resolve(null);
    return new Promise((resolve) => {
      const timer = setTimeout(() => resolve(null), withinMs);
      issued.firstAnswer = (message) => {
        clearTimeout(timer);
        resolve(message);
      };
    });
  }

  answered(id: string, message: Message | null): void {
    this.#issued.get(id)?.firstAnswer?.(message);
  }

  reset(): void {
    this.#issued.clear();
  }
}
