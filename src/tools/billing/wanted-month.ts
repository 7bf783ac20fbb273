import { monthNamed, monthOf } from '../../domain/billing/run/month.ts';
import { parsePeriod } from '../../domain/periods/parse-period.ts';
import { UserError } from '../../lib/errors.ts';
import type { ToolContext } from '../define-tool.ts';
import { periodOptions } from '../period-options.ts';

/** The company month the words mean. Throws `invalid_input` where they are not one month. */
export async function wantedMonth(words: string | undefined, ctx: ToolContext): Promise<string> {
  const { tz } = ctx.company;
  const said = words ?? 'last month';
  const period = parsePeriod(said, { ...(await periodOptions(ctx, said)), tz });
  const month = monthOf(period.startAt, tz);
  const whole = monthNamed(month, tz);
  if (period.startAt !== whole.startAt || period.endAt > whole.endAt) {
    throw new UserError('invalid_input', `"${said}" is not one month.`, 'Name a month, like October 2026.');
  }
  return month;
}
