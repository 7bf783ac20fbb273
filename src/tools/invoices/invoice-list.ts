import { z } from 'zod';
import type { InvoiceState } from '../../domain/ports.ts';
import { customerInput, limitInput, periodInput } from '../inputs.ts';
import { amountInput, excludeInput, whereInput } from '../list-filters.ts';

/** What invoices are listed by. */
export const STATES = ['open', 'overdue', 'paid', 'draft', 'void', 'uncollectible'] as const;

export const input = z.strictObject({
  customer: customerInput.optional(),
  state: z.enum(STATES).optional().describe('open: not paid yet, overdue ones included'),
  period: periodInput.optional().describe('When they were created, as words or START/END'),
  order: z.enum(['oldest', 'newest', 'largest']).optional(),
  limit: limitInput.optional(),
  amount: amountInput,
  minDaysOverdue: z.int().optional(),
  maxDaysOverdue: z.int().optional(),
  where: whereInput,
  exclude: excludeInput,
});

export function isUnpaid(state: InvoiceState | undefined): boolean {
  return state === 'open' || state === 'overdue';
}

/** "Overdue invoices, Acme Robotics". */
export function titleOf({
  state,
  customer,
  narrowed,
}: {
  state: InvoiceState | null;
  customer: string | null;
  narrowed?: string | undefined;
}): string {
  const kind =
    state === 'open'
      ? 'Unpaid invoices'
      : state
        ? `${state[0]?.toUpperCase()}${state.slice(1)} invoices`
        : 'Invoices';
  return [kind, customer, narrowed].filter(Boolean).join(', ');
}
