import { randomBytes } from 'node:crypto';

/** `prefix_` and 96 random bits in lower-case hex. */
export function newId(prefix: string): string {
  return `${prefix}_${randomBytes(12).toString('hex')}`;
}
