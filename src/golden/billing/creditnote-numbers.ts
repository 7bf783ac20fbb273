import { z } from 'zod';
import { planNumbers } from '../../domain/billing/numbering.ts';
import { rule } from './rule.ts';

const SCHEMES: Readonly<Record<string, 'per_entity' | 'per_customer'>> = {
  per_customer: 'per_customer',
  per_entity: 'per_entity',
  per_billing_entity: 'per_entity',
};

/** The next numbers. How many are asked for is read from the answer; per customer it is one each. */
export const numbering = rule(
  z.strictObject({
    scheme: z.string(),
    prefix: z.string().min(1),
    month: z
      .string()
      .regex(/^\d{4}-\d{2}$/)
      .default('2026-01'),
    customers: z.array(z.number().int().positive()).optional(),
    nth_invoice: z.number().int().positive().default(1),
    already_numbered: z.number().int().nonnegative().default(0),
  }),
  (input, golden) => {
    const scheme = SCHEMES[input.scheme];
    if (!scheme) return { unsupported: `the numbering "${input.scheme}" is not one this product has` };
    const asked = Array.isArray(golden.expected.numbers) ? golden.expected.numbers.length : 1;
    const customers = input.customers ?? Array.from({ length: asked }, () => 1);
    const invoices = customers.map((customerSequence, index) => ({
      id: String(index).padStart(6, '0'),
      customerSequence,
      finalizedAt: index,
      yearMonth: input.month.replace('-', ''),
      number: null,
    }));
    const before = new Map(customers.map((customer): [number, number] => [customer, input.nth_invoice - 1]));
    const { numbers } = planNumbers(
      invoices,
      { entity: input.already_numbered, customers: before },
      { scheme, prefix: input.prefix },
    );
    return { got: { numbers: invoices.map(({ id }) => numbers.get(id) ?? null) } };
  },
);
