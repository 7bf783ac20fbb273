import { convertMoney } from '../domain/money/arithmetic.ts';
import { dateAt } from '../domain/periods/calendar.ts';
import type { Money } from '../domain/types.ts';
import { UserError } from '../lib/errors.ts';
import type { ToolContext } from './define-tool.ts';

/** Rates are published daily; over a long weekend the last one holds. */
const LOOK_BACK_DAYS = 7;

/** The amount in the company's currency at the rate of the company's day. Throws `not_ready` without a rate. */
export async function inCompanyCurrency(
  amount: Money,
  ctx: Pick<ToolContext, 'company' | 'clock' | 'facts'>,
): Promise<Money> {
  const { currency, tz } = ctx.company;
  if (amount.currency === currency) return amount;
  const today = dateAt(ctx.clock.now(), tz);
  const rates = await ctx.facts.fxRates({
    fromDay: today.subtract({ days: LOOK_BACK_DAYS }).toString(),
    toDay: today.toString(),
  });
  const latest = rates
    .filter((rate) => rate.currency === amount.currency && rate.day <= today.toString())
    .sort((left, right) => (left.day < right.day ? 1 : -1))[0];
  if (latest === undefined) {
    throw new UserError(
      'not_ready',
      `There is no exchange rate of ${amount.currency} for today yet.`,
      'Try again in a while.',
    );
  }
  return convertMoney(amount, currency, latest.rate);
}
