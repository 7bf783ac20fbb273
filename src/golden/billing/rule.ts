import type { z } from 'zod';
import type { Json } from '../../domain/types.ts';
import type { BillingCase } from './file.ts';

export type Answer = { got: Record<string, Json> } | { unsupported: string };

/** One reading of a case: the shape of its input says which rule it asks for. */
export interface Rule {
  /** Null when the input is not of this rule's shape. */
  answer: (golden: BillingCase) => Answer | null;
}

/** A rule for inputs of a shape. */
export function rule<T>(shape: z.ZodType<T>, answer: (input: T, golden: BillingCase) => Answer): Rule {
  return {
    answer: (golden) => {
      const input = shape.safeParse(golden.input);
      return input.success ? answer(input.data, golden) : null;
    },
  };
}
