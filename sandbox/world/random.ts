/** Mixes two 32-bit integers into one; the whole company's chance is built from this, so it never depends on order. */
export function mix(a: number, b: number): number {
  let h = Math.imul(a ^ Math.imul(b + 0x9e3779b9, 0x85ebca6b), 0xc2b2ae35);
  h ^= h >>> 15;
  h = Math.imul(h, 0x27d4eb2f);
  h ^= h >>> 13;
  h = Math.imul(h, 0x165667b1);
  return (h ^ (h >>> 16)) >>> 0;
}

/** A 32-bit hash of a text. */
export function hashText(text: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  return mix(h >>> 0, text.length);
}

/** A number in [0, 1) that depends on nothing but its two keys. */
export function unit(a: number, b: number): number {
  return mix(a, b) / 4294967296;
}

interface Chance {
  /** In [0, 1). */
  next(): number;
  /** An integer in [0, below). */
  int(below: number): number;
  between(low: number, high: number): number;
  happens(probability: number): boolean;
  pick<T>(list: readonly [T, ...T[]]): T;
  /** One of the values, each as often as its weight says. */
  weighted<T>(list: readonly [readonly [T, number], ...(readonly [T, number])[]]): T;
}

/** A stream of draws of its own for one purpose: the same seed and keys give the same stream, whatever ran before. */
export function chance(seed: number, purpose: string, key: string | number = 0): Chance {
  const start = mix(mix(seed, hashText(purpose)), typeof key === 'number' ? key : hashText(key));
  let step = 0;
  const next = () => {
    step += 1;
    return unit(start, step);
  };
  const int = (below: number) => Math.floor(next() * below);
  return {
    next,
    int,
    between: (low, high) => low + next() * (high - low),
    happens: (probability) => next() < probability,
    pick: (list) => list[int(list.length)] ?? list[0],
    weighted: (list) => {
      let left = next() * list.reduce((sum, [, weight]) => sum + weight, 0);
      for (const [value, weight] of list) {
        left -= weight;
        if (left < 0) return value;
      }
      return list[0][0];
    },
  };
}
