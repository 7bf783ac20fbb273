import { z } from 'zod';
import { metricSettings } from '../mrr/setting.ts';
import { ROLES, SCOPES } from '../types.ts';
import { alertRules } from './alert-rules.ts';
import { parseAmount } from './amount.ts';
import { modelRules } from './model-rules.ts';
import { recoveryRules } from './recovery-rules.ts';

const UNITS = { m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** "30m", "4h", "2d" -> milliseconds. */
const duration = z
  .string()
  .regex(/^\d+[mhd]$/, 'write a duration like 30m, 4h or 2d')
  .transform((text) => {
    const unit = text.endsWith('m') ? UNITS.m : text.endsWith('h') ? UNITS.h : UNITS.d;
    return Number(text.slice(0, -1)) * unit;
  });

const role = z.enum(ROLES);
const timeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'write a time of day like 08:00');

/** Amounts are in the policy's currency; turned into minor units once that is known. */
const amountText = z.union([z.string(), z.number().nonnegative()]).transform(String);

const timing = z.strictObject({
  expires_after: duration,
  remind_after: duration,
  /** The last word before it expires. */
  remind_before_expiry: duration,
  escalate_after: duration,
  escalate_to: z.array(role).min(1),
});

const band = z.strictObject({
  /** Absent: any amount, and plans without one. */
  up_to: amountText.optional(),
  approvers: z.array(role).min(1),
  approvals: z.union([z.literal(1), z.literal(2)]).default(1),
  self_approval: z.boolean().default(false),
  typed_amount: z.boolean().default(false),
});

const toolRule = z.strictObject({
  bands: z.array(band).min(1),
  /** What a founder with nobody else to ask may approve alone; absent: nothing. */
  alone: z.strictObject({ up_to: amountText }).optional(),
  /** Different customers one requester may touch with this tool in a company day. */
  max_customers: z.number().int().positive(),
  timing: timing.partial().optional(),
});

/** What a schedule may do, as which roles, and where it speaks. */
const scheduleRule = z.strictObject({
  on: z.boolean(),
  roles: z.array(role).default([]),
  /** A channel by its name, without the #. */
  channel: z.string().trim().min(1).optional(),
});
export type ScheduleRule = z.output<typeof scheduleRule>;

const roleRule = z.strictObject({
  groups: z.array(z.string()).default([]),
  emails: z.array(z.string()).default([]),
});

const fileSchema = z.strictObject({
  version: z.literal(1),
  currency: z.string().regex(/^[A-Z]{3}$/, 'write a currency code like USD'),
  stopped: z.boolean(),
  roles: z.strictObject({
    founder: roleRule,
    finance: roleRule,
    success: roleRule,
    analyst: roleRule,
  }),
  scopes: z.strictObject({
    founder: scopes(),
    finance: scopes(),
    success: scopes(),
    analyst: scopes(),
    viewer: scopes(),
    guest: scopes(),
  }),
  quiet_hours: z.strictObject({ from: timeOfDay, to: timeOfDay }).nullable(),
  timing: timing.extend({ remind_before_expiry: duration.prefault('1h') }),
  schedules: z.record(z.string(), scheduleRule).default({}),
  tools: z.record(z.string(), toolRule),
  alerts: alertRules,
  metrics: metricSettings.prefault({}),
  models: modelRules,
  recovery: recoveryRules.prefault({}),
});

function scopes() {
  return z
    .union([z.literal('all'), z.array(z.enum(SCOPES))])
    .transform((value) => (value === 'all' ? [...SCOPES] : value));
}

/** policy.yml as parsed: amounts in minor units of `currency`, durations in milliseconds, bands ascending. */
export const policySchema = fileSchema.transform((file, ctx) => {
  const minor = (text: string, path: (string | number)[]): number => {
    const amount = parseAmount(text, file.currency);
    if (amount === null) {
      ctx.addIssue({ code: 'custom', message: `not an amount in ${file.currency}: "${text}"`, path });
    }
    return amount?.minor ?? 0;
  };
  const tools = Object.entries(file.tools).map(([name, rule]) => {
    const bands = rule.bands.map((one, index) => ({
      ...one,
      upToMinor: one.up_to === undefined ? null : minor(one.up_to, ['tools', name, 'bands', index, 'up_to']),
    }));
    for (const [index, one] of bands.entries()) {
      const previous = bands[index - 1];
      if (previous === undefined) continue;
      const grows =
        previous.upToMinor !== null && (one.upToMinor === null || one.upToMinor > previous.upToMinor);
      if (!grows) {
        ctx.addIssue({
          code: 'custom',
          message: 'every band must go higher than the one before it',
          path: ['tools', name, 'bands', index, 'up_to'],
        });
      }
    }
    const aloneUpToMinor =
      rule.alone === undefined ? null : minor(rule.alone.up_to, ['tools', name, 'alone', 'up_to']);
    return [
      name,
      { bands, aloneUpToMinor, maxCustomers: rule.max_customers, timing: { ...file.timing, ...rule.timing } },
    ] as const;
  });
  return { ...file, tools: Object.fromEntries(tools) };
});

export type Policy = z.output<typeof policySchema>;
export type ToolRule = Policy['tools'][string];
export type Band = ToolRule['bands'][number];

/** Says in one line what is wrong with a policy and where. */
export function policyProblem(error: z.ZodError): string {
  return error.issues
    .slice(0, 3)
    .map((issue) => `${issue.path.length > 0 ? issue.path.join('.') : 'the file'}: ${issue.message}`)
    .join('; ');
}
