import { calculateMetric } from '../../domain/metrics/calculate.ts';
import type { Money } from '../../domain/types.ts';
import type { ToolContext } from '../define-tool.ts';

/** What customers pay a month now, in the company's currency; who pays nothing is not in it. One or all of them. */
export async function mrrByCustomer(
  { facts, company, clock }: Pick<ToolContext, 'facts' | 'company' | 'clock'>,
  customerId?: string,
): Promise<ReadonlyMap<string, Money>> {
  const filter = customerId === undefined ? {} : { customerId };
  const nowAt = clock.now();
  const request = { period: null, nowAt, company, filter, by: 'customer' as const };
  const { groups } = await calculateMetric('mrr', request, facts);
  return new Map(
    (groups ?? []).flatMap(({ key, value }) =>
      key === null || value === null ? [] : [[key, { minor: value, currency: company.currency }] as const],
    ),
  );
}
