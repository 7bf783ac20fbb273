import type { ChargeRecord, DisputeRecord, RefundRecord, World } from '../world/records.ts';

/** One movement of the company's balance at Stripe. Amounts are minor units; what leaves the balance is below zero. */
export interface BalanceEntry {
  id: string;
  type: 'charge' | 'payment' | 'refund' | 'adjustment' | 'payout';
  category: 'charge' | 'refund' | 'dispute' | 'payout';
  /** The charge, refund or dispute behind it; of a payout its own id. */
  sourceId: string;
  currency: string;
  amount: number;
  fee: number;
  createdAt: number;
  availableAt: number;
}

const DAY_MS = 86_400_000;
/** Funds become available two days after they were charged. */
const AVAILABLE_AFTER_MS = 2 * DAY_MS;
/** What a card payment costs, by the currency it is settled in: basis points and a fixed part. */
const CARD_FEES: Record<string, { basisPoints: number; fixed: number }> = {
  USD: { basisPoints: 290, fixed: 30 },
  EUR: { basisPoints: 150, fixed: 25 },
  JPY: { basisPoints: 360, fixed: 0 },
};
/** A transfer to a bank account costs little, and never more than this. */
const TRANSFER_FEES: Record<string, { basisPoints: number; most: number }> = {
  USD: { basisPoints: 80, most: 500 },
  EUR: { basisPoints: 80, most: 500 },
  JPY: { basisPoints: 150, most: 600 },
};
const DISPUTE_FEES: Record<string, number> = { USD: 1_500, EUR: 2_000, JPY: 1_500 };

/** The id of the movement that a charge, refund or dispute makes: known without looking. */
export function balanceTransactionId(sourceId: string): string {
  return `txn_${sourceId.replace(/_/g, '')}`;
}

/**
 * The movements of the balance, derived from charges, refunds, disputes and daily payouts, each currency with a
 * balance of its own. Nothing is drawn by chance, so the same books always give the same ledger.
 */
export class BalanceLedger {
  private readonly world: World;
  private readonly entries: BalanceEntry[] = [];
  private readonly seen = { charges: 0, refunds: 0, disputes: 0 };
  private unpaid: BalanceEntry[] = [];
  private paidThroughAt: number | null = null;

  constructor(world: World) {
    this.world = world;
  }

  /** Everything up to now; only ever grows at its end. */
  all(): readonly BalanceEntry[] {
    const fresh = [
      ...this.unseen('charges').flatMap(chargeEntry),
      ...this.unseen('refunds').flatMap(refundEntry),
      ...this.unseen('disputes').map(disputeEntry),
    ].sort((a, b) => a.createdAt - b.createdAt);
    this.entries.push(...fresh);
    this.unpaid.push(...fresh);
    const first = this.entries[0];
    if (first !== undefined) this.payOut(first.createdAt);
    return this.entries;
  }

  private unseen<C extends 'charges' | 'refunds' | 'disputes'>(collection: C) {
    const all = this.world.all(collection);
    const fresh = all.slice(this.seen[collection]);
    this.seen[collection] = all.length;
    return fresh;
  }

  /** At each midnight (UTC) what has become available goes to the bank; a currency that owes waits until it does not. */
  private payOut(firstAt: number): void {
    let at = (this.paidThroughAt ?? Math.floor(firstAt / DAY_MS) * DAY_MS) + DAY_MS;
    for (; at <= this.world.now(); at += DAY_MS) {
      const sums = new Map<string, number>();
      for (const { availableAt, currency, amount, fee } of this.unpaid)
        if (availableAt <= at) sums.set(currency, (sums.get(currency) ?? 0) + amount - fee);
      const paid = [...sums].filter(([, sum]) => sum > 0);
      for (const [currency, sum] of paid) this.entries.push(payoutEntry(currency, sum, at));
      this.unpaid = this.unpaid.filter(
        ({ availableAt, currency }) => availableAt > at || !paid.some(([name]) => name === currency),
      );
      this.paidThroughAt = at;
    }
  }
}

function chargeEntry(charge: ChargeRecord): BalanceEntry[] {
  if (charge.status !== 'succeeded' || charge.amount === 0) return [];
  const { amount, currency, createdAt } = charge;
  const byCard = charge.paymentMethodId !== null;
  return [
    {
      id: balanceTransactionId(charge.id),
      type: byCard ? 'charge' : 'payment',
      category: 'charge',
      sourceId: charge.id,
      currency,
      amount,
      fee: byCard ? cardFee(amount, currency) : transferFee(amount, currency),
      createdAt,
      availableAt: createdAt + AVAILABLE_AFTER_MS,
    },
  ];
}

function cardFee(amount: number, currency: string): number {
  const { basisPoints, fixed } = CARD_FEES[currency] ?? { basisPoints: 0, fixed: 0 };
  return Math.min(amount, Math.round((amount * basisPoints) / 10_000) + fixed);
}

function transferFee(amount: number, currency: string): number {
  const { basisPoints, most } = TRANSFER_FEES[currency] ?? { basisPoints: 0, most: 0 };
  return Math.min(most, Math.round((amount * basisPoints) / 10_000));
}

/** Stripe keeps the fee of a payment that is given back. */
function refundEntry(refund: RefundRecord): BalanceEntry[] {
  if (refund.status !== 'succeeded') return [];
  const { id, amount, currency, createdAt } = refund;
  return [
    {
      ...{ id: balanceTransactionId(id), type: 'refund', category: 'refund', sourceId: id, currency },
      ...{ amount: -amount, fee: 0, createdAt, availableAt: createdAt },
    },
  ];
}

function disputeEntry(dispute: DisputeRecord): BalanceEntry {
  const { id, amount, currency, createdAt } = dispute;
  return {
    ...{ id: balanceTransactionId(id), type: 'adjustment', category: 'dispute', sourceId: id, currency },
    ...{ amount: -amount, fee: DISPUTE_FEES[currency] ?? 0, createdAt, availableAt: createdAt },
  };
}

function payoutEntry(currency: string, sum: number, at: number): BalanceEntry {
  const payout = `po_${Math.floor(at / DAY_MS)}${currency.toLowerCase()}`;
  return {
    ...{ id: balanceTransactionId(payout), type: 'payout', category: 'payout', sourceId: payout, currency },
    ...{ amount: -sum, fee: 0, createdAt: at, availableAt: at },
  };
}
