import type { UsageBasis } from '../../domain/billing/run/basis.ts';
import type { LegalEntity } from '../../domain/billing/run/settings.ts';
import { decideTax } from '../../domain/billing/tax/decide-tax.ts';
import type { TaxDecision } from '../../domain/billing/tax/tax-rates.ts';
import { customerMonths } from '../../domain/metrics/quota.ts';
import type { Period } from '../../domain/types.ts';
import type { ToolContext } from '../define-tool.ts';

type Needs = Pick<ToolContext, 'facts' | 'customers' | 'clock' | 'company' | 'billing'>;

/** What customers, or one of them, used in a month against what their plans contain, ready to be calculated. */
export async function monthBases(
  ctx: Needs,
  period: Period,
  customerId: string | null = null,
): Promise<UsageBasis[]> {
  const { facts, company, clock } = ctx;
  const { entity } = ctx.billing.settings();
  const filter = customerId === null ? {} : { customerId };
  const scope = { at: clock.now(), period, nowAt: clock.now(), company, filter, by: null };
  const [months, usage] = [await customerMonths(facts, scope), await facts.customerUsageIn(period, filter)];
  const categories = new Map<string, UsageBasis['categories']>();
  for (const { customerId: id, category, calls } of usage) {
    categories.set(id, [...(categories.get(id) ?? []), { category, calls }]);
  }
  return months.map(({ customer, plan, included, calls, price }) => {
    const taxed = taxOf(entity, customer.customerId, customer.country, period.endAt);
    return {
      entityId: entity.id,
      customerId: customer.customerId,
      customerName: customer.customerName,
      currency: customer.currency,
      plan,
      included,
      perThousand: price,
      calls,
      categories: (categories.get(customer.customerId) ?? []).sort((one, other) =>
        one.category < other.category ? -1 : 1,
      ),
      startAt: period.startAt,
      endAt: period.endAt,
      tz: company.tz,
      rates: taxed.decided ? [...taxed.rates] : [],
      taxMissing: taxed.decided ? null : taxed.missing,
      late: [],
    };
  });
}

function taxOf(entity: LegalEntity, customerId: string, country: string, at: number): TaxDecision {
  const { tax } = entity;
  if (tax.charge === 'none') {
    const rate = {
      name: 'No tax',
      jurisdiction: entity.country,
      ratePercent: '0',
      inclusive: false,
      treatment: 'out_of_scope' as const,
      note: null,
    };
    return { decided: true, rates: [rate], because: 'registered nowhere' };
  }
  const buyer = tax.buyers[customerId];
  return decideTax({
    seller: {
      country: entity.country,
      pricesIncludeTax: tax.prices_include_tax,
      registrations: tax.registrations,
      oneStopShop: tax.one_stop_shop,
      belowConsumerThreshold: tax.below_consumer_threshold,
    },
    buyer: {
      country,
      region: buyer?.region ?? null,
      business: buyer?.business ?? true,
      taxId: buyer?.tax_id ?? null,
      exempt: buyer?.exempt ?? false,
    },
    productCode: 'electronic_service',
    // The last instant of the period: the day the service was complete.
    at: at - 1,
  });
}
