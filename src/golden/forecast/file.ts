import { z } from 'zod';

const Measures = z.looseObject({
  smape: z.number().nullish(),
  mase: z.number().nullish(),
  owa: z.number().nullish(),
  cov95: z.number().nullish(),
  msis95: z.number().nullish(),
});

/** Series with what followed them, and what other programs scored on exactly these. */
export const ForecastFile = z.looseObject({
  kind: z.literal('forecast'),
  /** Values a season: 12 for months of a year, 1 for none. */
  frequency: z.int().min(1).max(366),
  horizon: z.int().min(1),
  series: z
    .array(
      z.looseObject({
        id: z.string(),
        train: z.array(z.number()).min(1),
        test: z.array(z.number()).min(1),
      }),
    )
    .min(1),
  reference: z.record(z.string(), Measures).default({}),
});

export type ForecastFile = z.infer<typeof ForecastFile>;
