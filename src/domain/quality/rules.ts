import type { SourceName } from '../types.ts';
import type { QualityCheckName } from './check.ts';

/** Something every row should be; how many are not is counted by the store. */
export interface QualityRule {
  source: SourceName;
  check: Extract<QualityCheckName, 'nulls' | 'duplicates' | 'references' | 'reconciliation'>;
  /** What is counted: "payments". */
  of: string;
  /** What is wrong with one, and with several: "names a customer nobody knows". */
  wrong: readonly [string, string];
  /** The other sources it takes to tell. */
  needs: readonly SourceName[];
  /** Money that has to be the same to the cent: a single one that is not makes every answer doubtful. */
  exact?: true;
}

const UNKNOWN_CUSTOMER = ['names a customer nobody knows', 'name a customer nobody knows'] as const;

function rule(
  source: SourceName,
  check: QualityRule['check'],
  of: string,
  wrong: QualityRule['wrong'],
  needs: readonly SourceName[] = [],
): QualityRule {
  return { source, check, of, wrong, needs };
}

function exactly(of: string, wrong: QualityRule['wrong']): QualityRule {
  return { ...rule('stripe', 'reconciliation', of, wrong), exact: true };
}

/** Every rule by its id. */
export const QUALITY_RULES = {
  invoices_without_dates: rule('stripe', 'nulls', 'invoices', [
    'lacks the number or date its status demands',
    'lack the number or date their status demands',
  ]),
  subscriptions_without_end: rule('stripe', 'nulls', 'subscriptions', [
    'is cancelled but has no end',
    'are cancelled but have no end',
  ]),
  failures_without_reason: rule('stripe', 'nulls', 'failed payments', ['gives no reason', 'give no reason']),
  invoice_numbers_twice: rule('stripe', 'duplicates', 'invoices', [
    'shares its number with another',
    'share their number with another',
  ]),
  invoices_paid_twice: rule('stripe', 'duplicates', 'paid invoices', [
    'was paid more than once',
    'were paid more than once',
  ]),
  payments_of_nobody: rule('stripe', 'references', 'payments', UNKNOWN_CUSTOMER, ['psizero']),
  invoices_of_nobody: rule('stripe', 'references', 'invoices', UNKNOWN_CUSTOMER, ['psizero']),
  subscriptions_of_nobody: rule('stripe', 'references', 'subscriptions', UNKNOWN_CUSTOMER, ['psizero']),
  payments_of_no_invoice: rule('stripe', 'references', 'payments', [
    'names an invoice that is not here',
    'name an invoice that is not here',
  ]),
  refunds_of_nothing: rule('stripe', 'references', 'refunds', [
    'names a payment that is not here',
    'name a payment that is not here',
  ]),
  credit_notes_of_nothing: rule('stripe', 'references', 'credit notes', [
    'names an invoice that is not here',
    'name an invoice that is not here',
  ]),
  movements_of_nothing: rule('stripe', 'references', "movements of Stripe's balance", [
    'names a payment or refund that is not here',
    'name a payment or refund that is not here',
  ]),
  invoices_not_as_lines: exactly('invoices', [
    'is not the sum of its lines, discounts and tax',
    'are not the sum of their lines, discounts and tax',
  ]),
  invoices_not_as_paid: exactly('paid invoices', [
    'does not add up with its payments',
    'do not add up with their payments',
  ]),
  payments_not_in_balance: exactly('payments', [
    "is not in Stripe's balance with its amount",
    "are not in Stripe's balance with their amounts",
  ]),
  refunds_not_in_balance: exactly('refunds', [
    "is not in Stripe's balance with its amount",
    "are not in Stripe's balance with their amounts",
  ]),
  movements_not_net: exactly("movements of Stripe's balance", [
    'is not its amount less its fee',
    'are not their amount less their fee',
  ]),
  balances_not_as_moved: exactly('currencies', [
    'has a balance at Stripe that is not the sum of its movements',
    'have a balance at Stripe that is not the sum of their movements',
  ]),
  closed_tickets_without_date: rule('supabase', 'nulls', 'tickets', [
    'is closed without a date, or has one while open',
    'are closed without a date, or have one while open',
  ]),
  ratings_without_date: rule('supabase', 'nulls', 'rated tickets', [
    'has no date of its rating, or no mark',
    'have no date of their rating, or no mark',
  ]),
  profiles_without_address: rule('supabase', 'nulls', 'user profiles', [
    'has no e-mail address',
    'have no e-mail address',
  ]),
  profiles_twice: rule('supabase', 'duplicates', 'user profiles', [
    'stands there twice',
    'stand there twice',
  ]),
  tickets_twice: rule('supabase', 'duplicates', 'tickets', ['stands there twice', 'stand there twice']),
  versions_at_once: rule('supabase', 'duplicates', 'subscriptions', [
    'has two versions in force at once',
    'have two versions in force at once',
  ]),
  tickets_of_nobody: rule('supabase', 'references', 'tickets', UNKNOWN_CUSTOMER, ['psizero']),
  profiles_of_nobody: rule('supabase', 'references', 'user profiles', UNKNOWN_CUSTOMER, ['psizero']),
  versions_of_nobody: rule('supabase', 'references', 'subscription versions', UNKNOWN_CUSTOMER, ['psizero']),
  versions_not_as_stripe: rule(
    'supabase',
    'reconciliation',
    'subscriptions',
    ['differs from Stripe', 'differ from Stripe'],
    ['stripe'],
  ),
  customers_without_name: rule('psizero', 'nulls', 'customers', [
    'lacks a name, an address or a currency',
    'lack a name, an address or a currency',
  ]),
  customers_twice: rule('psizero', 'duplicates', 'customers', [
    'has the same name and domain as another',
    'have the same name and domain as another',
  ]),
  incidents_twice: rule('psizero', 'duplicates', 'incidents', ['stands there twice', 'stand there twice']),
  usage_of_nobody: rule('psizero', 'references', 'customers with usage', [
    'is a customer nobody knows',
    'are customers nobody knows',
  ]),
  usage_events_refused: rule('psizero', 'references', 'usage events', [
    'was not taken and waits for somebody',
    'were not taken and wait for somebody',
  ]),
  usage_events_not_as_daily: rule('psizero', 'reconciliation', 'days of usage events', [
    'differs from the daily usage',
    'differ from the daily usage',
  ]),
  usage_not_as_served: rule('psizero', 'reconciliation', 'days of usage', [
    'differs from the calls the platform served',
    'differ from the calls the platform served',
  ]),
} as const satisfies Record<string, QualityRule>;

export type QualityRuleId = keyof typeof QUALITY_RULES;
