import { z } from 'zod';
import { UserError } from '../../lib/errors.ts';
import { type MrrPolicy, RATE_OF_DAY, STRIPE_POLICY } from './policy.ts';
import { PRESET_NAMES, PRESETS, type PresetName } from './presets.ts';

/** The rules in force: a vendor's, with single knobs on top. */
export interface MrrSetting {
  preset: PresetName;
  policy: MrrPolicy;
  /** The knobs that differ from the preset, in words: "discounts=include". */
  differs: readonly string[];
}

const wholeOrNone = z.int().nonnegative().nullable();

const knobs = z.strictObject({
  discounts: z.enum(['forever_only', 'include', 'recurring_only', 'exclude', 'future_value']),
  trials: z.enum(['exclude', 'include']),
  churnAt: z.enum(['cancel', 'service_period_end', 'on_schedule']),
  pastDueDays: wholeOrNone,
  reactivationDays: wholeOrNone,
  groupingMinutes: wholeOrNone,
  sameMonthNewAndChurn: z.enum(['both', 'neither']),
  pause: z.enum(['churn', 'contraction', 'keep']),
  metered: z.enum(['exclude', 'include']),
  freeCustomers: z.enum(['churn', 'contraction']),
  newWhen: z.enum(['start', 'first_invoice_paid']),
  fx: z.union([
    z.literal(RATE_OF_DAY),
    z.iso.date('write rate_of_day, or the day whose rates hold, like 2026-01-02'),
  ]),
}) satisfies z.ZodType<MrrPolicy>;

const settingSchema = knobs
  .partial()
  .extend({ preset: z.enum(PRESET_NAMES).default('stripe') })
  .transform(({ preset, ...changes }) => settingOf(preset, changes));

const DISCOUNT_RATE = 10;

/** The `metrics:` section of policy.yml. */
export const metricSettings = z.strictObject({
  mrr: settingSchema.prefault({}),
  /** Percent of revenue that is left after what it costs to serve; lifetime value is made of it. */
  grossMargin: z.number().gt(0).max(100).default(100),
  /** What else lifetime value is made of. */
  lifetime: z
    .strictObject({
      /** Percent a year by which money that comes later is worth less. */
      discountRate: z.number().min(0).max(100).default(DISCOUNT_RATE),
      /** What winning one customer costs, by channel, in units of the company's currency. */
      acquisitionCost: z.record(z.string(), z.number().nonnegative()).default({}),
    })
    .optional(),
});
export type MetricSettings = z.output<typeof metricSettings>;

/** The settings of lifetime value, where the file has none: 10% a year, and no known cost of winning anybody. */
export function lifetimeSettings({ lifetime }: MetricSettings): NonNullable<MetricSettings['lifetime']> {
  return lifetime ?? { discountRate: DISCOUNT_RATE, acquisitionCost: {} };
}

export const STRIPE_SETTING: MrrSetting = { preset: 'stripe', policy: STRIPE_POLICY, differs: [] };
export const DEFAULT_SETTINGS: MetricSettings = { mrr: STRIPE_SETTING, grossMargin: 100 };

const KNOBS = z.keyof(knobs).options;

/** A preset with knobs on top; what equals the preset anyway does not count as differing. */
export function settingOf(preset: PresetName, changes: Partial<MrrPolicy> = {}): MrrSetting {
  const base = PRESETS[preset].policy;
  const policy = { ...base, ...changes };
  const differs = KNOBS.filter((knob) => policy[knob] !== base[knob]).map(
    (knob) => `${knob}=${policy[knob]}`,
  );
  return { preset, policy, differs };
}

/** "Stripe", "ChartMogul with pastDueDays=30". */
export function nameOf({ preset, differs }: MrrSetting): string {
  const { title } = PRESETS[preset];
  return differs.length === 0 ? title : `${title} with ${differs.join(', ')}`;
}

/**
 * In a definition: the rules in force, and each knob in which they differ from the default, which is Stripe's.
 * "Stripe: active and past due count, ... (the default)".
 */
export function describeInForce(setting: MrrSetting): string {
  const { policy } = setting;
  const differs = KNOBS.filter((knob) => policy[knob] !== STRIPE_POLICY[knob]);
  const against =
    differs.length === 0
      ? 'the default'
      : `differs from the default in ${differs.map((knob) => `${knob}=${policy[knob]}`).join(', ')}`;
  return `${describeSetting(setting)} (${against})`;
}

/** For a receipt: whose rules, which knobs differ, and where Stripe's rule stands in for one the vendor does not publish. */
export function describeSetting(setting: MrrSetting): string {
  const { unsettled } = PRESETS[setting.preset];
  const changed = new Set(setting.differs.map((knob) => knob.split('=')[0]));
  const open = unsettled.filter((rule) => !changed.has(KNOB_OF[rule]));
  const stands =
    open.length === 0 ? '' : `; Stripe's rule where none is published: ${open.join(', ').replace('_', ' ')}`;
  return `${nameOf(setting)}: ${rulesOf(setting.policy)}${stands}`;
}

const KNOB_OF = {
  discounts: 'discounts',
  past_due: 'pastDueDays',
  pause: 'pause',
  metered: 'metered',
  reactivation: 'reactivationDays',
} as const;

const DISCOUNTS: Readonly<Record<MrrPolicy['discounts'], string>> = {
  forever_only: 'discounts only when forever',
  include: 'discounts while they last',
  recurring_only: 'discounts that span more than one bill',
  exclude: 'no discounts',
  future_value: 'what is due once finite discounts are over',
};

const ENDS: Readonly<Record<MrrPolicy['churnAt'], string>> = {
  cancel: 'lost when the subscription ends',
  service_period_end: 'lost when the paid period ends',
  on_schedule: 'lost when the end is announced',
};

function rulesOf(policy: MrrPolicy): string {
  return [
    policy.pastDueDays === null
      ? 'active and past due count'
      : `past due counts for ${policy.pastDueDays} days`,
    DISCOUNTS[policy.discounts],
    policy.trials === 'exclude' ? 'no trials' : 'trials at full price',
    ENDS[policy.churnAt],
    ...(policy.sameMonthNewAndChurn === 'neither' ? ['nothing of who came and left within a month'] : []),
    ...(policy.fx === RATE_OF_DAY ? [] : [`at the rates of ${policy.fx}`]),
    'no tax',
  ].join(', ');
}

/**
 * Reads "chartmogul", "pastDueDays=30" or several separated by commas, on top of `base`.
 * Throws `invalid_input` naming what is wrong and what there is.
 */
export function parseSetting(text: string, base: MrrSetting): MrrSetting {
  let preset: PresetName | null = null;
  const changes: Record<string, string | number | null> = {};
  for (const part of text.split(',').map((one) => one.trim())) {
    const [name = '', value] = part.split('=').map((one) => one.trim());
    if (value === undefined) preset = presetNamed(name);
    else changes[knobNamed(name)] = knobValue(value);
  }
  const parsed = knobs.partial().safeParse(changes);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new UserError(
      'invalid_input',
      `${issue?.path.join('.') ?? text}: ${issue?.message ?? 'not a setting'}.`,
    );
  }
  if (preset !== null) return settingOf(preset, parsed.data);
  return settingOf(base.preset, { ...base.policy, ...parsed.data });
}

function presetNamed(name: string): PresetName {
  const found = PRESET_NAMES.find((known) => known === name.toLowerCase());
  if (found) return found;
  throw new UserError(
    'invalid_input',
    `I know no rules called "${name.slice(0, 40)}".`,
    `There are ${PRESET_NAMES.join(', ')}, and single rules like pastDueDays=30.`,
  );
}

function knobNamed(name: string): string {
  const found = KNOBS.find((known) => known.toLowerCase() === name.replace(/[_-]/g, '').toLowerCase());
  if (found) return found;
  throw new UserError(
    'invalid_input',
    `There is no rule "${name.slice(0, 40)}".`,
    `There are ${KNOBS.join(', ')}.`,
  );
}

function knobValue(text: string): string | number | null {
  if (text === 'null' || text === 'none') return null;
  return /^\d+$/.test(text) ? Number(text) : text;
}
