const BITS_AN_ID = 16;
const PROBES = 8;
const FIRST_CAPACITY = 1 << 17;

interface Layer {
  words: Uint32Array;
  bits: number;
  room: number;
}

/** Remembers ids in two bytes each: it never forgets one, and takes about one strange id in 1,500 for known. */
export interface IdFilter {
  mayHave(space: number, id: string): boolean;
  /** `mayHave`, and remembers it if not. */
  meets(space: number, id: string): boolean;
  add(space: number, id: string): void;
  /** How many were added. */
  size(): number;
}

/** A Bloom filter that grows by layers of doubled size, so that nothing has to be read again when it does. */
export function createIdFilter(expected = 0): IdFilter {
  const layers: Layer[] = [];
  let size = 0;
  const grow = () => {
    const room = Math.max(FIRST_CAPACITY, expected, size);
    // A power of two, so that a place is a mask away.
    const bits = 2 ** Math.ceil(Math.log2(room * BITS_AN_ID));
    const layer = { words: new Uint32Array(bits / 32), bits, room: bits / BITS_AN_ID };
    layers.push(layer);
    return layer;
  };
  let newest = grow();
  const hash = { one: 0, two: 0 };
  const put = () => {
    if (newest.room <= 0) newest = grow();
    newest.room -= 1;
    size += 1;
    const mask = newest.bits - 1;
    for (let probe = 0, place = hash.one; probe < PROBES; probe += 1, place += hash.two) {
      const bit = place & mask;
      newest.words[bit >>> 5] = (newest.words[bit >>> 5] ?? 0) | (1 << (bit & 31));
    }
  };
  return {
    mayHave(space, id) {
      hashOf(space, id, hash);
      return layers.some((layer) => has(layer, hash.one, hash.two));
    },
    meets(space, id) {
      hashOf(space, id, hash);
      for (const layer of layers) if (has(layer, hash.one, hash.two)) return true;
      put();
      return false;
    },
    add(space, id) {
      hashOf(space, id, hash);
      put();
    },
    size: () => size,
  };
}

function has({ words, bits }: Layer, one: number, two: number): boolean {
  const mask = bits - 1;
  for (let probe = 0, place = one; probe < PROBES; probe += 1, place += two) {
    const bit = place & mask;
    if (((words[bit >>> 5] ?? 0) & (1 << (bit & 31))) === 0) return false;
  }
  return true;
}

/** Two independent 32-bit hashes; the second is odd, so that its multiples reach every place. */
function hashOf(space: number, id: string, into: { one: number; two: number }): void {
  let a = 0xdeadbeef ^ space;
  let b = 0x41c6ce57 ^ space;
  for (let i = 0; i < id.length; i += 1) {
    const code = id.charCodeAt(i);
    a = Math.imul(a ^ code, 0x9e3779b1);
    b = Math.imul(b ^ code, 0x5f356495);
  }
  a = Math.imul(a ^ (a >>> 16), 0x85ebca6b) ^ Math.imul(b ^ (b >>> 13), 0xc2b2ae35);
  b = Math.imul(b ^ (b >>> 16), 0x85ebca6b) ^ Math.imul(a ^ (a >>> 13), 0xc2b2ae35);
  into.one = a >>> 0;
  into.two = (b | 1) >>> 0;
}
