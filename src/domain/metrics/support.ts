import { countOne } from './customers.ts';
import { CUSTOMER_TRAITS } from './facts.ts';
import { type Metric, sumAmounts } from './metric.ts';

export const ticketsOpen: Metric = {
  name: 'tickets_open',
  title: 'Open tickets',
  words: 'Tickets opened by the instant and not closed by it.',
  version: 1,
  unit: 'count',
  grain: 'one ticket',
  kind: 'snapshot',
  additivity: 'snapshot',
  owner: 'success',
  sources: ['supabase'],
  dimensions: ['customer', ...CUSTOMER_TRAITS, 'currency'],
  synonyms: [
    'open tickets',
    'tickets open',
    'tickets',
    'support tickets',
    'open support tickets',
    'ticket count',
    'ticket backlog',
    'support load',
  ],
  narrows: true,
  measure: async (facts, { at, filter }) => {
    const rows = await facts.ticketsOpenAt(at, filter);
    return { contributions: rows.map((row) => countOne(row)), rows: rows.length, notes: [] };
  },
  total: sumAmounts,
};

export const SUPPORT_METRICS: readonly Metric[] = [ticketsOpen];
