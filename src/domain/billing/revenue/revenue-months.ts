import { dateAt } from '../../periods/calendar.ts';
import type { ServicePeriod } from '../invoice.ts';
import { monthName, recogniseByMonth } from './recognise.ts';

/** What a month moved in each account, as that account counts: assets and income up, a balance in favour down below 0. */
export interface RevenueMonth {
  month: string;
  receivableMinor: bigint;
  cashMinor: bigint;
  /** Credit of the customer, contra to the receivable: used credit is below 0. */
  customerBalanceMinor: bigint;
  revenueMinor: bigint;
  deferredMinor: bigint;
}

export interface InvoiceForRevenue {
  amountMinor: bigint;
  period: ServicePeriod;
  invoicedAt: number;
  /** Of the customer's credit balance, used on it. */
  balanceUsedMinor: bigint;
  payments: readonly { at: number; amountMinor: bigint }[];
}

/**
 * The months of an invoice: what is earned by the day of its service period, what waits as deferred, what is receivable
 * until it is paid. In every month receivable + cash - customer balance = revenue + deferred.
 */
export function revenueMonths(invoice: InvoiceForRevenue, tz: string): RevenueMonth[] {
  const months = new Map<string, RevenueMonth>();
  const move = (month: string, by: Partial<Record<Account, bigint>>) => {
    const known = months.get(month) ?? emptyMonth(month);
    for (const account of ACCOUNTS) known[account] += by[account] ?? 0n;
    months.set(month, known);
  };
  const { amountMinor, balanceUsedMinor } = invoice;
  move(monthName(dateAt(invoice.invoicedAt, tz)), {
    receivableMinor: amountMinor - balanceUsedMinor,
    customerBalanceMinor: -balanceUsedMinor,
    deferredMinor: amountMinor,
  });
  for (const earned of recogniseByMonth(amountMinor, invoice.period, tz)) {
    move(earned.month, { revenueMinor: earned.amountMinor, deferredMinor: -earned.amountMinor });
  }
  for (const payment of invoice.payments) {
    move(monthName(dateAt(payment.at, tz)), {
      cashMinor: payment.amountMinor,
      receivableMinor: -payment.amountMinor,
    });
  }
  return [...months.values()].sort((one, other) => (one.month < other.month ? -1 : 1));
}

const ACCOUNTS = [
  'receivableMinor',
  'cashMinor',
  'customerBalanceMinor',
  'revenueMinor',
  'deferredMinor',
] as const;
type Account = (typeof ACCOUNTS)[number];

function emptyMonth(month: string): RevenueMonth {
  return {
    month,
    receivableMinor: 0n,
    cashMinor: 0n,
    customerBalanceMinor: 0n,
    revenueMinor: 0n,
    deferredMinor: 0n,
  };
}
