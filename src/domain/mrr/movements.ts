import { dayNameAt } from '../periods/calendar.ts';
import type { MrrPolicy } from './policy.ts';
import { replaySubscription } from './replay.ts';
import type { TimelineEvent, Transition } from './timeline.ts';

export type MovementKind = 'new' | 'expansion' | 'contraction' | 'churn' | 'reactivation';

/** A change of a customer's MRR; `amountMinor` is positive whatever the kind. */
export interface Movement {
  at: number;
  customer: string;
  /** The subscription that moved last. */
  subscription: string;
  kind: MovementKind;
  amountMinor: number;
}

/** One UTC calendar month: closing = opening + new + expansion + reactivation - contraction - churn. */
export interface MonthlyMovements {
  month: string;
  opening: number;
  new: number;
  expansion: number;
  contraction: number;
  churn: number;
  reactivation: number;
  closing: number;
  activeCustomers: number;
}

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/** Every movement a timeline makes under a policy, in order of time. */
export function movementsOf(events: readonly TimelineEvent[], policy: MrrPolicy): Movement[] {
  return movementsFrom(transitionsOf(events, policy), policy, 'UTC');
}

/** Every subscription's amounts over time under a policy. */
export function transitionsOf(events: readonly TimelineEvent[], policy: MrrPolicy): Transition[] {
  const bySubscription = groupBy(events, (event) => event.subscription);
  return [...bySubscription.values()].flatMap((own) => replaySubscription(own, policy));
}

/** The movements of customers that their subscriptions' changes make, in order of time; months are those of `tz`. */
export function movementsFrom(transitions: readonly Transition[], policy: MrrPolicy, tz: string): Movement[] {
  return [...groupBy(transitions, (transition) => transition.customer).values()]
    .flatMap((own) => countedMonths(customerMovements(own, policy), policy, tz))
    .sort((a, b) => a.at - b.at);
}

/** Under `neither`, what was won and lost within one month was never there; who comes back after it is new. */
function countedMonths(movements: Movement[], policy: MrrPolicy, tz: string): Movement[] {
  if (policy.sameMonthNewAndChurn === 'both') return movements;
  const kept: Movement[] = [];
  let run: Movement[] = [];
  let counted = false;
  for (const movement of movements) {
    const begins = isBeginning(movement);
    if (begins && run.length > 0) kept.push(...run.splice(0));
    run.push(begins && !counted ? { ...movement, kind: 'new' } : movement);
    if (movement.kind !== 'churn') continue;
    const first = run[0];
    const within = first && isBeginning(first) && monthAt(first.at, tz) === monthAt(movement.at, tz);
    if (!within) {
      kept.push(...run);
      counted = true;
    }
    run = [];
  }
  return [...kept, ...run];
}

function isBeginning({ kind }: Movement): boolean {
  return kind === 'new' || kind === 'reactivation';
}

function monthAt(at: number, tz: string): string {
  return dayNameAt(at, tz).slice(0, 7);
}

function groupBy<T>(items: readonly T[], key: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(key(item));
    if (group) group.push(item);
    else groups.set(key(item), [item]);
  }
  return groups;
}

interface CustomerState {
  amounts: Map<string, number>;
  /** When the customer last fell to nothing, and whether that was churn. */
  lost: { at: number; kind: MovementKind } | null;
  everPaid: boolean;
}

function customerMovements(transitions: readonly Transition[], policy: MrrPolicy): Movement[] {
  const state: CustomerState = { amounts: new Map(), lost: null, everPaid: false };
  const ordered = [...transitions].sort((a, b) => a.at - b.at);
  return together(ordered, policy.groupingMinutes).flatMap((group) => {
    const movement = applyGroup(state, group, policy);
    return movement ? [movement] : [];
  });
}

/** Runs of changes within the window of the first of each; null is the instant itself. */
function together(ordered: readonly Transition[], minutes: number | null): Transition[][] {
  const groups: Transition[][] = [];
  for (const transition of ordered) {
    const current = groups.at(-1);
    const firstAt = current?.[0]?.at;
    const near =
      minutes !== 0 && firstAt !== undefined && transition.at - firstAt <= (minutes ?? 0) * MINUTE_MS;
    if (current && near) current.push(transition);
    else groups.push([transition]);
  }
  return groups;
}

function total(amounts: ReadonlyMap<string, number>): number {
  return [...amounts.values()].reduce((sum, amount) => sum + amount, 0);
}

function applyGroup(state: CustomerState, group: readonly Transition[], policy: MrrPolicy): Movement | null {
  const before = total(state.amounts);
  for (const { subscription, monthlyMinor } of group) state.amounts.set(subscription, monthlyMinor);
  const after = total(state.amounts);
  const first = group[0];
  if (!first || before === after) return null;
  const kind = kindOf(before, after, group, state, policy);
  if (after === 0) state.lost = { at: first.at, kind };
  if (after > 0) state.everPaid = true;
  const { at, customer } = first;
  const subscription = group.at(-1)?.subscription ?? first.subscription;
  return { at, customer, subscription, kind, amountMinor: Math.abs(after - before) };
}

function kindOf(
  before: number,
  after: number,
  group: readonly Transition[],
  state: CustomerState,
  policy: MrrPolicy,
): MovementKind {
  if (before === 0) return returning(state, group[0]?.at ?? 0, policy);
  if (after > 0) return after > before ? 'expansion' : 'contraction';
  const cause = group.at(-1)?.cause;
  if (cause === 'pause') return policy.pause === 'contraction' ? 'contraction' : 'churn';
  return cause === 'change' ? policy.freeCustomers : 'churn';
}

/** A customer at nothing who pays again. */
function returning({ everPaid, lost }: CustomerState, at: number, policy: MrrPolicy): MovementKind {
  if (!everPaid || !lost) return 'new';
  if (lost.kind === 'contraction') return 'expansion';
  const days = (at - lost.at) / DAY_MS;
  return policy.reactivationDays !== null && days > policy.reactivationDays ? 'new' : 'reactivation';
}

/** Movements summed by UTC month, from the first month with one to the last; quiet months between are listed. */
export function monthlyMovements(movements: readonly Movement[]): MonthlyMovements[] {
  const byMonth = groupBy(movements, (movement) => new Date(movement.at).toISOString().slice(0, 7));
  const months = [...byMonth.keys()].sort();
  const amounts = new Map<string, number>();
  const rows: MonthlyMovements[] = [];
  let opening = 0;
  for (const month of monthsBetween(months[0], months.at(-1))) {
    const row = sumMonth(month, opening, byMonth.get(month) ?? [], amounts);
    rows.push(row);
    opening = row.closing;
  }
  return rows;
}

function monthsBetween(first: string | undefined, last: string | undefined): string[] {
  if (first === undefined || last === undefined) return [];
  const months: string[] = [];
  let [year = 0, month = 1] = first.split('-').map(Number);
  for (;;) {
    const name = `${year}-${String(month).padStart(2, '0')}`;
    months.push(name);
    if (name >= last) return months;
    [year, month] = month === 12 ? [year + 1, 1] : [year, month + 1];
  }
}

function sumMonth(
  month: string,
  opening: number,
  movements: readonly Movement[],
  amounts: Map<string, number>,
): MonthlyMovements {
  const sums = { new: 0, expansion: 0, contraction: 0, churn: 0, reactivation: 0 };
  for (const { kind, amountMinor, customer } of movements) {
    sums[kind] += amountMinor;
    const sign = kind === 'contraction' || kind === 'churn' ? -1 : 1;
    amounts.set(customer, (amounts.get(customer) ?? 0) + sign * amountMinor);
  }
  const closing = opening + sums.new + sums.expansion + sums.reactivation - sums.contraction - sums.churn;
  const activeCustomers = [...amounts.values()].filter((amount) => amount > 0).length;
  return { month, opening, ...sums, closing, activeCustomers };
}
