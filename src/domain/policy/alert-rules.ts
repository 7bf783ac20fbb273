import { z } from 'zod';
import { ALERT_KINDS, type AlertKind } from '../alerts/alert.ts';
import { ROLES, type Role } from '../types.ts';

/** Where alerts of a kind go, and who may see them anywhere. */
export interface AlertRule {
  /** A channel's name without #; null sends a DM to everybody with one of the roles. */
  channel: string | null;
  roles: Role[];
}

const DEFAULTS: Readonly<Record<AlertKind, AlertRule>> = {
  payment_failed: { channel: 'finance', roles: ['founder', 'finance', 'success'] },
  usage_drop: { channel: 'customers', roles: ['founder', 'finance', 'success', 'analyst'] },
  account_risk: { channel: 'customers', roles: ['founder', 'finance', 'success', 'analyst'] },
  error_spike: { channel: 'general', roles: ['founder', 'finance', 'success', 'analyst', 'viewer'] },
  source_stale: { channel: 'leadership', roles: ['founder', 'finance', 'analyst'] },
  data_quality: { channel: 'leadership', roles: ['founder', 'finance', 'analyst'] },
  approval_expiring: { channel: 'finance', roles: ['founder', 'finance', 'success'] },
  run_failed: { channel: 'leadership', roles: ['founder', 'finance'] },
};

const rule = z.strictObject({
  channel: z
    .string()
    .regex(/^[^\s#@]+$/, 'write the name of a channel without #')
    .nullable(),
  // Guests are never shown anything internal, whatever stands here.
  roles: z.array(z.enum(ROLES).exclude(['guest'])).min(1),
});

/** The `alerts:` section of policy.yml; a kind that is left out keeps its default. */
export const alertRules = z
  .partialRecord(z.enum(ALERT_KINDS), rule)
  .default({})
  .transform((given): Record<AlertKind, AlertRule> => ({ ...DEFAULTS, ...given }));

/** The kinds somebody with these roles may see. */
export function kindsFor(roles: readonly Role[], rules: Record<AlertKind, AlertRule>): AlertKind[] {
  return ALERT_KINDS.filter((kind) => rules[kind].roles.some((role) => roles.includes(role)));
}
