import { z } from 'zod';
import type { SandboxDatabase } from './key-value.ts';
import type { Effects } from './types.ts';

const effectSchema = z.object({
  n: z.number(),
  at: z.string(),
  system: z.string(),
  kind: z.string(),
  key: z.string().nullable(),
  customer: z.string().nullable(),
  amount_minor: z.number().nullable(),
  currency: z.string().nullable(),
  payload: z.unknown(),
});

/** One change the bot made outside itself, as `GET /sandbox/effects` gives it. `at` is ISO, simulated. */
export type EffectRow = z.infer<typeof effectSchema>;

export interface EffectLog extends Effects {
  /** Effects numbered above `n`, in order. */
  since(n: number): EffectRow[];
  onRecord(listener: (effect: EffectRow) => void): void;
  clear(): void;
  /** Reads again what is kept. */
  reload(): void;
}

/** The durable log of effects, numbered from 1. */
export function createEffects(db: SandboxDatabase, now: () => number): EffectLog {
  const kept = () =>
    db
      .all('effects')
      .map((entry) => effectSchema.parse(entry.value))
      .sort((a, b) => a.n - b.n);
  let rows = kept();
  const listeners: ((effect: EffectRow) => void)[] = [];
  return {
    record(effect) {
      const row: EffectRow = {
        n: (rows.at(-1)?.n ?? 0) + 1,
        at: new Date(now()).toISOString(),
        system: effect.system,
        kind: effect.kind,
        key: effect.key,
        customer: effect.customer,
        amount_minor: effect.amountMinor,
        currency: effect.currency,
        payload: effect.payload ?? null,
      };
      db.set('effects', String(row.n), row);
      rows.push(row);
      for (const listener of listeners) listener(row);
    },
    since: (n) => rows.filter((row) => row.n > n),
    onRecord: (listener) => {
      listeners.push(listener);
    },
    clear: () => {
      rows = [];
    },
    reload: () => {
      rows = kept();
    },
  };
}
