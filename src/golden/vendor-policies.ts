import { type MrrPolicy, STRIPE_POLICY } from '../domain/mrr/policy.ts';
import { PRESET_NAMES, PRESETS, type Preset, type Rule } from '../domain/mrr/presets.ts';

/** Rule sets that only the cases speak of, beside the vendors'. */
const OTHERS: ReadonlyMap<string, RuleSet> = new Map<string, RuleSet>([
  ['regression', PRESETS.stripe],
  ['committed_mrr', { policy: { ...STRIPE_POLICY, discounts: 'future_value' }, unsettled: [] }],
]);

type RuleSet = Pick<Preset, 'policy' | 'unsettled'>;

function presetNamed(vendor: string): RuleSet | undefined {
  const name = PRESET_NAMES.find((known) => known === vendor);
  return name ? PRESETS[name] : OTHERS.get(vendor);
}

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
  const preset = presetNamed(vendor);
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
