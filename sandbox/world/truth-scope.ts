import { companyDay } from './calendar.ts';
import { toCompany } from './money.ts';
import { COMPANY, type World } from './records.ts';

export interface TruthQuestion {
  /** Half-open; null: none was given. */
  period: { start: number; end: number } | null;
  at: number | null;
  customerId: string | null;
  currency: string | null;
}

export interface Truth {
  /** Money in major units of the company's currency; null where nothing can be said. */
  value: number | null;
  unit: 'money' | 'count' | 'ratio' | 'times' | 'days' | 'ms' | 'minutes' | 'score';
  minor?: number;
  currency?: string;
  /** How many records the number was made of. */
  rows: number;
  /** The same by group, where the query says so. */
  groups?: Record<string, number>;
}

export interface Scope {
  world: World;
  /** The period of a flow. */
  start: number;
  end: number;
  /** The instant of a snapshot. */
  at: number;
  customerId: string | null;
  currency: string | null;
}

export interface Owned {
  customerId: string;
  currency: string;
}

export const fits = (scope: Scope, row: Owned) =>
  (scope.customerId === null || row.customerId === scope.customerId) &&
  (scope.currency === null || row.currency === scope.currency);
export const within = (scope: Scope, at: number | null) => at !== null && at >= scope.start && at < scope.end;
export const currencyOf = (scope: Scope, customerId: string) =>
  scope.world.get('customers', customerId)?.currency ?? COMPANY.currency;

export function inCompany(scope: Scope, minor: bigint, currency: string, at: number): bigint {
  return toCompany(minor, currency, scope.world.fxRate(currency, companyDay(at)));
}

export function money(minor: bigint, rows: number): Truth {
  const number = Number(minor);
  return { value: number / 100, unit: 'money', minor: number, currency: COMPANY.currency, rows };
}

export const count = (value: number, rows = value): Truth => ({ value, unit: 'count', rows });

/** The median in milliseconds: of an even number the mean of the middle two, rounded half up. */
export function middle(durations: readonly number[]): Truth {
  const sorted = [...durations].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  const [low = 0, high = 0] = [sorted[sorted.length % 2 === 0 ? half - 1 : half], sorted[half]];
  const value = sorted.length === 0 ? null : Math.round((low + high) / 2);
  return { value, unit: 'ms', rows: sorted.length };
}
