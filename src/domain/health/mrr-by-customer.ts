import { calculateMetric } from '../metrics/calculate.ts';
import type { MetricFacts } from '../metrics/facts.ts';
import type { Company, Money } from '../types.ts';

/** What customers pay a month at `nowAt`, in the company's currency; who pays nothing is not in it. One or all of them. */
export async function mrrByCustomer(
  { facts, company, nowAt }: { facts: MetricFacts; company: Company; nowAt: number },
  customerId?: string,
): Promise<ReadonlyMap<string, Money>> {
  const filter = customerId === undefined ? {} : { customerId };
  const request = { period: null, nowAt, company, filter, by: 'customer' as const };
  const { groups } = await calculateMetric('mrr', request, facts);
  return new Map(
    (groups ?? []).flatMap(({ key, value }) =>
      key === null || value === null ? [] : [[key, { minor: value, currency: company.currency }] as const],
    ),
  );
}
