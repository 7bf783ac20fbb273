import type { LineShare } from '../invoice.ts';

/** Credit a customer bought or was given: a wallet's part, with its own end. */
export interface CreditGrant {
  id: string;
  name: string;
  currency: string;
  remainingMinor: bigint;
  grantedAt: number;
  /** The instant from which it is worth nothing; null: never. */
  expiresAt: number | null;
  /** Lower is used first; of equal ones what expires sooner, then the older, then by id. */
  priority: number;
  /** The prices it pays; null: all. Only lines can tell, so such credit is used before tax only. */
  priceIds: readonly string[] | null;
}

export interface AppliedCredit {
  creditId: string;
  name: string;
  amountMinor: bigint;
  /** Empty where it was used after tax. */
  shares: readonly LineShare[];
}

interface CreditableLine {
  key: string;
  priceId: string;
  amountMinor: bigint;
}

/** Credit used line by line, in their order, before tax; never below 0. */
export function creditLines(
  lines: readonly CreditableLine[],
  grants: readonly CreditGrant[],
  context: { currency: string; at: number },
): { credits: AppliedCredit[]; leftMinor: ReadonlyMap<string, bigint> } {
  const left = new Map(lines.map((line) => [line.key, line.amountMinor]));
  const credits: AppliedCredit[] = [];
  for (const grant of usable(grants, context)) {
    let remaining = grant.remainingMinor;
    const shares: LineShare[] = [];
    for (const line of lines) {
      if (grant.priceIds !== null && !grant.priceIds.includes(line.priceId)) continue;
      const taken = smaller(remaining, left.get(line.key) ?? 0n);
      if (taken <= 0n) continue;
      remaining -= taken;
      left.set(line.key, (left.get(line.key) ?? 0n) - taken);
      shares.push({ lineKey: line.key, amountMinor: taken });
    }
    const amountMinor = grant.remainingMinor - remaining;
    if (amountMinor > 0n) credits.push({ creditId: grant.id, name: grant.name, amountMinor, shares });
  }
  return { credits, leftMinor: left };
}

/** Credit used on what is owed after tax; never below 0. */
export function creditTotal(
  totalMinor: bigint,
  grants: readonly CreditGrant[],
  context: { currency: string; at: number },
): { credits: AppliedCredit[]; leftMinor: bigint } {
  let leftMinor = totalMinor;
  const credits: AppliedCredit[] = [];
  for (const grant of usable(grants, context)) {
    const amountMinor = grant.priceIds === null ? smaller(grant.remainingMinor, leftMinor) : 0n;
    if (amountMinor <= 0n) continue;
    leftMinor -= amountMinor;
    credits.push({ creditId: grant.id, name: grant.name, amountMinor, shares: [] });
  }
  return { credits, leftMinor };
}

/** What is left of each grant after an invoice used some. */
export function grantsAfter(grants: readonly CreditGrant[], used: readonly AppliedCredit[]): CreditGrant[] {
  return grants.map((grant) => {
    const taken = used.filter(({ creditId }) => creditId === grant.id);
    return {
      ...grant,
      remainingMinor: taken.reduce((left, { amountMinor }) => left - amountMinor, grant.remainingMinor),
    };
  });
}

function usable(
  grants: readonly CreditGrant[],
  { currency, at }: { currency: string; at: number },
): CreditGrant[] {
  return grants
    .filter(
      (grant) =>
        grant.currency === currency &&
        grant.remainingMinor > 0n &&
        grant.grantedAt <= at &&
        (grant.expiresAt === null || at < grant.expiresAt),
    )
    .sort(
      (one, other) =>
        one.priority - other.priority ||
        (one.expiresAt ?? Number.MAX_SAFE_INTEGER) - (other.expiresAt ?? Number.MAX_SAFE_INTEGER) ||
        one.grantedAt - other.grantedAt ||
        (one.id < other.id ? -1 : 1),
    );
}

function smaller(one: bigint, other: bigint): bigint {
  return one < other ? one : other;
}
