import type { Store } from './open-store.ts';

/** Which event replaces which, also where the one replaced has not come yet. */
export function createUsageCorrections({ sqlite }: Pick<Store, 'sqlite'>) {
  const find = sqlite.prepare<[number, string], { by_id: string }>(
    'SELECT by_id FROM usage_corrections WHERE source_no = ? AND corrected_id = ?',
  );
  const all = sqlite
    .prepare<[], [number, string]>('SELECT source_no, corrected_id FROM usage_corrections')
    .raw();
  const rows = sqlite.prepare<[], { n: number }>('SELECT COUNT(*) AS n FROM usage_corrections');
  const add = sqlite.prepare<[number, string, string, number | null]>(
    'INSERT INTO usage_corrections (source_no, corrected_id, by_id, original_hour) VALUES (?, ?, ?, ?)',
  );
  const came = sqlite.prepare<[number, number, string]>(
    'UPDATE usage_corrections SET original_hour = ? WHERE source_no = ? AND corrected_id = ?',
  );
  /** The ids that are replaced, of every source: there are few, and every event is held against them. */
  let replaced: Set<string> | null = null;
  const key = (sourceNo: number, id: string) => `${sourceNo} ${id}`;
  return {
    begin(): void {
      if (replaced?.size === rows.get()?.n) return;
      replaced = new Set();
      for (const [sourceNo, id] of all.iterate()) replaced.add(key(sourceNo, id));
    },
    /** The event that replaces this one; null when none does. */
    of(sourceNo: number, id: string): string | null {
      if (replaced === null || replaced.size === 0 || !replaced.has(key(sourceNo, id))) return null;
      return find.get(sourceNo, id)?.by_id ?? null;
    },
    add(sourceNo: number, correctedId: string, byId: string, originalHour: number | null): void {
      add.run(sourceNo, correctedId, byId, originalHour);
      replaced?.add(key(sourceNo, correctedId));
    },
    originalCame: (sourceNo: number, correctedId: string, hour: number) => {
      came.run(hour, sourceNo, correctedId);
    },
    /** After a transaction was rolled back. */
    forget(): void {
      replaced = null;
    },
  };
}
