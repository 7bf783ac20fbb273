import type { z } from 'zod';
import type { Sandbox } from '../core/types.ts';

/** One collection in memory, written through to the durable store. */
export class Kept<T> {
  readonly #records = new Map<string, T>();
  readonly #sandbox: Sandbox;
  readonly #name: string;
  readonly #schema: z.ZodType<T>;

  constructor(sandbox: Sandbox, name: string, schema: z.ZodType<T>) {
    this.#sandbox = sandbox;
    this.#name = name;
    this.#schema = schema;
    this.reload();
  }

  /** Reads again what is kept. */
  reload(): void {
    this.#records.clear();
    for (const row of this.#sandbox.keep.all(this.#name))
      this.#records.set(row.id, this.#schema.parse(row.value));
  }

  get(id: string): T | null {
    return this.#records.get(id) ?? null;
  }

  all(): T[] {
    return [...this.#records.values()];
  }

  set(id: string, record: T): void {
    this.#records.set(id, record);
    this.#sandbox.keep.set(this.#name, id, record);
  }

  delete(id: string): void {
    this.#records.delete(id);
    this.#sandbox.keep.delete(this.#name, id);
  }

  clear(): void {
    for (const id of [...this.#records.keys()]) this.delete(id);
  }
}
