import { DAY } from './calendar.ts';
import type { InvoiceRecord } from './records.ts';
import { fits, inCompany, money, type Owned, type Scope, type Truth, within } from './truth-scope.ts';

export function revenueGross(scope: Scope) {
  const paid = scope.world
    .all('invoices')
    .filter((invoice) => fits(scope, invoice) && within(scope, invoice.paidAt));
  const sum = paid.reduce(
    (total, { total: gross, tax, currency, paidAt }) =>
      total + inCompany(scope, BigInt(gross - tax), currency, paidAt ?? 0),
    0n,
  );
  return { sum, rows: paid.length };
}

function sumCreated(scope: Scope, rows: readonly (Owned & { amount: number; createdAt: number })[]) {
  const kept = rows.filter((row) => fits(scope, row) && within(scope, row.createdAt));
  const sum = kept.reduce(
    (total, row) => total + inCompany(scope, BigInt(row.amount), row.currency, row.createdAt),
    0n,
  );
  return { sum, rows: kept.length };
}

export const refunds = (scope: Scope) =>
  sumCreated(
    scope,
    scope.world.all('refunds').filter(({ status }) => status === 'succeeded'),
  );
export const creditNotes = (scope: Scope) =>
  sumCreated(
    scope,
    scope.world.all('creditNotes').filter(({ status }) => status === 'issued'),
  );

/** Open invoices at the instant; only those due more than so many days before it, where a number is given. */
export function owedInvoices(scope: Scope, lateByDays: number | null) {
  const gone = (at: number | null) => at !== null && at <= scope.at;
  const open = scope.world.all('invoices').filter((invoice: InvoiceRecord) => {
    const { finalizedAt, dueAt, paidAt, voidedAt, uncollectibleAt } = invoice;
    if (!fits(scope, invoice) || finalizedAt === null || finalizedAt > scope.at) return false;
    if (gone(paidAt) || gone(voidedAt) || gone(uncollectibleAt)) return false;
    return lateByDays === null || (dueAt ?? finalizedAt) < scope.at - lateByDays * DAY;
  });
  const sum = open.reduce(
    (total, { amountDue, currency }) => total + inCompany(scope, BigInt(amountDue), currency, scope.at),
    0n,
  );
  return { sum, rows: open.length };
}

export function owed(scope: Scope, onlyOverdue: boolean): Truth {
  const { sum, rows } = owedInvoices(scope, onlyOverdue ? 0 : null);
  return money(sum, rows);
}
