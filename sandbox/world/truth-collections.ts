import { DAY } from './calendar.ts';
import { divideHalfUp } from './money.ts';
import type { ChargeRecord, InvoiceRecord } from './records.ts';
import { owedInvoices, refunds } from './truth-money.ts';
import { untilOf } from './truth-movements.ts';
import { fits, inCompany, money, type Scope, type Truth, within } from './truth-scope.ts';

const chargesIn = (scope: Scope) =>
  scope.world.all('charges').filter((charge) => fits(scope, charge) && within(scope, charge.createdAt));

const sumCharges = (scope: Scope, charges: readonly ChargeRecord[]) =>
  charges.reduce(
    (sum, { amount, currency, createdAt }) => sum + inCompany(scope, BigInt(amount), currency, createdAt),
    0n,
  );

/** What a charge is for: its invoice, or the payment itself. */
const debtOf = ({ invoiceId, paymentIntentId, id }: ChargeRecord) => invoiceId ?? paymentIntentId ?? id;

function collected(scope: Scope): Truth {
  const came = chargesIn(scope).filter(({ status }) => status === 'succeeded');
  const back = refunds(scope);
  return money(sumCharges(scope, came) - back.sum, came.length + back.rows);
}

function recovered(scope: Scope): Truth {
  const came = chargesIn(scope).filter(
    (charge) =>
      charge.status === 'succeeded' &&
      scope.world
        .of('charges', charge.customerId)
        .some(
          (other) =>
            other.status === 'failed' &&
            other.createdAt < charge.createdAt &&
            debtOf(other) === debtOf(charge),
        ),
  );
  return money(sumCharges(scope, came), came.length);
}

const share = (part: number, whole: number, rows: number): Truth => ({
  value: whole === 0 ? null : part / whole,
  unit: 'ratio',
  rows,
});

function failureRate(scope: Scope): Truth {
  const tried = chargesIn(scope).filter(({ status }) => status !== 'pending');
  return share(tried.filter(({ status }) => status === 'failed').length, tried.length, tried.length);
}

function recoveryRate(scope: Scope): Truth {
  const byDebt = new Map<string, ChargeRecord[]>();
  for (const charge of chargesIn(scope)) {
    byDebt.set(debtOf(charge), [...(byDebt.get(debtOf(charge)) ?? []), charge]);
  }
  const failed = [...byDebt.values()].filter((list) => list.some(({ status }) => status === 'failed'));
  const mended = failed.filter((list) => {
    const first = Math.min(...list.filter(({ status }) => status === 'failed').map((one) => one.createdAt));
    return list.some(({ status, createdAt }) => status === 'succeeded' && createdAt > first);
  });
  return share(mended.length, failed.length, failed.length);
}

/** Invoices finalised in [from, to) and not voided before `to`, with what they ask for in the company's currency. */
function billed(scope: Scope, from: number, to: number) {
  return scope.world.all('invoices').flatMap((invoice: InvoiceRecord) => {
    const { finalizedAt, voidedAt, amountDue, currency, paidAt } = invoice;
    if (!fits(scope, invoice) || finalizedAt === null || finalizedAt < from || finalizedAt >= to) return [];
    if (voidedAt !== null && voidedAt < to) return [];
    const asked = Number(inCompany(scope, BigInt(amountDue), currency, finalizedAt));
    return [{ asked, paid: paidAt !== null && paidAt < to }];
  });
}

const sum = (amounts: number[]) => amounts.reduce((so, amount) => so + amount, 0);

function collectionRate(scope: Scope): Truth {
  const rows = billed(scope, scope.start, untilOf(scope));
  const paid = rows.filter((row) => row.paid).map(({ asked }) => asked);
  return share(sum(paid), sum(rows.map(({ asked }) => asked)), rows.length);
}

function dso(scope: Scope): Truth {
  const open = Number(owedInvoices(scope, null).sum);
  const rows = billed(scope, scope.at - 90 * DAY + 1, scope.at + 1);
  const asked = sum(rows.map((row) => row.asked));
  return { value: asked === 0 ? null : (open / asked) * 90, unit: 'days', rows: rows.length };
}

/** Stripe counts in whole seconds. */
const second = (at: number) => Math.floor(at / 1000) * 1000;

function deferred(scope: Scope): Truth {
  let left = 0n;
  let rows = 0;
  for (const invoice of scope.world.all('invoices')) {
    const { paidAt, lines, total, tax, currency } = invoice;
    if (!fits(scope, invoice) || paidAt === null || paidAt > scope.at) continue;
    const spans = lines.filter(
      ({ periodStartAt, periodEndAt }) => second(periodEndAt) > second(periodStartAt),
    );
    const start = Math.min(...spans.map(({ periodStartAt }) => second(periodStartAt)));
    const end = Math.max(...spans.map(({ periodEndAt }) => second(periodEndAt)));
    if (spans.length === 0 || end <= scope.at) continue;
    const still = end - Math.max(scope.at, start);
    const part = divideHalfUp(BigInt(total - tax) * BigInt(still), BigInt(end - start));
    left += inCompany(scope, part, currency, scope.at);
    rows += 1;
  }
  return money(left, rows);
}

const late =
  (days: number) =>
  (scope: Scope): Truth => {
    const owed = owedInvoices(scope, days);
    return money(owed.sum, owed.rows);
  };

export const COLLECTION_TRUTHS: Record<string, (scope: Scope) => Truth> = {
  collections: collected,
  collection_rate: collectionRate,
  dso,
  payment_failure_rate: failureRate,
  recovered_payments: recovered,
  recovery_rate: recoveryRate,
  deferred_revenue: deferred,
  receivables_30: late(30),
  receivables_60: late(60),
  receivables_90: late(90),
};
