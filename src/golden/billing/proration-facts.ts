import { z } from 'zod';
import {
  type CreditPlace,
  type DebitState,
  placeProrationCredit,
} from '../../domain/billing/changes/proration-credit.ts';
import { type RevenueMonth, revenueMonths } from '../../domain/billing/revenue/revenue-months.ts';
import { dateAt } from '../../domain/periods/calendar.ts';
import type { Json } from '../../domain/types.ts';
import { Decimal, IsoDate, majorOf, midnight, wholeMinor } from './case-values.ts';
import { rule } from './rule.ts';

const DEBITS: Readonly<Record<string, DebitState>> = {
  pending: 'pending',
  'invoiced-unpaid': 'invoiced_unpaid',
  paid: 'paid',
};

const PLACES: Readonly<Record<CreditPlace, string>> = {
  same_invoice: 'debit and credit on the same invoice',
  next_invoice: 'credit included on the next invoice',
  deferred_until_paid: 'credit deferred until the debit is paid',
};

/** Where the credit of a proration goes. */
export const creditPlace = rule(z.strictObject({ original_debit_invoice: z.string() }), (input) => {
  const debit = DEBITS[input.original_debit_invoice];
  if (!debit)
    return { unsupported: `the state "${input.original_debit_invoice}" is not one this product has` };
  return { got: { credit: PLACES[placeProrationCredit(debit)] } };
});

const Between = z
  .string()
  .regex(/^\S+\.\.\S+$/)
  .transform((text) => text.split('..'))
  .pipe(z.tuple([IsoDate, IsoDate]));

const Paid = z
  .string()
  .regex(/^\d+(?:\.\d+)? on \d{4}-\d{2}-\d{2}$/)
  .transform((text) => text.split(' on '))
  .pipe(z.tuple([z.string(), IsoDate]));

const ACCOUNTS = {
  receivable: 'receivableMinor',
  cash: 'cashMinor',
  customer_balance: 'customerBalanceMinor',
  revenue: 'revenueMinor',
  deferred: 'deferredMinor',
} as const satisfies Record<string, keyof RevenueMonth>;

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/** What each month moves in each account when an invoice is earned by the day. The last day of a period is in it. */
export const recognisedMonths = rule(
  z.strictObject({
    subscription: Decimal,
    period: Between,
    customer_credit: Decimal.default('0'),
    paid: z.union([Paid, z.array(Paid)]).optional(),
    unit: z.literal('major'),
  }),
  (input, golden) => {
    const [first, last] = input.period;
    const startAt = midnight(first);
    const paid = input.paid === undefined ? [] : isOne(input.paid) ? [input.paid] : input.paid;
    const amountMinor = wholeMinor(input.subscription);
    const credit = wholeMinor(input.customer_credit);
    const months = revenueMonths(
      {
        amountMinor,
        period: { startAt, endAt: midnight(last.add({ days: 1 })) },
        invoicedAt: startAt,
        balanceUsedMinor: credit < amountMinor ? credit : amountMinor,
        payments: paid.map(([amount, day]) => ({ at: midnight(day), amountMinor: wholeMinor(amount) })),
      },
      'UTC',
    );
    const startYear = dateAt(startAt, 'UTC').year;
    return {
      got: Object.fromEntries(
        months.map((month) => {
          const name = monthKey(month.month, startYear);
          return [name, shownAccounts(month, golden.expected[name])];
        }),
      ),
    };
  },
);

function isOne(paid: z.infer<typeof Paid> | z.infer<typeof Paid>[]): paid is z.infer<typeof Paid> {
  return typeof paid[0] === 'string';
}

/** "2026-01" as "jan"; a later year with it, "jan_2027". */
function monthKey(month: string, startYear: number): string {
  const [year = 0, number = 1] = month.split('-').map(Number);
  const name = MONTHS[number - 1] ?? month;
  return year === startYear ? name : `${name}_${year}`;
}

/** The accounts that moved, and those a case asks for. */
function shownAccounts(month: RevenueMonth, expected: Json | undefined): Record<string, Json> {
  const asked = typeof expected === 'object' && expected !== null ? Object.keys(expected) : [];
  return Object.fromEntries(
    Object.entries(ACCOUNTS)
      .filter(([name, account]) => month[account] !== 0n || asked.includes(name))
      .map(([name, account]) => [name, majorOf(month[account])]),
  );
}
