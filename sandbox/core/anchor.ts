import { z } from 'zod';
import type { RequestedAnchor } from './config.ts';
import { StartError } from './errors.ts';
import type { SandboxDatabase } from './key-value.ts';

/** What a world is made from; the same three give the same company. */
export interface Anchor {
  seed: number;
  now: number;
  scale: number;
}

const anchorSchema = z.object({ seed: z.number(), now: z.number(), scale: z.number() });

export const DEFAULT_SEED = 7;
export const DEFAULT_SCALE = 1;

/** The anchor of the saved world, or null where there is none yet. Throws StartError for an unreadable one. */
export function savedAnchor(db: SandboxDatabase): Anchor | null {
  const saved = db.get('core', 'anchor');
  if (saved === undefined) return null;
  const parsed = anchorSchema.safeParse(saved);
  if (!parsed.success) {
    throw new StartError(
      'The saved world in PSI_DATA_DIR cannot be read. Run `npm run reset` to make a new one.',
    );
  }
  return parsed.data;
}

export function saveAnchor(db: SandboxDatabase, anchor: Anchor): void {
  db.set('core', 'anchor', anchor);
}

/**
 * Continues the saved world or begins one at `realNow`. Throws StartError where the request names another
 * world than the saved one.
 */
export function resolveAnchor(db: SandboxDatabase, requested: RequestedAnchor, realNow: number): Anchor {
  const saved = savedAnchor(db);
  if (saved === null) {
    return {
      seed: requested.seed ?? DEFAULT_SEED,
      now: requested.now ?? realNow,
      scale: requested.scale ?? DEFAULT_SCALE,
    };
  }
  refuseOther('SANDBOX_SEED', requested.seed, saved.seed, String);
  refuseOther('SANDBOX_NOW', requested.now, saved.now, (at) => new Date(at).toISOString());
  refuseOther('SANDBOX_SCALE', requested.scale, saved.scale, String);
  return saved;
}

function refuseOther(
  variable: string,
  wanted: number | null,
  saved: number,
  show: (value: number) => string,
): void {
  if (wanted === null || wanted === saved) return;
  throw new StartError(
    `${variable} asks for ${show(wanted)}, but the world in PSI_DATA_DIR was made with ${show(saved)}. ` +
      'Run `npm run reset` first to make a new world, or leave the variable out to continue this one.',
  );
}
