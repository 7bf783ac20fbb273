import type { Meaning } from './meaning.ts';

/** What the convention texts about periods, discounts, tax and credit notes mean as settings. */
export const INVOICE_MEANINGS: readonly Meaning[] = [
  { means: /\bsecond-based\b|by the second/i, settings: { proration: { by: 'second' } } },
  { means: /\bday-based\b/i, settings: { proration: { by: 'day' } } },
  { means: /30-day (?:fixed )?month|30\/360/i, settings: { proration: { by: 'thirty_day_month' } } },
  { means: /inclusive of the start day/i, settings: { proration: { changeDay: 'new_plan' } } },
  {
    means: /(?:upgrade|change) day is billed on the new plan/i,
    settings: { proration: { by: 'day', changeDay: 'new_plan' } },
  },
  {
    means: /(?:upgrade|change) day (?:is billed|stays) on the old plan/i,
    settings: { proration: { by: 'day', changeDay: 'old_plan' } },
  },
  {
    means: /(\d+) decimals half.up/i,
    settings: ([, digits]) => ({ proration: { shareDigits: Number(digits) } }),
  },
  // Ruby's and Java's half-up turn -0.5 to -1: away from zero.
  { means: /half.up/i, settings: { proration: { rounding: 'half_away' }, rounding: { line: 'half_away' } } },
  {
    means: /maximum.spend (?:discount )?(?:first|before (?:the )?percentage)/i,
    settings: { discounts: { beforeMaximum: false } },
  },
  {
    means: /credits (?:are )?pre-tax|credits before tax/i,
    settings: { credits: { apply: 'before_tax' } },
  },
  {
    means: /credits? (?:notes? )?(?:are )?(?:post-tax|applied after tax)/i,
    settings: { credits: { apply: 'after_tax' } },
  },
  {
    means: /credits? notes? (?:are )?applied before tax/i,
    settings: { credits: { apply: 'before_tax' } },
  },
  { means: /one rounding per rate/i, settings: { tax: { rounding: 'rate' } } },
  { means: /one rounding per line|each line (?:is )?rounded/i, settings: { tax: { rounding: 'line' } } },
  { means: /inclusive tax: round tax/i, settings: { tax: { inclusiveRounds: 'tax' } } },
  { means: /inclusive tax: round net/i, settings: { tax: { inclusiveRounds: 'net' } } },
  {
    means: /credit.note total is the rounded exact sum/i,
    settings: { creditNotes: { total: 'exact_sum' } },
  },
  {
    means: /credit.note total is the sum of (?:the )?rounded/i,
    settings: { creditNotes: { total: 'rounded_parts' } },
  },
  {
    means: /void of (?:a )?paid invoice: allowed/i,
    settings: { voiding: { paidInvoice: 'credit_note' } },
  },
  {
    means: /void of (?:a )?paid invoice: (?:not allowed|refused|impossible)/i,
    settings: { voiding: { paidInvoice: 'refused' } },
  },
  // The scheme itself is in the input.
  { means: /gapless per legal entity/i, settings: {} },
];
