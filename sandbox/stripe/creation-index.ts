export interface Entry {
  id: string;
  at: number;
  order: number;
}

export interface Indexed<R> {
  /** Records in the order they were made; only ever grows at its end. */
  source: () => readonly R[];
  id: (record: R) => string;
  createdAt: (record: R) => number;
  /** Fields that never change once a record exists, by which it is looked up. */
  keys: Record<string, (record: R) => string | null>;
}

/**
 * Records by creation, oldest first, whole and by key. New records are picked up at the next look; a look costs
 * nothing when there are none.
 */
export class CreationIndex<R> {
  private readonly of: Indexed<R>;
  private seen = 0;
  private readonly entries: Entry[] = [];
  private readonly byId = new Map<string, Entry>();
  private readonly groups = new Map<string, Map<string, Entry[]>>();

  constructor(of: Indexed<R>) {
    this.of = of;
  }

  all(): readonly Entry[] {
    this.pickUp();
    return this.entries;
  }

  /** Entries whose `key` is `value`, perhaps none; all where no value is asked for. */
  by(key: string, value: string | undefined): readonly Entry[] {
    if (value === undefined) return this.all();
    this.pickUp();
    return this.groups.get(key)?.get(value) ?? [];
  }

  entry(id: string): Entry | undefined {
    this.pickUp();
    return this.byId.get(id);
  }

  private pickUp(): void {
    const source = this.of.source();
    if (source.length === this.seen) return;
    const fresh: Entry[] = [];
    for (let order = this.seen; order < source.length; order += 1) {
      const record = source[order];
      if (record === undefined) continue;
      const entry = { id: this.of.id(record), at: this.of.createdAt(record), order };
      fresh.push(entry);
      this.byId.set(entry.id, entry);
      this.file(record, entry);
    }
    this.seen = source.length;
    fresh.sort(older);
    for (const entry of fresh) insert(this.entries, entry);
  }

  private file(record: R, entry: Entry): void {
    for (const [key, read] of Object.entries(this.of.keys)) {
      const value = read(record);
      if (value === null) continue;
      const group = this.groups.get(key) ?? new Map<string, Entry[]>();
      this.groups.set(key, group);
      const list = group.get(value) ?? [];
      group.set(value, list);
      insert(list, entry);
    }
  }
}

function older(a: Entry, b: Entry): number {
  return a.at - b.at || a.order - b.order;
}

function insert(list: Entry[], entry: Entry): void {
  const last = list[list.length - 1];
  if (last === undefined || older(last, entry) < 0) list.push(entry);
  else list.splice(firstNotBefore(list, entry), 0, entry);
}

/** Position of the first entry that is not older than `mark`; the length when all are older. */
export function firstNotBefore(list: readonly Entry[], mark: { at: number; order: number }): number {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const entry = list[middle];
    if (entry !== undefined && (entry.at - mark.at || entry.order - mark.order) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
