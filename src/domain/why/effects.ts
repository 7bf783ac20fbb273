import { EFFECT_KINDS, type EffectKind, type Move } from './moves.ts';

export const NAMED_ACCOUNTS = 5;

/** One cause-free part of a change, with whom it is found at. Amounts are in the metric's own unit. */
export interface Effect {
  kind: EffectKind;
  value: number;
  /** Largest first, whichever way they went. */
  accounts: { id: string | null; name: string; value: number }[];
  /** Those not named; the named and these sum to the effect. */
  others: { count: number; value: number } | null;
}

/** Moves summed by kind, largest first; a kind that comes to nothing but moved both ways is kept. */
export function effectsOf(moves: readonly Move[]): Effect[] {
  const effects = EFFECT_KINDS.flatMap((kind) => {
    const accounts = accountsOf(moves.filter((move) => move.kind === kind));
    return accounts.length === 0 ? [] : [toEffect(kind, accounts)];
  });
  return effects.sort((a, b) => Math.abs(b.value) - Math.abs(a.value));
}

interface Account {
  id: string | null;
  name: string;
  by: bigint;
}

/** One entry an account; who comes to nothing is not spoken of. */
function accountsOf(moves: readonly Move[]): Account[] {
  const accounts = new Map<string | null, Account>();
  for (const { id, name, by } of moves) {
    const known = accounts.get(id);
    accounts.set(id, { id, name, by: (known?.by ?? 0n) + by });
  }
  const size = (by: bigint) => (by < 0n ? -by : by);
  return [...accounts.values()]
    .filter(({ by }) => by !== 0n)
    .sort((a, b) => {
      const difference = size(b.by) - size(a.by);
      return difference > 0n ? 1 : difference < 0n ? -1 : compareText(a.name, b.name);
    });
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function toEffect(kind: EffectKind, accounts: readonly Account[]): Effect {
  const sum = (part: readonly Account[]) => Number(part.reduce((total, { by }) => total + by, 0n));
  const rest = accounts.slice(NAMED_ACCOUNTS);
  return {
    kind,
    value: sum(accounts),
    accounts: accounts.slice(0, NAMED_ACCOUNTS).map(({ id, name, by }) => ({ id, name, value: Number(by) })),
    others: rest.length === 0 ? null : { count: rest.length, value: sum(rest) },
  };
}

/** The same of the parts of a ratio, which are fractions of it. */
export function ratioEffects(
  parts: readonly { kind: EffectKind; id: string | null; name: string; by: number }[],
): Effect[] {
  const effects = (['rate', 'mix'] as const).flatMap((kind) => {
    const own = parts
      .filter((part) => part.kind === kind && part.by !== 0)
      .sort((a, b) => Math.abs(b.by) - Math.abs(a.by) || compareText(a.name, b.name));
    if (own.length === 0) return [];
    const sum = (some: typeof own) => some.reduce((total, { by }) => total + by, 0);
    const rest = own.slice(NAMED_ACCOUNTS);
    const accounts = own.slice(0, NAMED_ACCOUNTS).map(({ id, name, by }) => ({ id, name, value: by }));
    const others = rest.length === 0 ? null : { count: rest.length, value: sum(rest) };
    return [{ kind, value: sum(own), accounts, others }];
  });
  return effects.sort((a, b) => Math.abs(b.value) - Math.abs(a.value));
}
