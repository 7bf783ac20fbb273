import { z } from 'zod';

/** What our postings speak of; a company's chart gives each its own code and name. */
export const ACCOUNTS = [
  'bank',
  'stripe_balance',
  'receivable',
  'disputes_held',
  'customer_balance',
  'deferred_revenue',
  'tax_payable',
  'revenue',
  'refunds',
  'credits_granted',
  'fees',
  'bad_debt',
  'dispute_losses',
  'exchange_clearing',
] as const;
export type AccountKey = (typeof ACCOUNTS)[number];

export const AccountKind = z.enum(['asset', 'liability', 'income', 'expense']);

export const Account = z.strictObject({
  key: z.enum(ACCOUNTS),
  code: z.string().regex(/^[A-Za-z0-9.-]{1,10}$/),
  name: z.string().min(1),
  kind: AccountKind,
});
export type Account = z.infer<typeof Account>;

/** Every account once, every code once. */
export const Chart = z.array(Account).superRefine((accounts, context) => {
  const refuse = (message: string) => context.addIssue({ code: 'custom', message });
  for (const key of ACCOUNTS) {
    const count = accounts.filter((account) => account.key === key).length;
    if (count !== 1) refuse(`the account ${key} is there ${count} times, not once`);
  }
  const codes = accounts.map(({ code }) => code);
  const twice = codes.find((code, index) => codes.indexOf(code) !== index);
  if (twice !== undefined) refuse(`two accounts have the code ${twice}`);
});
export type Chart = z.infer<typeof Chart>;

export const DEFAULT_CHART: Chart = [
  { key: 'bank', code: '1000', name: 'Bank', kind: 'asset' },
  { key: 'stripe_balance', code: '1010', name: 'Stripe balance', kind: 'asset' },
  { key: 'receivable', code: '1100', name: 'Accounts receivable', kind: 'asset' },
  { key: 'disputes_held', code: '1150', name: 'Disputed payments', kind: 'asset' },
  { key: 'exchange_clearing', code: '1190', name: 'Currency exchange clearing', kind: 'asset' },
  { key: 'customer_balance', code: '2100', name: 'Customer balances', kind: 'liability' },
  { key: 'deferred_revenue', code: '2200', name: 'Deferred revenue', kind: 'liability' },
  { key: 'tax_payable', code: '2300', name: 'Sales tax and VAT payable', kind: 'liability' },
  { key: 'revenue', code: '4000', name: 'Revenue', kind: 'income' },
  { key: 'refunds', code: '4090', name: 'Refunds', kind: 'income' },
  { key: 'credits_granted', code: '4091', name: 'Credits granted', kind: 'income' },
  { key: 'fees', code: '6000', name: 'Payment fees', kind: 'expense' },
  { key: 'bad_debt', code: '6100', name: 'Bad debt', kind: 'expense' },
  { key: 'dispute_losses', code: '6110', name: 'Lost disputes', kind: 'expense' },
];
