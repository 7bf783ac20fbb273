import { z } from 'zod';

/** The shape of a golden file of kind `survival`. R writes what has no value as null or "NA". */
const Cell = z.union([z.number(), z.string(), z.boolean(), z.null()]);

/** A number, or null where there is none. */
const Value = z
  .union([z.number(), z.null(), z.enum(['NA', 'NaN', 'Inf', '-Inf'])])
  .transform((value) => (typeof value === 'number' ? value : null));

/** One value, or several, alone or each in a list of its own. */
const Values = z
  .union([Value, z.array(z.union([Value, z.array(Value)]))])
  .transform((value) => (Array.isArray(value) ? value.flat() : [value]));

const ByName = z.record(z.string(), Value);
/** Statistic, degrees of freedom, p. */
const Test = z.tuple([z.number(), z.number(), z.number()]);

/** Columns by name, or rows. */
const Dataset = z.union([z.record(z.string(), z.array(Cell)), z.array(z.record(z.string(), Cell))]);

const OfData = { formula: z.string(), data: z.string().optional(), note: z.string().optional() };

export const CoxCase = z.looseObject({
  id: z.string(),
  ...OfData,
  ties: z.string().default('efron'),
  n: z.number().optional(),
  events: z.number().optional(),
  loglik_null: z.number().optional(),
  loglik: z.number().optional(),
  coef: ByName.optional(),
  se: ByName.optional(),
  p: ByName.optional(),
  lr_test: Test.optional(),
  wald: Test.optional(),
  score: Test.optional(),
  concordance: z.number().optional(),
  breslow_or_efron_cumhaz_at_zero_covariates: z
    .object({ time: z.array(z.number()), hazard: z.array(z.number()), last: z.number().optional() })
    .optional(),
  zph_p: ByName.optional(),
  predict: z
    .looseObject({
      newdata: z.record(z.string(), z.array(Cell)),
      times: z.array(z.number()),
      survival: z.array(z.array(z.number())),
    })
    .optional(),
});
export type CoxCase = z.output<typeof CoxCase>;

export const CurveCase = z.looseObject({
  id: z.string(),
  ...OfData,
  conf_type: z.string().default('log'),
  conf_int: z.number().gt(0).lt(1).default(0.95),
  /** The curve each time belongs to; {} where there is one curve. */
  strata: z.union([z.array(z.string()), z.record(z.string(), z.unknown())]).default({}),
  time: z.array(z.number()),
  n_risk: z.array(z.number()).optional(),
  surv: z.array(z.number()).optional(),
  std_err: z.array(Value).optional(),
  lower: z.array(Value).optional(),
  upper: z.array(Value).optional(),
  median: Values.optional(),
  rmean: Values.optional(),
});
export type CurveCase = z.output<typeof CurveCase>;

export const LogRankCase = z.looseObject({
  id: z.string().optional(),
  ...OfData,
  chisq: z.number(),
  df: z.number().optional(),
  p: z.number().optional(),
});
export type LogRankCase = z.output<typeof LogRankCase>;

export const AftCase = z.looseObject({
  id: z.string(),
  ...OfData,
  dist: z.string(),
  n: z.number().optional(),
  coef: ByName.optional(),
  se: ByName.optional(),
  scale: z.number().optional(),
  loglik: z.number().optional(),
});
export type AftCase = z.output<typeof AftCase>;

export const SurvivalFile = z.looseObject({
  tolerance: z.union([z.number().positive(), z.string()]).optional(),
  data: z.record(z.string(), Dataset).default({}),
  cases: z.array(CoxCase).default([]),
  kaplan_meier: z.array(CurveCase).default([]),
  logrank: z.array(LogRankCase).default([]),
  aft: z.array(AftCase).default([]),
});
export type SurvivalFile = z.output<typeof SurvivalFile>;
export type Dataset = z.output<typeof Dataset>;
export type Cell = z.output<typeof Cell>;
