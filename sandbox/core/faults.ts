import { z } from 'zod';
import type { Fault, Faults } from './types.ts';

export const faultSchema = z.strictObject({
  system: z.enum(['slack', 'stripe', 'supabase', 'psizero', 'mail', 'model', 'web']),
  kind: z.enum([
    'duplicate',
    'drop_response',
    'rate_limit',
    'http_500',
    'slow',
    'disconnect',
    'stream_expired',
    'malformed',
    'out_of_order',
    'replay',
  ]),
  match: z.string().max(200).nullish(),
  count: z.int().min(1).max(10_000).default(1),
  ms: z.int().min(0).max(600_000).default(5_000),
  /** With `malformed`: only this field of each row is not as agreed. */
  drift: z
    .strictObject({
      field: z.string().min(1).max(100),
      how: z.enum(['missing', 'renamed', 'retyped', 'unknown_value', 'added']),
    })
    .optional(),
});

/** Planned faults, first come first served. They are of the moment: a restart forgets them. */
export function createFaults(): Faults {
  let planned: Fault[] = [];
  let last = 0;
  return {
    take(system, target, kinds) {
      const found = planned.find(
        (fault) =>
          fault.system === system &&
          kinds.includes(fault.kind) &&
          (fault.match === null || target.includes(fault.match)),
      );
      if (found === undefined) return null;
      found.remaining -= 1;
      if (found.remaining <= 0) planned = planned.filter((fault) => fault !== found);
      return { ...found };
    },
    add({ count, ...fault }) {
      last += 1;
      const id = `fault_${last}`;
      planned.push({ ...fault, id, remaining: count });
      return id;
    },
    list: () => planned.map((fault) => ({ ...fault })),
    clear: () => {
      planned = [];
    },
  };
}
