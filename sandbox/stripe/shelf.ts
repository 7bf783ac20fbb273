import type { z } from 'zod';
import type { KeyValueStore } from '../core/types.ts';

/**
 * A durable collection of what Stripe knows and the company's books do not (coupons, metadata of customers ...).
 * A row that cannot be read any more is left out, not repaired.
 */
export class Shelf<T> {
  private readonly keep: KeyValueStore;
  private readonly collection: string;
  private readonly schema: z.ZodType<T>;
  private rows: Map<string, T> | null = null;
  private ordered: T[] = [];

  constructor(keep: KeyValueStore, collection: string, schema: z.ZodType<T>) {
    this.keep = keep;
    this.collection = collection;
    this.schema = schema;
  }

  get(id: string): T | undefined {
    return this.loaded().get(id);
  }

  /** In the order of first `set`. */
  all(): readonly T[] {
    this.loaded();
    return this.ordered;
  }

  set(id: string, value: T): void {
    const rows = this.loaded();
    const existing = rows.get(id);
    rows.set(id, value);
    if (existing === undefined) this.ordered.push(value);
    else this.ordered[this.ordered.indexOf(existing)] = value;
    this.keep.set(this.collection, id, value);
  }

  delete(id: string): void {
    const existing = this.loaded().get(id);
    if (existing === undefined) return;
    this.rows?.delete(id);
    this.ordered.splice(this.ordered.indexOf(existing), 1);
    this.keep.delete(this.collection, id);
  }

  clear(): void {
    for (const { id } of this.keep.all(this.collection)) this.keep.delete(this.collection, id);
    this.rows = new Map();
    this.ordered = [];
  }

  /** Reads again what is kept, when it is next asked for. */
  reload(): void {
    this.rows = null;
  }

  private loaded(): Map<string, T> {
    if (this.rows) return this.rows;
    const rows = new Map<string, T>();
    for (const { id, value } of this.keep.all(this.collection)) {
      const parsed = this.schema.safeParse(value);
      if (parsed.success) rows.set(id, parsed.data);
    }
    this.rows = rows;
    this.ordered = [...rows.values()];
    return rows;
  }
}
