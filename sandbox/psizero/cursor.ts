import { z } from 'zod';

/** Where a reader has come to: the last row it was given, in the order of (updated_at, id). */
export interface Place {
  updatedAt: number;
  id: string;
}

const encoded = z.tuple([z.int().min(0), z.string()]);

export function writeCursor({ updatedAt, id }: Place): string {
  return Buffer.from(JSON.stringify([updatedAt, id])).toString('base64url');
}

/** Null when the text is no cursor of ours. */
export function readCursor(text: string): Place | null {
  try {
    const [updatedAt, id] = encoded.parse(JSON.parse(Buffer.from(text, 'base64url').toString('utf8')));
    return { updatedAt, id };
  } catch {
    return null;
  }
}

export function isAfter(row: Place, place: Place | null): boolean {
  if (place === null) return true;
  return row.updatedAt === place.updatedAt ? row.id > place.id : row.updatedAt > place.updatedAt;
}

export function inOrder(a: Place, b: Place): number {
  if (a.updatedAt !== b.updatedAt) return a.updatedAt - b.updatedAt;
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}
