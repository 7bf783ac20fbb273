import { UserError } from '../../../lib/errors.ts';
import { compare, type Exact, exact, negate, ZERO } from '../../money/exact.ts';
import type { InvoiceLine, LineKind, ServicePeriod } from '../invoice.ts';
import { lineKey } from '../line-key.ts';
import { type ProrationRule, prorate, shareOf } from '../proration.ts';

/** What one price of a subscription costs for a whole period. */
export interface PeriodCharge {
  priceId: string;
  name: string;
  kind: Extract<LineKind, 'base' | 'seats' | 'add_on'>;
  quantity: Exact;
  /** For the whole period in minor units, after the coupons in force: a proration contains its discount. */
  amountMinor: Exact;
  /** False: a change in the middle of a period costs and returns nothing. */
  prorated: boolean;
}

/** From `at` on, a price of the subscription costs this; null: it is gone (removed, cancelled, paused). */
export interface ChargeChange {
  at: number;
  /** As the source numbered its changes: of two at one instant to one price, the higher holds. */
  sequence: number;
  priceId: string;
  charge: PeriodCharge | null;
}

export interface ChangedPeriod {
  subscriptionId: string;
  /** The interval that prices are for. */
  whole: ServicePeriod;
  /** What of it is served; the whole unless cut by a start or an end. */
  served: ServicePeriod;
  /** What held before all changes; a change at or before the first instant of `served` counts as from there. */
  initial: readonly PeriodCharge[];
  /** In any order. */
  changes: readonly ChargeChange[];
  rule: ProrationRule;
  tz: string;
}

/** One price over a stretch in which nothing about it changes. */
interface Stretch {
  period: ServicePeriod;
  charge: PeriodCharge | null;
}

/**
 * What stops every price at `at`: a pause, a cancellation at once, or a period cut by a moved anchor. Resuming is a
 * change back to what it was.
 */
export function stopCharges(charges: readonly PeriodCharge[], at: number, sequence: number): ChargeChange[] {
  return charges.map(({ priceId }) => ({ at, sequence, priceId, charge: null }));
}

/**
 * Lines for changes of what was billed in advance, as Stripe writes them: for every change a credit for the unused rest
 * of what held before and a debit for the rest of what holds from then on. Changes at one instant count as one, so
 * their order does not matter; what changed back within an instant leaves no line. The period's own lines
 * (`periodLines` of `initial`) are not among these.
 */
export function prorateInAdvance(period: ChangedPeriod): InvoiceLine[] {
  return pricesOf(period).flatMap((priceId) => {
    const stretches = stretchesOf(period, priceId);
    return stretches.slice(1).flatMap((stretch, index) => {
      const before = stretches[index]?.charge ?? null;
      const rest = { startAt: stretch.period.startAt, endAt: period.served.endAt };
      return [
        ...(before ? prorationLines(period, before, rest, 'credit') : []),
        ...(stretch.charge ? prorationLines(period, stretch.charge, rest, 'debit') : []),
      ];
    });
  });
}

/** Lines at the end of the period for what was served in it: one for each price and stretch without a change. */
export function prorateInArrears(period: ChangedPeriod): InvoiceLine[] {
  return pricesOf(period).flatMap((priceId) =>
    stretchesOf(period, priceId).flatMap((stretch) => {
      if (!stretch.charge) return [];
      return [chargeLine(period, stretch.charge, stretch.period)];
    }),
  );
}

/** Lines in advance for the period as it begins: what holds at its first instant. */
export function periodLines(period: ChangedPeriod): InvoiceLine[] {
  return pricesOf(period).flatMap((priceId) => {
    const charge = stretchesOf(period, priceId)[0]?.charge;
    if (!charge) return [];
    const { subscriptionId, served, whole } = period;
    // A period that is cut later keeps its line's key, so that a re-run gives back the rest on one line.
    const asPlanned = { startAt: served.startAt, endAt: whole.endAt };
    const key = lineKey({ subscriptionId, priceId, kind: charge.kind, period: asPlanned });
    return [{ ...chargeLine(period, charge, served), key }];
  });
}

function chargeLine(period: ChangedPeriod, charge: PeriodCharge, part: ServicePeriod): InvoiceLine {
  return lineOf(period, charge, part, { kind: charge.kind, sign: 1n });
}

function prorationLines(
  period: ChangedPeriod,
  charge: PeriodCharge,
  rest: ServicePeriod,
  role: 'credit' | 'debit',
): InvoiceLine[] {
  if (!charge.prorated) return [];
  const line = lineOf(period, charge, rest, { kind: 'proration', sign: role === 'credit' ? -1n : 1n, role });
  return line.exactMinor.numerator === 0n ? [] : [line];
}

function lineOf(
  period: ChangedPeriod,
  charge: PeriodCharge,
  part: ServicePeriod,
  as: { kind: LineKind; sign: 1n | -1n; role?: 'credit' | 'debit' },
): InvoiceLine {
  const { subscriptionId, whole, rule, tz } = period;
  const share = charge.prorated ? shareOf(part, whole, rule, tz) : unprorated(part, period.served);
  const signed = as.sign === 1n ? charge.amountMinor : negate(charge.amountMinor);
  const { exactMinor, amountMinor } = prorate(signed, share, rule);
  const unbroken = compare(share, exact(1n)) === 0;
  return {
    key: lineKey({ subscriptionId, priceId: charge.priceId, kind: as.kind, period: part, role: as.role }),
    kind: as.kind,
    priceId: charge.priceId,
    name: charge.name,
    group: null,
    quantity: charge.quantity,
    period: part,
    amountMinor,
    exactMinor,
    steps: [
      { rule: 'flat', quantity: charge.quantity, unitAmount: null, amount: signed },
      ...(unbroken ? [] : [{ rule: 'proration', quantity: share, unitAmount: signed, amount: exactMinor }]),
    ],
    discountable: as.kind !== 'proration',
  };
}

/** A price that is not prorated is owed whole by the stretch that begins what is served. */
function unprorated(part: ServicePeriod, served: ServicePeriod): Exact {
  return part.startAt === served.startAt ? exact(1n) : ZERO;
}

function pricesOf({ initial, changes }: ChangedPeriod): string[] {
  return [...new Set([...initial, ...changes].map(({ priceId }) => priceId))].sort();
}

function stretchesOf(period: ChangedPeriod, priceId: string): Stretch[] {
  const { startAt, endAt } = period.served;
  const changes = lastOfEachInstant(period.changes.filter((change) => change.priceId === priceId));
  const early = changes.filter(({ at }) => at <= startAt).at(-1);
  const initial = period.initial.find((charge) => charge.priceId === priceId) ?? null;
  const edges = [
    { at: startAt, charge: early ? early.charge : initial },
    ...changes.filter(({ at }) => startAt < at && at < endAt),
  ];
  const parts = edges.map(({ at, charge }, index) => ({
    period: { startAt: at, endAt: edges[index + 1]?.at ?? endAt },
    charge,
  }));
  return joined(parts);
}

/** Neighbours that cost the same are one: a change to itself is none. */
function joined(parts: readonly Stretch[]): Stretch[] {
  const result: Stretch[] = [];
  for (const part of parts) {
    const last = result.at(-1);
    if (last && sameCharge(last.charge, part.charge))
      last.period = { ...last.period, endAt: part.period.endAt };
    else result.push({ ...part });
  }
  return result;
}

function sameCharge(one: PeriodCharge | null, other: PeriodCharge | null): boolean {
  if (!one || !other) return one === other;
  return compare(one.amountMinor, other.amountMinor) === 0 && compare(one.quantity, other.quantity) === 0;
}

function lastOfEachInstant(changes: readonly ChargeChange[]): ChargeChange[] {
  const last = new Map<number, ChargeChange>();
  for (const change of changes) {
    const known = last.get(change.at);
    if (known?.sequence === change.sequence && !sameCharge(known.charge, change.charge)) {
      throw new UserError(
        'conflict',
        `Two changes of "${change.priceId}" have the same number ${change.sequence}.`,
      );
    }
    if (!known || known.sequence < change.sequence) last.set(change.at, change);
  }
  return [...last.values()].sort((one, other) => one.at - other.at);
}
