import type { Store } from './open-store.ts';

/** Numbers that stand for the names of sources, customers, meters and groups, in rows of which there are millions. */
export interface UsageNames {
  /** The number of a name, given one if it has none. */
  number(name: string): number;
  /** Null when no row can have it. */
  known(name: string): number | null;
  name(no: number): string;
  /** After a transaction was rolled back: numbers given in it are nobody's. */
  forget(): void;
}

export function createUsageNames({ sqlite }: Pick<Store, 'sqlite'>): UsageNames {
  const numbers = new Map<string, number>();
  const names = new Map<number, string>();
  const find = sqlite.prepare<[string], { no: number }>('SELECT no FROM usage_names WHERE name = ?');
  const spell = sqlite.prepare<[number], { name: string }>('SELECT name FROM usage_names WHERE no = ?');
  const add = sqlite.prepare<[string]>('INSERT INTO usage_names (name) VALUES (?)');
  const keep = (no: number, name: string) => {
    numbers.set(name, no);
    names.set(no, name);
    return no;
  };
  const known = (name: string): number | null => {
    const no = numbers.get(name) ?? find.get(name)?.no;
    return no === undefined ? null : keep(no, name);
  };
  return {
    known,
    number: (name) => numbers.get(name) ?? known(name) ?? keep(Number(add.run(name).lastInsertRowid), name),
    name(no) {
      const name = names.get(no) ?? spell.get(no)?.name ?? '';
      keep(no, name);
      return name;
    },
    forget() {
      numbers.clear();
      names.clear();
    },
  };
}
