import { z } from 'zod';
import { PriceModel } from '../../domain/billing/price.ts';
import type { Scale } from './amounts.ts';

/** A number of a case, written as text or as a number. */
export const Amount = z
  .union([z.string(), z.number()])
  .transform(String)
  .pipe(z.string().regex(/^-?\d+(?:\.\d+)?$/));

const CaseTier = z.looseObject({
  up_to: Amount.nullable().optional(),
  unit_amount: Amount.optional(),
  rate_percent: Amount.optional(),
  flat_amount: Amount.optional(),
  block_size: Amount.optional(),
  max_blocks: z.number().nullable().optional(),
  block_price: Amount.optional(),
});

/** A price as cases write it. */
export const CasePrice = z.looseObject({
  model: z.string(),
  amount: Amount.optional(),
  unit_amount: Amount.optional(),
  package_size: Amount.optional(),
  package_amount: Amount.optional(),
  free_units: Amount.optional(),
  tiers: z.array(CaseTier).optional(),
  rate_percent: Amount.optional(),
  fixed_per_event: Amount.optional(),
  free_events: z.number().nullable().optional(),
  free_total: Amount.nullable().optional(),
  min_per_event: Amount.nullable().optional(),
  max_per_event: Amount.nullable().optional(),
  minimum_spend: Amount.nullable().optional(),
  maximum_spend: Amount.nullable().optional(),
  included: Amount.optional(),
  /** "minor" where amounts are in minor units. */
  unit: z.string().default('major'),
  currency: z.string().default('USD'),
});

export type CasePrice = z.infer<typeof CasePrice>;
type CaseTier = z.infer<typeof CaseTier>;

/** The price in the product's shape, or why it is none. */
export function readCasePrice(price: CasePrice, scale: Scale): PriceModel | { unsupported: string } {
  const parsed = PriceModel.safeParse(shapeOf(price, scale));
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const where = issue?.path.map(String).join('.') ?? '';
  return { unsupported: `no price model "${price.model}" of this shape (${where}: ${issue?.message})` };
}

function shapeOf(price: CasePrice, { toMinorText }: Scale): object {
  const minor = (amount: string | null | undefined) => (amount == null ? null : toMinorText(amount));
  const { model } = price;
  switch (model) {
    case 'flat':
      return { model, amount: minor(price.amount) };
    case 'per_unit':
      return { model, unitAmount: minor(price.unit_amount) };
    case 'package':
      return {
        model,
        packageSize: price.package_size,
        packageAmount: minor(price.package_amount),
        freeUnits: price.free_units,
      };
    case 'percentage':
      return {
        model,
        ratePercent: price.rate_percent,
        fixedPerEvent: toMinorText(price.fixed_per_event ?? '0'),
        freeEvents: price.free_events ?? null,
        freeTotal: minor(price.free_total),
        minPerEvent: minor(price.min_per_event),
        maxPerEvent: minor(price.max_per_event),
      };
    default:
      return { model, tiers: (price.tiers ?? []).map((tier) => shapeOfTier(model, tier, toMinorText)) };
  }
}

function shapeOfTier(model: string, tier: CaseTier, toMinorText: Scale['toMinorText']): object {
  if (model.endsWith('_blocks')) {
    const { block_size: blockSize, max_blocks: maxBlocks = null, block_price: price = '0' } = tier;
    return { blockSize, maxBlocks, blockAmount: toMinorText(price) };
  }
  const upTo = tier.up_to ?? null;
  const flatAmount = toMinorText(tier.flat_amount ?? '0');
  if (model === 'graduated_percentage') {
    return { upTo: upTo === null ? null : toMinorText(upTo), ratePercent: ratePercentOf(tier), flatAmount };
  }
  return { upTo, unitAmount: toMinorText(tier.unit_amount ?? '0'), flatAmount };
}

/** The unit amount of a percentage tier is its rate as a fraction: a shift of two digits, which dollars share. */
function ratePercentOf({ rate_percent: percent, unit_amount: rate = '0' }: CaseTier): string {
  if (percent !== undefined) return percent;
  const [whole = '0', decimals = ''] = rate.split('.');
  const padded = decimals.padEnd(2, '0');
  return `${whole}${padded.slice(0, 2)}${padded.length > 2 ? `.${padded.slice(2)}` : ''}`;
}
