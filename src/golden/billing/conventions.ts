import { BillingConventions } from '../../domain/billing/conventions.ts';
import {
  CONVENTION_VENDORS,
  type ConventionVendor,
  VENDOR_CONVENTIONS,
} from '../../domain/billing/vendor-conventions.ts';
import type { BillingCase } from './file.ts';
import { INVOICE_MEANINGS } from './invoice-meanings.ts';
import type { Meaning, Settings } from './meaning.ts';

const NOTHING: Settings = {};

/** What each convention text of the cases means as settings. A text may mean several. */
const MEANINGS: readonly Meaning[] = [
  ...INVOICE_MEANINGS,
  {
    means: /zero.usage: first tier flat fee is charged/i,
    settings: { tiers: { zeroUsageFlat: 'charged' } },
  },
  {
    means: /zero.usage: .*\bnot\b.*charged|zero.usage: (?:no lines?|nothing)/i,
    settings: { tiers: { zeroUsageFlat: 'not_charged' } },
  },
  // OpenMeter's calculator of a price's total, as against its lines: every component is rounded, and nothing used is
  // the first tier's flat price.
  {
    means: /rounding per tier component/i,
    settings: { rounding: { tiers: 'each' }, tiers: { zeroUsageFlat: 'charged' } },
  },
  {
    means: /package at zero usage: (?:0|none|no package)/i,
    settings: { tiers: { zeroUsagePackage: 'none' } },
  },
  { means: /package at zero usage: one/i, settings: { tiers: { zeroUsagePackage: 'one' } } },
  // Tiers here begin where the one before ends, which is what adjacent ranges say.
  { means: /range form: adjacent/i, settings: NOTHING },
  { means: /half away from zero/i, settings: { rounding: { line: 'half_away' } } },
  { means: /^half.even|banker/i, settings: { rounding: { line: 'half_even' } } },
  { means: /minor unit differs from iso|exponent source/i, settings: NOTHING },
  {
    means: /correction keeps the original service period/i,
    settings: { lateUsage: { closedPeriod: 'next_invoice_original_period' } },
  },
  {
    means: /correction (?:is )?(?:booked|books?|moves?)\b.*current period/i,
    settings: { lateUsage: { closedPeriod: 'next_invoice_current_period' } },
  },
  { means: /idempotency key: \(source, ?id\)/i, settings: { lateUsage: { dedupeBy: 'source_id' } } },
  {
    means: /idempotency key: \(org\w*, ?subscription, ?transaction_id\)/i,
    settings: { lateUsage: { dedupeBy: 'customer_id', dedupeDays: null } },
  },
  {
    means: /idempotency key includes timestamp/i,
    settings: { lateUsage: { dedupeBy: 'customer_meter_id_time', dedupeDays: null } },
  },
  {
    means: /(?:identifier|transaction.?id|idempoten\w+|dedup\w*)\b.*?(\d+)[ -]?(d(?:ays?)?|h(?:ours?)?)\b/i,
    settings: (match) => ({ lateUsage: { dedupeDays: wholeDays(match) } }),
  },
  {
    means:
      /^(?!.*(?:identifier|transaction.?id|idempoten|dedup))(?=.*(?:accept|back|past|window|late|old)).*?(\d+)[ -]?(?:calendar )?(days?)\b/i,
    settings: (match) => ({ lateUsage: { acceptedDays: wholeDays(match) } }),
  },
  { means: /(?:idempotency|identifier)\b.*\bforever\b/i, settings: { lateUsage: { dedupeDays: null } } },
  { means: /seat-like/i, settings: NOTHING },
  {
    means: /percentage discount (?:first|before maximum)/i,
    settings: { discounts: { beforeMaximum: true } },
  },
];

function wholeDays([, amount = '1', unit]: RegExpExecArray): number {
  const days = unit?.toLowerCase().startsWith('h') ? Number(amount) / 24 : Number(amount);
  return Math.max(1, Math.ceil(days));
}

/** The vendors by what a case's source is called. */
const VENDOR_NAMES: Readonly<Record<ConventionVendor, RegExp>> = {
  lago: /getlago/i,
  openmeter: /openmeter/i,
  killbill: /killbill/i,
  zuora: /zuora/i,
  chargebee: /chargebee/i,
  metronome: /metronome/i,
  stripe: /stripe/i,
};

export type CaseConventions = { conventions: BillingConventions } | { unsupported: string };

/** The rules a case holds under: its source's vendor's, with what its convention text means. Never by its id. */
export function conventionsOf(golden: BillingCase): CaseConventions {
  const settings = golden.convention === undefined ? [] : settingsMeant(golden.convention);
  if (settings === null) {
    return { unsupported: `the convention "${golden.convention}" is not one this product has` };
  }
  const vendor = vendorOf(golden);
  const base: Settings = VENDOR_CONVENTIONS[vendor ?? 'stripe'];
  return { conventions: BillingConventions.parse(settings.reduce(merge, base)) };
}

function vendorOf(golden: BillingCase): ConventionVendor | undefined {
  const { source } = golden;
  return CONVENTION_VENDORS.filter((vendor) => vendor !== 'stripe').find((vendor) =>
    VENDOR_NAMES[vendor].test(source),
  );
}

function settingsMeant(text: string): Settings[] | null {
  const found = MEANINGS.flatMap(({ means, settings }) => {
    const match = means.exec(text);
    if (!match) return [];
    return [typeof settings === 'function' ? settings(match) : settings];
  });
  return found.length === 0 ? null : found;
}

function merge(base: Settings, change: Settings): Settings {
  const groups = Object.entries(change).map(([group, knobs]) => [group, { ...base[group], ...knobs }]);
  return { ...base, ...Object.fromEntries(groups) };
}
