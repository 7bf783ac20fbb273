import { type MrrPolicy, STRIPE_POLICY } from '../domain/mrr/policy.ts';

/** A rule that can decide a case. One a vendor's published pages do not settle for us is listed as unsettled. */
export type Rule = 'discounts' | 'past_due' | 'pause' | 'metered' | 'reactivation';

interface Preset {
  policy: MrrPolicy;
  /** Rules we have not established for the vendor: a case that turns on one is not answered. */
  unsettled: readonly Rule[];
}

/** Each vendor's rule set, as its documentation words it. */
const PRESETS: ReadonlyMap<string, Preset> = new Map([
  ['stripe', { policy: STRIPE_POLICY, unsettled: [] }],
  ['regression', { policy: STRIPE_POLICY, unsettled: [] }],
  ['committed_mrr', { policy: { ...STRIPE_POLICY, discounts: 'future_value' }, unsettled: [] }],
  [
    'chartmogul',
    {
      policy: { ...STRIPE_POLICY, discounts: 'include', groupingMinutes: 60, freeCustomers: 'contraction' },
      unsettled: ['pause', 'metered'],
    },
  ],
  [
    'baremetrics',
    {
      policy: { ...STRIPE_POLICY, discounts: 'include', pastDueDays: 30, freeCustomers: 'churn' },
      unsettled: ['pause', 'metered'],
    },
  ],
  [
    'profitwell',
    {
      policy: {
        ...STRIPE_POLICY,
        discounts: 'include',
        churnAt: 'service_period_end',
        pause: 'contraction',
      },
      unsettled: ['past_due', 'metered'],
    },
  ],
  [
    'maxio',
    {
      policy: { ...STRIPE_POLICY, reactivationDays: 90 },
      unsettled: ['discounts', 'past_due', 'pause', 'metered'],
    },
  ],
  [
    'chargebee',
    {
      policy: { ...STRIPE_POLICY, discounts: 'recurring_only' },
      unsettled: ['past_due', 'pause', 'metered', 'reactivation'],
    },
  ],
] satisfies [string, Preset][]);

type Setting = (policy: MrrPolicy, value: unknown) => { policy: Partial<MrrPolicy>; settles?: Rule } | null;

function choice<T>(values: ReadonlyMap<unknown, T>, apply: (value: T) => ReturnType<Setting>): Setting {
  return (_policy, value) => {
    const known = values.get(value);
    return known === undefined ? null : apply(known);
  };
}

function whole(apply: (value: number, policy: MrrPolicy) => ReturnType<Setting>): Setting {
  return (policy, value) =>
    typeof value === 'number' && Number.isInteger(value) && value >= 0 ? apply(value, policy) : null;
}

const BILLS = new Map<unknown, MrrPolicy['churnAt']>([
  ['billing_system', 'cancel'],
  ['cancel', 'cancel'],
  ['service_period_end', 'service_period_end'],
  ['on_schedule', 'on_schedule'],
]);

const DISCOUNTS = new Map<unknown, MrrPolicy['discounts']>([
  ['forever_only', 'forever_only'],
  ['include', 'include'],
  ['exclude', 'exclude'],
  ['future_value', 'future_value'],
]);

/** How the settings a case may carry change its vendor's rule set. */
const SETTINGS: ReadonlyMap<string, Setting> = new Map<string, Setting>([
  ['churn_recognition', choice(BILLS, (churnAt) => ({ policy: { churnAt } }))],
  ['discounts', choice(DISCOUNTS, (discounts) => ({ policy: { discounts }, settles: 'discounts' }))],
  [
    'past_due_handling',
    (policy, value) => {
      if (value === 'keep') return { policy: { pastDueDays: null }, settles: 'past_due' };
      if (value !== 'auto_churn') return null;
      return { policy: { pastDueDays: policy.pastDueDays ?? 30 }, settles: 'past_due' };
    },
  ],
  ['past_due_days', whole((pastDueDays) => ({ policy: { pastDueDays }, settles: 'past_due' }))],
  [
    'reactivation_window_days',
    whole((reactivationDays) => ({ policy: { reactivationDays }, settles: 'reactivation' })),
  ],
  ['grouping_window_minutes', whole((groupingMinutes) => ({ policy: { groupingMinutes } }))],
  [
    'free_customer_handling',
    choice(
      new Map<unknown, MrrPolicy['freeCustomers']>([
        ['cancelled', 'churn'],
        ['canceled', 'churn'],
        ['churn', 'churn'],
        ['contraction', 'contraction'],
      ]),
      (freeCustomers) => ({ policy: { freeCustomers } }),
    ),
  ],
  [
    'new_mrr_when',
    choice(
      new Map<unknown, MrrPolicy['newWhen']>([
        ['initial_invoice_fully_paid', 'first_invoice_paid'],
        ['subscription_start', 'start'],
        ['start', 'start'],
      ]),
      (newWhen) => ({ policy: { newWhen } }),
    ),
  ],
  [
    'metered',
    choice(
      new Map<unknown, MrrPolicy['metered']>([
        ['include', 'include'],
        ['exclude', 'exclude'],
      ]),
      (metered) => ({ policy: { metered }, settles: 'metered' }),
    ),
  ],
  [
    'pause',
    choice(
      new Map<unknown, MrrPolicy['pause']>([
        ['churn', 'churn'],
        ['contraction', 'contraction'],
        ['keep', 'keep'],
      ]),
      (pause) => ({ policy: { pause }, settles: 'pause' }),
    ),
  ],
  ['mrr_mode', choice(new Map<unknown, true>([['regular', true]]), () => ({ policy: {} }))],
]);

export type ResolvedPolicy = { policy: MrrPolicy; unsettled: ReadonlySet<Rule> } | { unsupported: string };

/** A case's policy by its vendor and settings, never by its id. */
export function resolvePolicy(raw: { vendor: string; [setting: string]: unknown }): ResolvedPolicy {
  const { vendor, ...settings } = raw;
  const preset = PRESETS.get(vendor);
  if (!preset) return { unsupported: `the rule set of "${vendor}" is not one this product has` };
  let policy = preset.policy;
  const unsettled = new Set<Rule>(preset.unsettled);
  for (const [name, value] of Object.entries(settings)) {
    const setting = SETTINGS.get(name);
    const applied = setting?.(policy, value);
    if (!applied) {
      return { unsupported: `the setting ${name}=${JSON.stringify(value)} is not one this product has` };
    }
    policy = { ...policy, ...applied.policy };
    if (applied.settles) unsettled.delete(applied.settles);
  }
  return { policy, unsettled };
}
