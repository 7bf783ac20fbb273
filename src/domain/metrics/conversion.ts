import { UserError } from '../../lib/errors.ts';
import { convertMoney } from '../money/arithmetic.ts';
import { dayNameAt } from '../periods/calendar.ts';
import type { Company, Money } from '../types.ts';
import type { MetricFacts } from './facts.ts';

export interface DatedMoney {
  money: Money;
  /** The instant whose company day gives the rate. */
  at: number;
}

/**
 * Each amount in the company's currency at the published rate of the company day of its own instant, rounded half
 * up one by one. Throws `not_ready` when a day has no rate: a rate is never guessed from another day.
 */
export async function convertAll(
  facts: MetricFacts,
  company: Company,
  amounts: readonly DatedMoney[],
): Promise<Money[]> {
  return (await convertAtRates(facts, company, amounts)).map(({ money }) => money);
}

/** As `convertAll`, each amount with the rate it was converted at; "1" of the company's own currency. */
export async function convertAtRates(
  facts: MetricFacts,
  company: Company,
  amounts: readonly DatedMoney[],
): Promise<{ money: Money; rate: string }[]> {
  const foreign = amounts.filter((amount) => amount.money.currency !== company.currency);
  if (foreign.length === 0) return amounts.map(({ money }) => ({ money, rate: '1' }));
  const rates = await loadRates(facts, company, foreign);
  return amounts.map(({ money, at }) => {
    if (money.currency === company.currency) return { money, rate: '1' };
    const day = dayNameAt(at, company.tz);
    const rate = rates.get(`${day} ${money.currency}`);
    if (rate === undefined) throw missingRate(money.currency, company.currency, day);
    return { money: convertMoney(money, company.currency, rate), rate };
  });
}

async function loadRates(
  facts: MetricFacts,
  company: Company,
  foreign: readonly DatedMoney[],
): Promise<Map<string, string>> {
  let firstAt = Number.POSITIVE_INFINITY;
  let lastAt = Number.NEGATIVE_INFINITY;
  for (const { at } of foreign) {
    firstAt = Math.min(firstAt, at);
    lastAt = Math.max(lastAt, at);
  }
  const days = { fromDay: dayNameAt(firstAt, company.tz), toDay: dayNameAt(lastAt, company.tz) };
  const rates = await facts.fxRates(days);
  return new Map(rates.map((rate) => [`${rate.day} ${rate.currency}`, rate.rate]));
}

function missingRate(currency: string, into: string, day: string): UserError {
  return new UserError(
    'not_ready',
    `There is no ${currency} to ${into} rate for ${day}, so I cannot add those amounts up.`,
    'Ask again once the exchange rates of that day have arrived, or ask for one currency that needs none.',
  );
}
