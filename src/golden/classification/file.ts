import { z } from 'zod';

const Score = z.looseObject({
  auc: z.number().optional(),
  pr_auc: z.number().optional(),
  brier: z.number().optional(),
  log_loss: z.number().optional(),
});

export type ReferenceScore = z.infer<typeof Score>;

/** A set of records to learn from, beside its reference scores. The records are in a CSV file next to this one. */
export const ClassificationFile = z.looseObject({
  kind: z.literal('classification'),
  /** Begins with the name of the CSV file. */
  dataset: z.string().regex(/^[\w.-]+\.csv\b/i, 'must begin with the name of a CSV file'),
  target: z.string().regex(/^.+==.+$/, 'must read COLUMN==VALUE'),
  results: z
    .record(
      z.string(),
      z.looseObject({ pooled_out_of_fold: Score, train_seconds_5_folds: z.number().optional() }),
    )
    .default({}),
  /** The test fold of each row. */
  fold_of_row: z.array(z.int().nonnegative()).min(2),
  /** What the reference learned from: a column's own name, or `COLUMN_LEVEL`. */
  columns: z.array(z.string()).optional(),
});

export type ClassificationFile = z.infer<typeof ClassificationFile>;
