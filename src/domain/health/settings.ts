import { z } from 'zod';
import { FEATURES } from './registry.ts';

const share = z.number().min(0).max(1);

const weights = z
  .record(z.string(), share)
  .superRefine((given, ctx) => {
    const known = new Set(FEATURES.map(({ name }) => name));
    for (const name of Object.keys(given)) {
      if (!known.has(name))
        ctx.addIssue({ code: 'custom', message: `there is no feature '${name}'`, path: [name] });
    }
    const sum = Object.values(given).reduce((total, weight) => total + weight, 0);
    if (Math.abs(sum - 1) > 1e-9)
      ctx.addIssue({
        code: 'custom',
        message: `weights must sum to 1, these sum to ${Number(sum.toFixed(6))}`,
      });
  })
  .transform((given) => new Map(Object.entries(given)));

const edge = z.number().gt(0).lt(100);

/** health.yml: what each feature weighs by segment, and where the bands end. */
export const healthSettingsSchema = z
  .strictObject({
    bands: z
      .strictObject({ critical: edge, warning: edge, healthy: edge, margin: z.number().min(0).max(10) })
      .refine(({ critical, warning, healthy }) => critical < warning && warning < healthy, {
        message: 'critical, warning and healthy must ascend',
      })
      .refine(
        ({ critical, warning, healthy, margin }) =>
          2 * margin < Math.min(warning - critical, healthy - warning, 100 - healthy, critical),
        { message: 'margin must be less than half of the narrowest band' },
      ),
    weights: z.record(z.string(), weights).refine((lists) => Object.hasOwn(lists, 'default'), {
      message: 'a list named default is needed',
    }),
  })
  .readonly();

export type HealthSettings = z.output<typeof healthSettingsSchema>;
export type BandSettings = HealthSettings['bands'];

const NO_WEIGHTS: ReadonlyMap<string, number> = new Map();

/** The weights of a segment, by feature. */
export function weightsFor({ weights: lists }: HealthSettings, segment: string): ReadonlyMap<string, number> {
  return lists[segment.toLowerCase()] ?? lists.default ?? NO_WEIGHTS;
}
