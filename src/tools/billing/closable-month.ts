import { monthNamed } from '../../domain/billing/run/month.ts';
import type { Ports } from '../../domain/ports.ts';
import type { Company, Period } from '../../domain/types.ts';
import type { Clock } from '../../lib/clock.ts';
import { UserError } from '../../lib/errors.ts';

/** The company month "2026-10". Throws `not_ready` for one that is not over, `conflict` for one that is closed. */
export async function closableMonth(
  month: string,
  { company, clock, billing }: { company: Company; clock: Clock; billing: Ports['billing'] },
): Promise<Period> {
  const period = monthNamed(month, company.tz);
  if (period.endAt > clock.now()) {
    throw new UserError('not_ready', `${period.label} is not over yet, so it cannot be closed.`);
  }
  const known = await billing.runs.ofMonth(billing.settings().entity.id, month);
  if (known?.closedAt != null) throw new UserError('conflict', `${period.label} is closed already.`);
  return period;
}
